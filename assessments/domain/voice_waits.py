"""Whom the open reviews still wait for, and the reminders to them: only to those who have not spoken."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.domain.review_rules import VoiceRules, voice_rules
from assessments.models import PeerTally, PeerTurn, Review, ScoreSheet, Statement, Survey, Voice
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.messages import tell
from campaigns.models import DueItem, Member, OrgUnit, ReviewRule, User
from campaigns.permissions import holders_at, nearest_holders_of
from posts.models import Holder

REMIND = "voices_remind"
REMIND_DAYS_BEFORE = (1, 0)

Awaited = tuple[int, Review, Voice]  # the user's key


def waiting_reviews() -> QuerySet[Review]:
    """Open reviews that still wait for voices; what is unannounced asks nobody of the post."""
    waiting = Review.objects.open().filter(Q(voices_until__gte=timezone.localdate()), unannounced=False)
    return waiting.select_related(
        "rule__campaign", "conferral__org_unit", "conferral__post_kind", "reviewer_unit"
    ).order_by("voices_until", "pk")


def voice_url(review: Review, voice: Voice) -> str:
    """The page on which a voice is given."""
    rules = voice_rules(review.rule)
    if voice == Voice.MASS:
        return reverse("assessments:review_detail", args=[review.pk])
    if rules.rubric and voice in (Voice.SELF, Voice.ORGANISATION):
        name = "review_self_score" if voice == Voice.SELF else "review_score"
        return reverse(f"assessments:{name}", args=[review.pk])
    return reverse("assessments:voice_give", args=[review.pk, voice])


def schedule_voice_reminders(rule: ReviewRule, until: date | None) -> None:
    """The day before the voices end, and on the day; nothing where the scheme hears nobody. Safe to call again."""
    if until is None:
        return
    for offset in REMIND_DAYS_BEFORE:
        day = until - timedelta(days=offset)
        if day > timezone.localdate():
            morning = timezone.make_aware(datetime.combine(day, time(8)))
            schedule(REMIND, rule.pk, due_at=morning, period=f"{until}:{offset}")


@on_due(REMIND, gettext_lazy("reminder to those who are heard in a review"))
def remind_voices(item: DueItem) -> None:
    """One message a person, however many reviews of the rule wait for him; one that a later overtook is left out."""
    until, offset = item.period.split(":")
    last = date.fromisoformat(until)
    left = (last - timezone.localdate()).days
    if left < 0 or any(left <= later < int(offset) for later in REMIND_DAYS_BEFORE):
        return
    rule = ReviewRule.objects.select_related("campaign__owner").get(pk=item.subject_id)
    by_user: dict[int, list[tuple[Review, Voice]]] = defaultdict(list)
    for user, review, voice in awaited(rule, last):
        by_user[user].append((review, voice))
    same: dict[tuple[str, str], list[int]] = defaultdict(list)
    for user, waits in by_user.items():
        same[_sentence(waits, last)].append(user)
    for (title, url), users in same.items():
        tell(User.objects.filter(pk__in=users), key=f"voices_remind:{rule.pk}:{item.period}", title=title, url=url)


def awaited(rule: ReviewRule, until: date, *, only: User | None = None) -> Iterable[Awaited]:
    """Who has still to speak in the reviews of a rule whose voices end on a day; of one user, when he is given."""
    rules = voice_rules(rule)
    reviews = waiting_reviews().filter(rule=rule, voices_until=until)
    users = User.objects.filter(is_active=True)
    users = users.filter(pk=only.pk) if only else users
    for voice in rules.voices:
        yield from _AWAITED[Voice(voice)](reviews, rules, users)


def _sentence(waits: list[tuple[Review, Voice]], until: date) -> tuple[str, str]:
    review, voice = waits[0]
    if len(waits) > 1:
        text = ngettext(
            "%(review)s: %(count)s word of yours is awaited until %(day)s",
            "%(review)s: %(count)s words of yours are awaited until %(day)s",
            len(waits),
        )
        facts = {"review": review.rule.label, "count": len(waits), "day": until}
        return text % facts, reverse("campaigns:home")
    text = _("%(voice)s of “%(post)s” is awaited until %(day)s")
    facts = {"voice": voice_rules(review.rule).name(voice), "post": review.conferral, "day": until}
    return text % facts, voice_url(review, voice)


def _self(reviews: QuerySet[Review], rules: VoiceRules, users: QuerySet[User]) -> Iterable[Awaited]:
    """The people of the post; where none of them has an account, who answers for its unit."""
    said = set(Statement.objects.filter(review__in=reviews, voice=Voice.SELF).values_list("review", flat=True))
    sheets = ScoreSheet.objects.filter(review__in=reviews, is_self=True, submitted_at__isnull=False)
    said |= set(sheets.values_list("review", flat=True))
    held = defaultdict(list)
    rows = Holder.objects.filter(conferral__in=reviews.values("conferral"), until_on__isnull=True)
    for conferral, user in rows.filter(member__user__is_active=True).values_list("conferral", "member__user"):
        held[conferral].append(user)
    wanted, units = set(users.values_list("pk", flat=True)), _Nearest("review_post")
    for review in reviews:
        if review.pk not in said:
            for user in held[review.conferral_id] or units.of(review.conferral.org_unit):
                if user in wanted:
                    yield user, review, Voice.SELF


def _peer(reviews: QuerySet[Review], rules: VoiceRules, users: QuerySet[User]) -> Iterable[Awaited]:
    """Fellow members who have not had their turn; nobody once papers were counted at a meeting."""
    counted = set(PeerTally.objects.filter(review__in=reviews, n_paper__gt=0).values_list("review", flat=True))
    spoken = set(PeerTurn.objects.filter(review__in=reviews).values_list("review", "member"))
    own = set(Holder.objects.filter(conferral__in=reviews.values("conferral")).values_list("conferral", "member"))
    fellows: dict[int, list[tuple[int, int]]] = {}
    for review in reviews:
        unit = review.conferral.org_unit
        if unit.pk not in fellows:
            fellows[unit.pk] = _members_with_accounts(unit, users)
        if review.pk in counted:
            continue
        for member, user in fellows[unit.pk]:
            if (review.pk, member) not in spoken and (review.conferral_id, member) not in own:
                yield user, review, Voice.PEER


def _leader(reviews: QuerySet[Review], rules: VoiceRules, users: QuerySet[User]) -> Iterable[Awaited]:
    """Who leads the post's own unit, while no leader has said anything."""
    said = set(Statement.objects.filter(review__in=reviews, voice=Voice.LEADER).values_list("review", flat=True))
    yield from _office(reviews.exclude(pk__in=said), users, "decide", Voice.LEADER)


