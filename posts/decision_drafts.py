"""命名决定, 批复, 撤销决定, 纠正决定 and the paper that withdraws another: drafted from what a body has decided."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from posts.domain.draft_facts import Facts, all_units, in_words, list_of_posts
from posts.domain.drafting import BLANK, Case, draft_maker
from posts.models import (
    Conferral,
    Decision,
    DecisionEffect,
    DecisionOutcome,
    DecisionStatus,
    DocumentStatus,
    OfficialDocument,
    Revocation,
)


def take_over_number(decision: Decision, document: OfficialDocument) -> None:
    """A decision that was released without a number has that of its paper from now on."""
    if document.number and not decision.document_number:
        Decision.objects.filter(pk=decision.pk, document_number="").update(document_number=document.number)


def _revocation_number(revocation: Revocation, document: OfficialDocument) -> None:
    if document.number and not revocation.document:
        Revocation.objects.filter(pk=revocation.pk, document="").update(document=document.number)
        Conferral.objects.filter(pk=revocation.conferral_id, end_document="").update(end_document=document.number)


@draft_maker("naming", gettext_lazy("Decision to name"), model="posts.Decision", issued=take_over_number, order=40)
def naming(decision: Decision) -> Case:
    """命名决定: who decided when, how many posts are named what; the list is the annex."""
    campaign, facts = decision.campaign, Facts()
    conferrals = _approved(decision)
    opening = _(
        "According to %(basis)s and after %(steps)s, %(body)s decided on %(day)s to name %(n)s post(s) "
        "“%(honour)s” of %(year)s."
    ) % {
        "basis": facts.basis(campaign),
        "steps": facts.put(pgettext("fact", "steps"), in_words(_steps(decision)), is_needed=False),
        "body": facts.put(pgettext("fact", "deciding body"), _deciders(decision)),
        "day": facts.put(pgettext("fact", "day of the decision"), decision.held_on),
        "n": facts.put(pgettext("fact", "number of posts"), len(conferrals)),
        "honour": facts.honour(campaign),
        "year": facts.year(campaign),
    }
    hope = _(
        "The named posts are expected to cherish the honour, to keep to their duties and to go on ahead; all Party "
        "organisations and members are to learn from them."
    )
    title = _("Decision to name the %(year)s “%(honour)s”") % {"year": campaign.year, "honour": campaign.honour}
    return Case(
        campaign=campaign,
        org_unit=decision.org_unit,
        title=title,
        text=f"{opening}\n{hope}",
        facts=facts,
        addressee=all_units(),
        annexes=[list_of_posts(_("List of the posts named “%s”") % campaign.honour, conferrals)],
        is_wide=True,
        number=decision.document_number,
        keep=(campaign.honour,),
        hindrances=_not_released(decision),
        unfit=""
        if decision.effect == DecisionEffect.NAME
        else _("This decision admits posts to the creation and names none: issue a reply."),
    )


@draft_maker("reply", gettext_lazy("Reply of approval"), model="posts.Decision", issued=take_over_number, order=50)
def reply(decision: Decision) -> Case:
    """批复: the answer to the units that asked for approval; what was not approved is told to its unit only."""
    campaign, facts = decision.campaign, Facts()
    conferrals = _approved(decision)
    units = list(dict.fromkeys(c.org_unit.name for c in conferrals))
    verb = _("named") if decision.effect == DecisionEffect.NAME else _("admitted to the creation of")
    opening = _(
        "Your request is received. According to %(basis)s and after the examination by %(body)s on %(day)s, the reply "
        "is as follows."
    ) % {
        "basis": facts.basis(campaign),
        "body": facts.put(pgettext("fact", "deciding body"), _deciders(decision)),
        "day": facts.put(pgettext("fact", "day of the decision"), decision.held_on),
    }
    approved = _("It is agreed that %(n)s post(s) are %(verb)s “%(honour)s” (list in the annex).") % {
        "n": facts.put(pgettext("fact", "number of posts"), len(conferrals)),
        "verb": facts.put(pgettext("fact", "what is approved"), verb),
        "honour": facts.honour(campaign),
    }
    demand = _("Organise the work in earnest, show mark and identity, and accept supervision.")
    return Case(
        campaign=campaign,
        org_unit=decision.org_unit,
        title=_("Reply approving posts for “%(honour)s” in %(year)s")
        % {"honour": campaign.honour, "year": campaign.year},
        text="\n".join((opening, approved, demand, _("This is the reply."))),
        facts=facts,
        addressee=f"{in_words(units)}："[-300:]
        if len(in_words(units)) < 60
        else _("All Party organisations concerned:"),
        annexes=[list_of_posts(_("List of the approved posts"), conferrals)],
        is_wide=True,
        number="",
        keep=(campaign.honour,),
        hindrances=_not_released(decision),
    )


def _approved(decision: Decision) -> list[Conferral]:
    """The posts that came out of it, in the order of the units; of a pending one those that will."""
    items = decision.items.filter(is_live=True, outcome=DecisionOutcome.APPROVED)
    found = Conferral.objects.filter(nomination__in=items.values("run__nomination"))
    rows = found.select_related("post_kind", "org_unit").prefetch_related("holders")
    return list(rows.order_by("org_unit__path", "pk"))


def _steps(decision: Decision) -> Iterator[str]:
    """The steps that went before, in the words of the scheme."""
    item = decision.items.filter(is_live=True).select_related("run").order_by("pk").first()
    if item is None:
        return
    runs = item.run.nomination.runs.filter(position__lt=item.run.position, status="passed").order_by("position")
    yield from runs.values_list("label", flat=True)


def _deciders(decision: Decision) -> str:
    return decision.meeting or decision.org_unit.name


def _not_released(decision: Decision) -> list[str]:
    if decision.annulled_on:
        return [_("The decision has been annulled.")]
    if decision.status != DecisionStatus.RELEASED:
        return [_("The decision is not released yet: release it, then issue its paper.")]
    return []


@draft_maker(
    "revocation", gettext_lazy("Decision to revoke"), model="posts.Revocation", issued=_revocation_number, order=60
)
def revocation(kept: Revocation) -> Case:
    """撤销决定: the facts, the basis, what is withdrawn, what comes back and by when, the appeal (domain 3.11)."""
    facts, conferral = Facts(), kept.conferral
    campaign = conferral.campaign
    text = [
        _("It was found: %s") % facts.put(pgettext("fact", "finding"), kept.reason),
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
        _("A second examination found: %s") % facts.put(pgettext("fact", "second finding"), kept.set_aside_reason),
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
