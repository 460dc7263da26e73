"""Who may be commended: live titles with good reviews. Whoever may not is listed with the reason, never left out."""

from dataclasses import dataclass, field

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Review, ReviewOutcome, ReviewStatus
from campaigns.models import Campaign
from posts.models import Ban, Conferral, ConferralStatus, Holder


@dataclass
class Candidate:
    """A post with its people, the year's results, and what stands in the way of a commendation."""

    conferral: Conferral
    people: list[Holder]
    results: list[Review] = field(default_factory=list)
    hindrances: list[str] = field(default_factory=list)

    @property
    def is_eligible(self) -> bool:
        return not self.hindrances


@dataclass(frozen=True)
class Barred:
    """A post or a person that may not be commended now, and the reason."""

    name: str
    unit: str
    reason: str
    post: int


def candidates_of(campaign: Campaign, *, only: list[int] | None = None) -> list[Candidate]:
    """Every named post of the campaign by unit, judged as of today; ``only``: these posts, ended ones too."""
    titles = Conferral.objects.filter(campaign=campaign)
    titles = titles.named() if only is None else titles.filter(pk__in=only)
    found = [_candidate(title) for title in titles.for_list().prefetch_related("holders")]
    _add_results(found)
    _add_hindrances(found)
    return found


def bans_of(campaign: Campaign) -> list[Ban]:
    """The bans in force for posts of this campaign, whether the title still lives or not."""
    return list(Ban.objects.in_force().filter(conferral__campaign=campaign).for_list())


def barred_of(campaign: Campaign, judged: list[Candidate]) -> list[Barred]:
    """Who may not be commended and why: posts with a hindrance, then people of ended titles who are barred."""
    posts = [
        Barred(str(each.conferral), each.conferral.org_unit.name, "；".join(each.hindrances), each.conferral.pk)
        for each in judged
        if not each.is_eligible
    ]
    ended = [ban for ban in bans_of(campaign) if not ban.conferral.is_live]
    text = _("“%(post)s”, barred until %(day)s: %(reason)s")
    return posts + [
        Barred(
            str(ban.member or ban.conferral.name),
            ban.org_unit.name,
            text % {"post": ban.conferral, "day": ban.until_on, "reason": ban.reason},
            ban.conferral_id,
        )
        for ban in ended
    ]


def _candidate(title: Conferral) -> Candidate:
    return Candidate(title, [holder for holder in title.holders.all() if holder.until_on is None])


def _add_results(found: list[Candidate]) -> None:
    """The reviews of the calendar year, oldest first."""
    by_post = {candidate.conferral.pk: candidate.results for candidate in found}
    year = timezone.localdate().year
    done = Review.objects.filter(conferral__in=by_post, status=ReviewStatus.DONE, period_ends_on__year=year)
    for review in done.select_related("rule").order_by("period_ends_on", "pk"):
        by_post[review.conferral_id].append(review)


def _add_hindrances(found: list[Candidate]) -> None:
    bans = Ban.objects.in_force()
    barred = {ban.member_id: ban for ban in bans.filter(member__isnull=False)}
    posts = {ban.conferral_id: ban for ban in bans.filter(member__isnull=True)}
    for candidate in found:
        title = candidate.conferral
        if not title.is_live or title.status == ConferralStatus.CREATING:
            candidate.hindrances.append(_("the title does not live: %s") % title.get_status_display())
        if title.status == ConferralStatus.RECTIFYING:
            candidate.hindrances.append(_("under rectification"))
        last = {review.rule_id: review for review in candidate.results}.values()
        candidate.hindrances += [_not_passed(review) for review in last if review.outcome != ReviewOutcome.PASS]
        if title.pk in posts:
            candidate.hindrances.append(_barred(str(title), posts[title.pk]))
        named = [person for person in candidate.people if person.member_id in barred]
        candidate.hindrances += [_barred(person.name, barred[person.member_id]) for person in named]


def _not_passed(review: Review) -> str:
    facts = {"review": review.rule.label, "period": review.period, "outcome": review.get_outcome_display()}
    return _("%(review)s %(period)s: %(outcome)s") % facts


def _barred(name: str, ban: Ban) -> str:
    return _("%(name)s is barred until %(day)s: %(reason)s") % {"name": name, "day": ban.until_on, "reason": ban.reason}