def _organisation(reviews: QuerySet[Review], rules: VoiceRules, users: QuerySet[User]) -> Iterable[Awaited]:
    """Who reviews, while fewer have judged than the scheme wants."""
    heard: dict[int, set[int]] = defaultdict(set)
    said = Statement.objects.filter(review__in=reviews, voice=Voice.ORGANISATION)
    scored = ScoreSheet.objects.filter(review__in=reviews, is_self=False, submitted_at__isnull=False)
    for number, user in (*said.values_list("review", "given_by"), *scored.values_list("review", "assessor")):
        heard[number].add(user)
    least = rules.least[Voice.ORGANISATION]
    short = reviews.exclude(pk__in=[number for number, people in heard.items() if len(people) >= least])
    for user, review, voice in _office(short, users, "review_post", Voice.ORGANISATION):
        if user not in heard[review.pk]:
            yield user, review, voice


def _mass(reviews: QuerySet[Review], rules: VoiceRules, users: QuerySet[User]) -> Iterable[Awaited]:
    """Who runs the survey, while it has not been opened; its voters are reminded by the survey itself."""
    opened = Survey.objects.filter(review__in=reviews, state__in=("open", "closed")).values("review")
    yield from _office(reviews.exclude(pk__in=opened), users, "run_survey", Voice.MASS)


def _office(reviews: QuerySet[Review], users: QuerySet[User], right: str, voice: Voice) -> Iterable[Awaited]:
    """Those of a unit who hold a right, without the people of the post."""
    own = set(Holder.objects.filter(conferral__in=reviews.values("conferral")).values_list("conferral", "member__user"))
    wanted, units = set(users.values_list("pk", flat=True)), _Nearest(right, exactly=voice == Voice.LEADER)
    for review in reviews:
        unit = review.conferral.org_unit if voice == Voice.LEADER else review.reviewer_unit
        for user in units.of(unit):
            if user in wanted and (review.conferral_id, user) not in own:
                yield user, review, voice


class _Nearest:
    """Who holds a right nearest to a unit, each unit asked once."""

    def __init__(self, right: str, *, exactly: bool = False) -> None:
        self.right, self.exactly = right, exactly
        self.known: dict[int, list[int]] = {}

    def of(self, unit: OrgUnit) -> list[int]:
        if unit.pk not in self.known:
            users = holders_at(self.right, [unit]) if self.exactly else nearest_holders_of(self.right, unit)
            self.known[unit.pk] = list(users.values_list("pk", flat=True))
        return self.known[unit.pk]


def _members_with_accounts(unit: OrgUnit, users: QuerySet[User]) -> list[tuple[int, int]]:
    inside = {"branch__path__startswith": unit.path} if unit.is_party else {"work_unit__path__startswith": unit.path}
    return list(Member.objects.active().filter(**inside, user__in=users).values_list("pk", "user"))


_AWAITED = {
    Voice.SELF: _self,
    Voice.PEER: _peer,
    Voice.MASS: _mass,
    Voice.LEADER: _leader,
    Voice.ORGANISATION: _organisation,
}
