"""命名决定 and 批复: drafted from what a body has decided over nominations."""

from collections import Counter
from collections.abc import Iterator, Sequence

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import OrgUnit
from posts.domain.document_numbers import carries_numbers
from posts.domain.draft_facts import Facts, ListedPost, all_units, in_words, list_of_posts
from posts.domain.drafting import Case, draft_maker
from posts.models import (
    Conferral,
    Decision,
    DecisionEffect,
    DecisionOutcome,
    DecisionStatus,
    Nomination,
    NominationMember,
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
    posts = _approved(decision)
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
        "n": facts.put(pgettext("fact", "number of posts"), len(posts)),
        "honour": facts.honour(campaign),
        "year": facts.year(campaign),
    }
    if kinds := _by_kind(posts):
        opening += _("Of these: %s.") % facts.put(pgettext("fact", "posts of each kind"), kinds, is_needed=False)
    rules = _(
        "The title is managed dynamically: the posts are assessed as prescribed, and who does not meet the conditions "
        "any more is adjusted or loses the title."
    )
    hope = _(
        "The named posts are expected to cherish the honour, to keep to their duties and to go on ahead; all Party "
        "organisations and members are to learn from them."
    )
    title = _("Decision to name the %(year)s “%(honour)s”") % {"year": campaign.year, "honour": campaign.honour}
    return Case(
        campaign=campaign,
        org_unit=decision.org_unit,
        title=title,
        text=f"{opening}\n{rules}\n{hope}",
        facts=facts,
        addressee=all_units(),
        annexes=[list_of_posts(_("List of the posts named “%s”") % campaign.honour, posts)],
        is_wide=True,
        decided_on=decision.held_on,
        number=decision.document_number,
        keep=(campaign.honour,),
        hindrances=_not_released(decision),
        unfit=_nothing_approved(posts)
        if decision.effect == DecisionEffect.NAME
        else _("This decision admits posts to the creation and names none: issue a reply."),
    )


@draft_maker("reply", gettext_lazy("Reply of approval"), model="posts.Decision", issued=take_over_number, order=50)
def reply(decision: Decision) -> Case:
    """批复: the answer to the units that asked for approval; what was not approved is told to its unit only."""
    campaign, facts = decision.campaign, Facts()
    posts = _approved(decision)
    units = list(dict.fromkeys(post.unit for post in posts))
    opening = _(
        "Your request is received. According to %(basis)s and after the examination by %(body)s on %(day)s, the reply "
        "is as follows."
    ) % {
        "basis": facts.basis(campaign),
        "body": facts.put(pgettext("fact", "deciding body"), _deciders(decision)),
        "day": facts.put(pgettext("fact", "day of the decision"), decision.held_on),
    }
    to_name = _("Reply approving the %(year)s “%(honour)s”")
    to_create = _("Reply approving the creation of the %(year)s “%(honour)s”")
    names = decision.effect == DecisionEffect.NAME
    named = _("It is agreed to name %(n)s post(s) “%(honour)s” (list in the annex).")
    created = _("It is agreed that %(n)s post(s) are admitted to the creation of “%(honour)s” (list in the annex).")
    approved = (named if names else created) % {
        "n": facts.put(pgettext("fact", "number of posts"), len(posts)),
        "honour": facts.honour(campaign),
    }
    demand = _("Organise the work in earnest, show mark and identity, and accept supervision.")
    return Case(
        campaign=campaign,
        org_unit=decision.org_unit,
        title=(to_name if names else to_create) % {"honour": campaign.honour, "year": campaign.year},
        text="\n".join((opening, approved, demand, _("This is the reply."))),
        facts=facts,
        addressee=f"{in_words(units)}："[-300:]
        if len(in_words(units)) < 60
        else _("All Party organisations concerned:"),
        annexes=[list_of_posts(_("List of the approved posts"), posts)],
        is_wide=True,
        decided_on=decision.held_on,
        number="",
        keep=(campaign.honour,),
        hindrances=_not_released(decision),
        unfit=_nothing_approved(posts),
    )


def _approved(decision: Decision) -> list[ListedPost]:
    """The posts that came out of it, in the order of the units; of a pending one those that will."""
    items = decision.items.filter(is_live=True, outcome=DecisionOutcome.APPROVED)
    nominations = items.values("run__nomination")
    named = Conferral.objects.filter(nomination__in=nominations).prefetch_related("holders")
    posts = [(post, post.holders.all()) for post in _in_order(named)]
    if decision.status == DecisionStatus.PENDING:
        people = Prefetch("members", NominationMember.objects.filter(dropped_at__isnull=True))
        proposed = Nomination.objects.filter(pk__in=nominations).prefetch_related(people)
        posts = [(post, post.members.all()) for post in _in_order(proposed)]
    return [
        ListedPost(post.name, post.post_kind.label, post.org_unit.name, in_words(each.name for each in people))
        for post, people in posts
    ]


def _in_order(rows: QuerySet) -> QuerySet:
    return rows.select_related("post_kind", "org_unit").order_by("org_unit__path", "pk")


def _by_kind(posts: Sequence[ListedPost]) -> str:
    """How many of each kind, when there are several kinds: 个人示范岗2个、集体示范岗3个."""
    counts = Counter(post.kind for post in posts)
    return in_words(f"{kind}{n}个" for kind, n in counts.items()) if len(counts) > 1 else ""


def _nothing_approved(posts: Sequence[ListedPost]) -> str:
    return "" if posts else _("This decision approves no post: there is nothing to issue about it.")


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
