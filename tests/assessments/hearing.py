"""Reviews that hear voices, and people to speak in them."""

from datetime import date

from django.utils import timezone

from assessments.domain.review_days import voices_until
from assessments.domain.voices import assess_as_peer, count_peers, give_statement
from assessments.models import Grade, Review, Voice
from tests.assessments.titles import make_review, make_rule
from tests.factories import MemberFactory, UserFactory

WEIGHTS = {"self": 10, "peer": 20, "mass": 30, "leader": 20, "organisation": 20}
FIVE = {
    "survey": True,
    "satisfaction": "important",
    "threshold": 80,
    "assessments": ["self", "peer", "leader", "organisation"],
    "weights": WEIGHTS,
    "marks": {"pass": 80, "rectify": 60},
    "outcomes": ["pass", "rectify", "adjust"],
    "due_days": 10,
}
#: Without the survey, so that nothing has to be opened.
FOUR = FIVE | {
    "survey": False,
    "satisfaction": "none",
    "threshold": None,
    "weights": {"self": 10, "peer": 30, "leader": 30, "organisation": 30},
}


def make_heard_review(title, *, reviewer="branch", reviewer_unit=None, due_on=date(2026, 11, 17), **params) -> Review:
    """An open review that waits for voices until Wednesday 11 November; today is the 4th."""
    rule = make_rule(title.campaign, cadence="quarterly", reviewer=reviewer, **(FIVE | params))
    unit = reviewer_unit or title.org_unit
    until = voices_until(rule, timezone.localdate(), due_on)
    return make_review(title, rule, reviewer_unit=unit, due_on=due_on, voices_until=until)


def make_fellows(branch, number):
    """Members of the branch with accounts, who are not of the post."""
    return [MemberFactory(branch=branch, user=UserFactory()).user for _unused in range(number)]


def speak_all(review, *, people, grade=Grade.EXCELLENT, peers=5):
    """Everybody but the masses speaks. ``people``: voice to user; fellow members are counted at a meeting."""
    judged = dict.fromkeys(review.rule.params.get("aspects", ()), grade)
    for voice in ("self", "leader", "organisation"):
        if voice in people:
            said = {"grade": grade, "text": "履职践诺情况良好。", "aspects": judged}
            give_statement(review, voice=voice, actor=people[voice], **said)
    if "peer" in people:
        counts = {grade.value: peers}
        count_peers(review, actor=people["peer"], held_on=timezone.localdate(), place="会议室", counts=counts)


def peers_speak(review, fellows, grades):
    for user, grade in zip(fellows, grades, strict=True):
        assess_as_peer(review, actor=user, grade=grade)


__all__ = ["FIVE", "FOUR", "WEIGHTS", "Voice", "make_fellows", "make_heard_review", "peers_speak", "speak_all"]
