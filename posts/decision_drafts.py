"""命名决定 and 批复: drafted from what a body has decided over nominations."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import OrgUnit
from posts.domain.document_numbers import carries_numbers
from posts.domain.draft_facts import Facts, all_units, in_words, list_of_posts
from posts.domain.drafting import Case, draft_maker
from posts.models import (
    Conferral,
    Decision,
    DecisionEffect,
    DecisionOutcome,
    DecisionStatus,
    OfficialDocument,
)


def take_over_number(decision: Decision, document: OfficialDocument) -> None:
    """A decision that was released without a number has that of its paper from now on."""
    if document.number and not decision.document_number:
        Decision.objects.filter(pk=decision.pk, document_number="").update(document_number=document.number)


@carries_numbers
def of_decisions(org_unit: OrgUnit) -> Iterator[str]:
    """What was typed when a body decided."""
    rows = Decision.objects.filter(org_unit=org_unit).exclude(status=DecisionStatus.CANCELLED)
    yield from rows.exclude(document_number="").values_list("document_number", flat=True)


@draft_maker("naming", gettext_lazy("Decision to name"), model="posts.Decision", issued=take_over_number, order=40)
def naming(decision: Decision) -> Case:
    """命名决定: who decided when, how many posts are named what; the list is the annex."""
    campaign, facts = decision.campaign, Facts()
    conferrals = _approved(decision)
    steps = in_words(_steps(decision))
    after = _(
        "According to %(basis)s and after %(steps)s, %(body)s decided on %(day)s to name %(n)s post(s) "
        "“%(honour)s” of %(year)s."
    )
    at_once = _("According to %(basis)s, %(body)s decided on %(day)s to name %(n)s post(s) “%(honour)s” of %(year)s.")
    opening = (after if steps else at_once) % {
        "basis": facts.basis(campaign),
        "steps": facts.put(pgettext("fact", "steps"), steps),
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
        decided_on=decision.held_on,
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
        decided_on=decision.held_on,
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
