"""撤销决定, 纠正决定 and the paper that withdraws another: drafted from what is taken back."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import OrgUnit
from posts.domain.document_numbers import carries_numbers
from posts.domain.draft_facts import Facts, ended
from posts.domain.drafting import BLANK, Case, draft_maker
from posts.models import Conferral, DocumentStatus, OfficialDocument, Revocation


@carries_numbers
def of_revocations(org_unit: OrgUnit) -> Iterator[str]:
    """What was typed when a title was revoked, or a revocation set aside."""
    rows = Revocation.objects.filter(conferral__decision__org_unit=org_unit)
    for pair in rows.values_list("document", "set_aside_document"):
        yield from filter(None, pair)


def _revocation_number(revocation: Revocation, document: OfficialDocument) -> None:
    if document.number and not revocation.document:
        Revocation.objects.filter(pk=revocation.pk, document="").update(document=document.number)
        Conferral.objects.filter(pk=revocation.conferral_id, end_document="").update(end_document=document.number)


@draft_maker(
    "revocation", gettext_lazy("Decision to revoke"), model="posts.Revocation", issued=_revocation_number, order=60
)
def revocation(kept: Revocation) -> Case:
    """撤销决定: the facts, the basis, what is withdrawn, what comes back and by when, the appeal (domain 3.11)."""
    facts, conferral = Facts(), kept.conferral
    campaign = conferral.campaign
    text = [
        _("It was found: %s") % facts.put(pgettext("fact", "finding"), ended(kept.reason)),
        _(
            "According to %(basis)s it is decided to revoke the title “%(honour)s” of %(unit)s, “%(post)s”, with "
            "effect from %(day)s."
        )
        % {
            "basis": facts.basis(campaign),
            "honour": facts.put(pgettext("fact", "title conferred"), conferral.honour),
            "unit": facts.put(pgettext("fact", "unit"), conferral.org_unit.name),
            "post": facts.put(pgettext("fact", "post"), conferral.name),
            "day": facts.put(pgettext("fact", "day of the revocation"), kept.revoked_on),
        },
        *_consequences(kept, facts),
        _("Whoever holds this decision to be wrong may state his case to %s.")
        % facts.put(pgettext("fact", "deciding body"), conferral.decision.org_unit.name),
    ]
    return Case(
        campaign=campaign,
        org_unit=conferral.decision.org_unit,
        title=_("Decision to revoke the title “%(honour)s” of “%(post)s”")
        % {"honour": conferral.honour, "post": conferral.name},
        text="\n".join(text),
        facts=facts,
        addressee=f"{conferral.org_unit.name}：",
        conferral=conferral,
        number=kept.document,
        decided_on=kept.revoked_on,
        keep=(conferral.honour, conferral.name),
    )


def _consequences(kept: Revocation, facts: Facts) -> Iterator[str]:
    """The plaques that are called back, and the year for which the people are barred."""
    called = [plaque for plaque in kept.plaques.all() if plaque.issued_on]
    if called:
        due_on = max((p.recall_due_on for p in called if p.recall_due_on), default=kept.revoked_on)
        yield _("Plaque %(numbers)s is taken back and is to be handed in by %(day)s.") % {
            "numbers": facts.put(pgettext("fact", "plaques"), "、".join(plaque.number for plaque in called)),
            "day": facts.put(pgettext("fact", "to be handed in by"), due_on),
        }
    if kept.conferral.bans.filter(year=kept.revoked_on.year).exists():
        yield _("The people of the post are neither nominated nor commended in %s.") % facts.put(
            pgettext("fact", "barred in"), kept.revoked_on.year
        )


@draft_maker("set_aside", gettext_lazy("Decision to set a revocation aside"), model="posts.Revocation", order=70)
def set_aside(kept: Revocation) -> Case:
    """纠正决定: which decision it puts right, why, and what is given back. It withdraws the paper of the revocation."""
    facts, conferral = Facts(), kept.conferral
    day = timezone.localdate(kept.set_aside_at) if kept.set_aside_at else None
    text = [
        _("On %(day)s the title “%(honour)s” of %(unit)s, “%(post)s”, was revoked%(number)s.")
        % {
            "day": facts.put(pgettext("fact", "day of the revocation"), kept.revoked_on),
            "honour": facts.put(pgettext("fact", "title conferred"), conferral.honour),
            "unit": facts.put(pgettext("fact", "unit"), conferral.org_unit.name),
            "post": facts.put(pgettext("fact", "post"), conferral.name),
            "number": facts.put(pgettext("fact", "number"), f"（{kept.document}）" if kept.document else ""),
        },
        _("A second examination found: %s")
        % facts.put(pgettext("fact", "second finding"), ended(kept.set_aside_reason)),
        _("That revocation is set aside with effect from %s. Title, plaque and rights of the people are restored.")
        % facts.put(pgettext("fact", "day of the correction"), day),
    ]
    paper = OfficialDocument.objects.filter(
        kind="revocation", source_type="posts.revocation", source_id=kept.pk, status=DocumentStatus.ISSUED
    ).first()
    return Case(
        campaign=conferral.campaign,
        org_unit=conferral.decision.org_unit,
        title=_("Decision to set aside the revocation of the title of “%s”") % conferral.name,
        text="\n".join(text),
        facts=facts,
        addressee=f"{conferral.org_unit.name}：",
        conferral=conferral,
        number=kept.set_aside_document,
        keep=(conferral.honour, conferral.name),
        withdraws=paper,
        unfit=_("The revocation stands: it has not been set aside.") if kept.is_standing else "",
    )


@draft_maker("withdrawal", gettext_lazy("Withdrawal of a document"), model="posts.OfficialDocument", order=90)
def withdrawal(other: OfficialDocument) -> Case:
    """关于撤回公文的通知: names the document that it withdraws; the reason is written by the office."""
    facts = Facts()
    text = _("On %(day)s %(body)s issued “%(title)s”%(number)s. For the following reason it is withdrawn herewith:") % {
        "day": facts.put(pgettext("fact", "date of the document"), other.day),
        "body": facts.put(pgettext("fact", "issuing body"), other.org_unit.name),
        "title": facts.put(pgettext("fact", "document"), other.title),
        "number": facts.put(pgettext("fact", "number"), f"（{other.number}）" if other.number else ""),
    }
    unfit = ""
    if other.kind == "withdrawal":
        unfit = _("What withdraws is not withdrawn itself: issue the document anew.")
    elif other.status != DocumentStatus.ISSUED:
        unfit = _("That document does not hold any more.")
    return Case(
        campaign=other.campaign,
        org_unit=other.org_unit,
        title=_("Withdrawal of “%s”")[:100] % other.title[:80],
        text=f"{text}\n{BLANK}",
        facts=facts,
        addressee=other.addressee,
        conferral=other.conferral,
        is_wide=other.is_wide,
        withdraws=other,
        unfit=unfit,
    )
