"""Who is not counted in 应到会 is named (支部工作条例 art. 11); grades of the appraisal stand beside (S9)."""

from datetime import date

import pytest
from django.urls import reverse

from campaigns.domain.appraisals import record_appraisal
from campaigns.domain.errors import DomainError
from posts.domain.meetings import appraisals_of, record_meeting
from posts.models import Meeting
from tests.factories import MemberFactory, make_kind, make_nomination
from tests.posts.cases import open_run

VOTES = {"held_on": date(2026, 1, 5), "minutes": "讨论情况。", "against": 0, "abstained": 0}


@pytest.fixture
def roster(branch, secretary):
    """Ten full members with the secretary, and two probationary ones who have no vote."""
    MemberFactory.create_batch(2, branch=branch, status="probationary", confirmed_on=None)
    return MemberFactory.create_batch(9, branch=branch)


@pytest.fixture
def run(meeting_kind, branch, secretary, roster):
    return open_run(make_nomination(meeting_kind, branch, secretary, roster[0], submit=True))


def hold(run, actor, *, should=10, present=5, in_favour=5, **more):
    numbers = {"should_attend": should, "present": present, "in_favour": in_favour}
    record_meeting(run, actor=actor, **VOTES, **numbers, **more)
    return type(run).objects.get(pk=run.pk).status


def test_half_of_all_is_no_majority_but_of_those_counted(run, secretary, roster):
    """10 should attend, 5 in favour is not more than half; with one abroad it is 5 of 9."""
    assert hold(run, secretary, left_out={roster[1].pk: "abroad"}) == "passed"
    meeting = Meeting.objects.get()
    assert (meeting.excused, [str(each) for each in meeting.left_out.all()]) == (
        1,
        [f"{roster[1].name} 出国半年以上"],
    )


def test_without_a_reason_all_of_them_count(run, secretary):
    assert hold(run, secretary) == "failed"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"should": 9}, "should_attend"),  # somebody dropped out of the count silently
        ({"excused": 1}, "excused"),  # a number without a name
    ],
)
def test_nobody_drops_out_of_the_count_silently(run, secretary, fields, field):
    with pytest.raises(DomainError) as error:
        hold(run, secretary, **fields)
    assert error.value.field == field
    assert not Meeting.objects.exists()


def test_only_voting_members_of_the_branch_are_left_out(run, secretary, branch, roster, other_branch):
    probationary = branch.members.filter(status="probationary").first()
    stranger = MemberFactory(branch=other_branch)

    for left_out in ({probationary.pk: "abroad"}, {stranger.pk: "abroad"}, {roster[1].pk: "holiday"}):
        with pytest.raises(DomainError) as error:
            hold(run, secretary, left_out=left_out)
        assert error.value.field == "excused"


def test_probationary_members_need_not_be_counted(run, secretary):
    assert hold(run, secretary, should=10, present=6, in_favour=6) == "passed"


def test_the_form_names_each_voter_and_keeps_the_choice(client, run, secretary, roster):
    client.force_login(secretary)
    url = reverse("posts:meeting_create", args=[run.pk])
    form = client.get(url).context["form"]
    assert len(form.voter_names) == 10
    assert form["should_attend"].value() == 10
    data = {"held_on": "2026-01-05", "minutes": "讨论情况。", "against": 0, "abstained": 0, "should_attend": 10}
    data |= {"present": 5, "in_favour": 5, f"left_out_{roster[1].pk}": "bedridden"}
    refused = client.post(url, data | {"present": 9})
    assert refused.status_code == 400
    assert refused.context["form"].any_left_out()
    assert client.post(url, data).status_code == 302
    page = client.get(reverse("posts:nomination_detail", args=[run.nomination_id])).content.decode()
    assert "生活不能自理" in page


def test_a_meeting_without_a_vote_needs_no_roster(campaign, branch, secretary, roster):
    kind = make_kind(campaign, {"kind": "deliberate", "actor": ["branch"], "label": "酝酿"})
    run = open_run(make_nomination(kind, branch, secretary, roster[0], submit=True))
    record_meeting(run, actor=secretary, held_on=date(2026, 1, 5), minutes="x", should_attend=4, present=3, agreed=True)

    assert type(run).objects.get(pk=run.pk).status == "passed"


def test_grades_of_the_nominated_stand_beside_the_minutes(client, campaign, branch, secretary, officer, roster):
    params = {"forum": "members_meeting", "uses_annual_appraisal": True}
    kind = make_kind(campaign, {"kind": "deliberate", "params": params, "label": "党员大会"}, holder="team")
    record_appraisal(roster[0], actor=officer, year=2024, grade="excellent")
    record_appraisal(roster[0], actor=officer, year=2025, grade="basically_qualified")
    run = open_run(make_nomination(kind, branch, secretary, roster[0], roster[1], submit=True))

    assert [(name, grade and (grade.year, grade.is_doubtful)) for name, grade in appraisals_of(run)] == [
        (roster[0].name, (2025, True)),
        (roster[1].name, None),
    ]
    client.force_login(secretary)
    for url in (
        reverse("posts:meeting_create", args=[run.pk]),
        reverse("posts:nomination_detail", args=[run.nomination_id]),
    ):
        page = client.get(url).content.decode()
        assert "基本合格" in page
        assert "请慎重考虑" in page
        assert "未填写等次" in page
