"""整改通知书 and 表彰决定: drafted from a rectification and from a released commendation list."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assessments.models import Commendation, CommendationStatus, Rectification
from campaigns.models import OrgUnit
from posts.documents.official_paper import Annex, Column
from posts.domain.document_numbers import carries_numbers
from posts.domain.draft_facts import Facts, all_units, ended, heading
from posts.domain.drafting import Case, draft_maker


@carries_numbers
def of_commendations(org_unit: OrgUnit) -> Iterator[str]:
    """What was typed when a list was released."""
    rows = Commendation.objects.filter(campaign__owner=org_unit).exclude(document_number="")
    yield from rows.values_list("document_number", flat=True)


@draft_maker(
    "rectification", gettext_lazy("Order to rectify"), model="assessments.Rectification", formal=False, order=55
)
def rectification(kept: Rectification) -> Case:
    """限期整改通知书: what was found, what must change, who answers for it, until when, what follows otherwise."""
    facts, conferral = Facts(), kept.conferral
    campaign = conferral.campaign
    itself = kept.checking_unit == conferral.org_unit
    own = _("%(post)s, which carries the title “%(honour)s”, was examined; the following is to be mended.")
    others = _(
        "%(post)s of your unit, which carries the title “%(honour)s”, was examined; the following is to be mended."
    )
    text = [
        (own if itself else others)
        % {
            "post": facts.put(pgettext("fact", "post"), f"“{conferral.name}”"),
            "honour": facts.put(pgettext("fact", "title conferred"), conferral.honour),
        },
        heading(1, _("What was found")),
        facts.put(pgettext("fact", "finding"), ended(kept.finding)),
        heading(2, _("What must change")),
        facts.put(pgettext("fact", "requirement"), ended(kept.requirement)),
        heading(3, _("Until when, and who answers for it")),
        _("Responsible: %(name)s. To be settled by %(day)s; hand in what was done, with what shows it.")
        % {
            "name": facts.put(pgettext("fact", "responsible person"), kept.responsible),
            "day": facts.put(pgettext("fact", "due on"), kept.due_on),
        },
        _("What is not done in time, or does not stand the second check, is dealt with according to %(basis)s.")
        % {"basis": facts.basis(campaign)},
        _("The post may state its case before that day."),
    ]
    return Case(
        campaign=campaign,
        org_unit=kept.checking_unit,
        title=_("Order to rectify within a time limit"),
        text="\n".join(text),
        facts=facts,
        # A unit that checks its own post writes to the post.
        addressee=f"{conferral.name if itself else conferral.org_unit.name}：",
        conferral=conferral,
        keep=(conferral.honour,),
    )


@draft_maker("commendation", gettext_lazy("Decision to commend"), model="assessments.Commendation", order=45)
def commendation(released: Commendation) -> Case:
    """表彰决定: the occasion, how many posts are commended; the list with the reasons is the annex."""
    campaign, facts = released.campaign, Facts()
    items = list(
        released.items.select_related("conferral__org_unit", "conferral__post_kind")
        .prefetch_related("conferral__holders")
        .order_by("conferral__org_unit__path", "pk")
    )
    opening = _(
        "According to %(basis)s, %(body)s decided on %(day)s to commend %(n)s post(s) of “%(honour)s” on the occasion "
        "of %(occasion)s."
    ) % {
        "basis": facts.basis(campaign),
        "body": facts.put(pgettext("fact", "deciding body"), released.meeting or campaign.owner.name),
        "day": facts.put(pgettext("fact", "day of the decision"), released.held_on or timezone.localdate()),
        "n": facts.put(pgettext("fact", "number of posts"), len(items)),
        "honour": facts.honour(campaign),
        "occasion": facts.put(pgettext("fact", "occasion"), f"“{released.label}”"),
    }
    hope = _(
        "The commended posts are expected to stay modest and to win new merit; all Party organisations and members "
        "are to take them as an example and to do their work well."
    )
    return Case(
        campaign=campaign,
        org_unit=campaign.owner,
        title=_("Decision to commend outstanding posts of “%(honour)s” in %(year)s")
        % {"honour": campaign.honour, "year": campaign.year},
        text=f"{opening}\n{hope}",
        facts=facts,
        addressee=all_units(),
        annexes=[_list(items)],
        is_wide=True,
        number=released.document_number,
        decided_on=released.held_on,
        keep=(campaign.honour,),
        hindrances=[]
        if released.status == CommendationStatus.RELEASED
        else [_("The list is not released yet: release it, then issue its paper.")],
    )


def _list(items) -> Annex:
    columns = [
        Column(pgettext("sheet", "No."), centered=True),
        Column(pgettext("sheet", "Post")),
        Column(pgettext("sheet", "Unit")),
        Column(pgettext("sheet", "Members")),
        Column(_("Reasons")),
    ]
    rows = [
        (
            str(n),
            item.conferral.name,
            item.conferral.org_unit.name,
            "、".join(dict.fromkeys(holder.name for holder in item.conferral.holders.all())),
            item.reason,
        )
        for n, item in enumerate(items, 1)
    ]
    return Annex(_("List of the commended posts"), columns, rows)
