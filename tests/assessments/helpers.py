"""A nomination that stands in its survey, and people to vote in it."""

from datetime import timedelta

from django.utils import timezone

from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code, right_of_member
from assessments.domain.surveys import open_survey
from campaigns.models import Campaign, OrgUnit
from posts.domain import pipeline
from posts.models import Nomination, NominationMember
from tests.factories import CampaignFactory, MemberFactory, PostKindFactory, StageFactory, UserFactory

RULES = {
    "subjects": ["post"],
    "electorate": ["members", "masses"],
    "options": ["satisfied", "basically_satisfied", "dissatisfied", "unknown"],
    "positive": ["satisfied"],
    "not_valid": ["unknown"],
    "threshold": 80,
    "min_turnout_percent": 0,
    "min_valid": 0,
    "small_group": {
        "min_electorate": 10,
        "few_by_phone": True,
        "min_ballots": 10,
        "min_cell": 3,
        "min_percent": 50,
        "min_turnout": 10,
        "turnout_minutes": 60,
    },
}


def make_nomination(branch, *, people=(), proposer=None, params=None, holder="team", rules=None, stages=None):
    """A submitted nomination of ``branch`` whose next stage is the survey."""
    campaign = Campaign.objects.first() or CampaignFactory(owner=OrgUnit.objects.get_root(branch))
    campaign.units.add(branch)
    kind = PostKindFactory(
        campaign=campaign, code=f"kind{campaign.kinds.count()}", holder=holder, label="集体示范岗", rules=rules or {}
    )
    for number, stage in enumerate(stages or ["survey"]):
        StageFactory(
            post_kind=kind,
            position=number + 1,
            kind=stage,
            label="岗前测评",
            params={"threshold": 80, "min_turnout_percent": 0, **(params or {})} if stage == "survey" else {},
            clause="第七条",
        )
    nomination = Nomination.objects.create(
        campaign=campaign,
        post_kind=kind,
        org_unit=branch,
        name="窗口服务示范岗",
        proposer=proposer or UserFactory(),
        submitted_at=timezone.now(),
        status="in_progress",
    )
    for number, member in enumerate(people):
        NominationMember.objects.create(nomination=nomination, member=member, name=member.name, position=number)
    pipeline.start(nomination, actor=nomination.proposer)
    return nomination


def survey_of(nomination):
    return nomination.runs.get(kind="survey").surveys.order_by("-pk")[0]


def make_voters(branch, number):
    """Members of the branch with accounts."""
    return [MemberFactory(branch=branch, user=UserFactory()) for _unused in range(number)]


def make_open_survey(branch, secretary, *, voters=12, people=(), hours=48, **kwargs):
    """An open survey with ``voters`` more members on its roll."""
    make_voters(branch, voters)
    survey = survey_of(make_nomination(branch, people=people, **kwargs))
    closes_at = timezone.now() + timedelta(hours=hours)
    return open_survey(survey, actor=secretary, closes_at=closes_at, accept_small_group=True)


def vote(survey, member, *choices, comment=""):
    return cast_ballot(survey, right=right_of_member(survey, member.user), choices=list(choices), comment=comment)


def make_code_rights(survey, officer, n):
    codes = make_code_batch(survey, n=n, actor=officer, witness="孙样甲")
    return [right_of_code(code) for code in codes]


def vote_counts(survey, officer, **counts):
    """Let as many people as needed vote by code: satisfied=40, basically_satisfied=3 …, blank=1."""
    rights = iter(make_code_rights(survey, officer, sum(counts.values())))
    lines = survey.lines.count()
    for option, number in counts.items():
        for _unused in range(number):
            choice = "" if option == "blank" else option
            cast_ballot(survey, right=next(rights), choices=[choice] * lines)
