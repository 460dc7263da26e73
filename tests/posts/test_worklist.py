import pytest

from campaigns.domain.todos import todos_for
from posts.domain.notices import runs_to_publish
from posts.domain.pipeline import start
from posts.domain.rights import waiting_runs
from posts.models import Nomination
from tests.factories import CampaignFactory, PostKindFactory, StageFactory


def test_the_work_list_asks_the_unit_itself_and_not_everybody_above(secretary, officer, branch, committee):
    """The office may open a branch's survey, but it is the secretary who is asked to."""
    kind = PostKindFactory(campaign=CampaignFactory(owner=committee))
    StageFactory(post_kind=kind, position=1, kind="endorse", actor=["branch"], params={"verb": "推荐意见"})
    nomination = Nomination.objects.create(
        campaign=kind.campaign, post_kind=kind, org_unit=branch, name="示范岗", proposer=officer, status="in_progress"
    )
    start(nomination, actor=officer)
    nomination.submitted_at = nomination.created_at
    nomination.save()

    assert waiting_runs(officer, "endorse").count() == 1
    assert waiting_runs(officer, "endorse", own_units=True).count() == 0
    assert [todo.section for todo in todos_for(secretary)] == ["nominations"]
    assert todos_for(officer) == []


def test_a_branch_notice_is_the_task_of_the_branch(secretary, officer, branch, committee):
    kind = PostKindFactory(campaign=CampaignFactory(owner=committee))
    StageFactory(post_kind=kind, position=1, kind="notice", actor=["branch"], params={"object": "members"})
    nomination = Nomination.objects.create(
        campaign=kind.campaign, post_kind=kind, org_unit=branch, name="示范岗", proposer=officer, status="in_progress"
    )
    start(nomination, actor=officer)
    nomination.submitted_at = nomination.created_at
    nomination.save()

    assert [run.nomination for run in runs_to_publish(officer)] == [nomination]
    assert [todo.section for todo in todos_for(secretary)] == ["notices"]
    assert todos_for(officer) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_the_home_page_shows_posts_and_tasks_at_one_cost(
    client, secretary, branch, committee, rows, django_assert_num_queries
):
    """The whole workbench: every work list, every panel."""
    kind = PostKindFactory(campaign=CampaignFactory(owner=committee))
    StageFactory(post_kind=kind, position=1, kind="nominate", actor=["branch"])
    for n in range(rows):
        nomination = Nomination.objects.create(
            campaign=kind.campaign, post_kind=kind, org_unit=branch, name=f"示范岗{n}", proposer=secretary
        )
        start(nomination, actor=secretary)
    client.force_login(secretary)
    client.get("/")

    with django_assert_num_queries(45):
        page = client.get("/").content.decode()
    assert page.count("示范岗0") == 2
