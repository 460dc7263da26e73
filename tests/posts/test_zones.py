"""Responsibility zones 党员责任区: several hands, tasks with targets, results that are published (S7 R11–R15)."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.todos import todos_for
from posts.domain.adjustments import confirm_adjustment, propose_adjustment, record_adjustment_consent
from posts.domain.eligibility import find_problems
from posts.domain.members import Chosen
from posts.domain.nominations import create_nomination, save_draft, submit_nomination
from posts.domain.zone_tasks import last_period, period_start, read_tasks
from posts.domain.zones import add_task, close_task, publish_results, record_result, remove_result
from posts.models import ConferralStatus, TaskResult
from tests.factories import CampaignFactory, MemberFactory
from tests.posts.cases import make_conferral, make_kind, make_nomination
from tests.posts.holders import ZONE_WAY, names_of

TASKS = [{"text": "入户走访", "target": 10, "unit": "户", "cadence": "monthly"}, {"text": "政策宣传"}]
RULES = {"required_fields": ["name", "area", "duties"], "tasks": TASKS, "publish_results": True, "max_members": 3}


@pytest.fixture
def kind(committee):
    return make_kind(committee, *ZONE_WAY, code="zone", label="党员责任区", holder="zone", rules=RULES)


@pytest.fixture
def zone(kind, branch, secretary, member):
    with time_machine.travel("2026-09-10 09:00+08:00", tick=False):
        return make_conferral(
            kind,
            branch,
            decider=secretary,
            releaser=secretary,
            name="上样村一组责任区",
            members=[member.member],
            area="上样村一组 42 户",
            own_tasks="调解邻里纠纷\n代办事项 20件",
        )


def test_a_zone_gets_the_tasks_of_the_scheme_and_its_own(zone):
    assert list(zone.tasks.values_list("text", "target", "unit", "cadence", "is_own")) == [
        ("入户走访", 10, "户", "monthly", False),
        ("政策宣传", None, "", "none", False),
        ("调解邻里纠纷", None, "", "none", True),
        ("代办事项", 20, "件", "none", True),
    ]
    assert (zone.status, zone.area, zone.plaques.count()) == (ConferralStatus.ACTIVE, "上样村一组 42 户", 0)


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("入户走访 10户", ("入户走访", 10, "户")),
        ("走访12", ("走访", 12, "")),
        ("2026年防汛", ("2026年防汛", None, "")),
        ("", None),
    ],
)
def test_own_tasks_are_read_from_lines(line, read):
    assert read_tasks(line) == ([read] if read else [])


@pytest.mark.parametrize(
    ("cadence", "start", "last"),
    [
        ("monthly", date(2026, 11, 1), (date(2026, 10, 1), date(2026, 10, 31))),
        ("quarterly", date(2026, 10, 1), (date(2026, 7, 1), date(2026, 9, 30))),
        ("semester", date(2026, 9, 1), (date(2026, 2, 1), date(2026, 8, 31))),
        ("annual", date(2026, 1, 1), (date(2025, 1, 1), date(2025, 12, 31))),
        ("none", None, None),
    ],
)
def test_periods(cadence, start, last):
    assert (period_start(cadence, date(2026, 11, 21)), last_period(cadence, date(2026, 11, 21))) == (start, last)


def test_a_semester_reaches_over_the_turn_of_the_year():
    assert period_start("semester", date(2027, 1, 15)) == date(2026, 9, 1)


def test_the_paper_wants_the_area_and_somebody_who_answers(kind, branch, secretary, member):
    nomination = create_nomination(
        kind.campaign, post_kind=kind, org_unit=branch, actor=secretary, name="一组", duties="联系群众", reasons="划分"
    )
    both = [Chosen(member=m.pk, shared=True) for m in (member.member, MemberFactory(branch=branch))]
    save_draft(nomination, actor=secretary, version=1, fields={}, members=both)
    assert {problem.field for problem in find_problems(nomination)} == {"area", "members"}
    one = [Chosen(member=both[0].member), both[1]]
    save_draft(nomination, actor=secretary, version=2, fields={"area": "一组"}, members=one)
    nomination.refresh_from_db()

    assert find_problems(nomination) == []
    assert list(nomination.members.values_list("shared", flat=True)) == [False, True]


def test_who_shares_a_zone_is_shown_so(client, kind, branch, secretary):
    members = MemberFactory.create_batch(2, branch=branch)
    nomination = make_nomination(kind, branch, members=members, area="一组")
    nomination.members.filter(member=members[1]).update(shared=True)
    from posts.domain.decisions import propose_decisions, release_decision
    from tests.posts.cases import open_run

    decision = propose_decisions([open_run(nomination)], outcome="approved", actor=secretary)
    release_decision(decision, actor=secretary)
    page = client.get(reverse("posts:public_post", args=[nomination.conferral.public_id])).content.decode()

    assert f"{members[0].name}、{members[1].name}（共同承担）" in page


def test_results_are_recorded_by_the_branch_and_who_answers(zone, secretary, member, other_secretary, stranger):
    task = zone.tasks.first()
    record_result(task, actor=secretary, on=date(2026, 11, 3), done=6)
    record_result(task, actor=member, on=date(2026, 11, 5), done=5, note="独居老人五户")
    for user in (other_secretary, stranger):
        with pytest.raises(NotAllowedError):
            record_result(task, actor=user, on=date(2026, 11, 5), done=5)
    for wrong in ({"on": date(2026, 11, 5)}, {"on": date(2026, 9, 9), "done": 1}, {"on": date(2030, 1, 1), "done": 1}):
        with pytest.raises(DomainError):
            record_result(task, actor=secretary, **wrong)

    assert TaskResult.objects.count() == 2


def test_results_are_published_with_an_evaluation_and_stay(client, zone, secretary, member):
    result = record_result(zone.tasks.first(), actor=member, on=date(2026, 11, 3), done=6, note="一组")
    with pytest.raises(NotAllowedError):
        publish_results(zone, actor=member, evaluation="好")
    with pytest.raises(DomainError):
        publish_results(zone, actor=secretary, evaluation=" ")
    publish_results(zone, actor=secretary, evaluation="走访到位，群众满意。")
    with pytest.raises(DomainError, match="没有新的登记"):
        publish_results(zone, actor=secretary, evaluation="再次")
    with pytest.raises(OutOfOrderError):
        remove_result(result, actor=secretary)
    page = client.get(reverse("posts:public_post", args=[zone.public_id])).content.decode()

    assert "走访到位，群众满意。" in page
    assert "入户走访 6户 · 一组" in page
    assert "上样村一组 42 户" in page


def test_nobody_evaluates_his_own_zone(kind, branch, secretary):
    post = make_conferral(kind, branch, decider=secretary, releaser=secretary, area="一组")
    post.holders.update(member=secretary.member)
    record_result(post.tasks.first(), actor=secretary, on=post.conferred_on, done=3)
    with pytest.raises(NotAllowedError):
        publish_results(post, actor=secretary, evaluation="很好")


def test_a_scheme_that_publishes_nothing_publishes_nothing(kind, zone, secretary):
    kind.rules = {**RULES, "publish_results": False}
    kind.save()
    record_result(zone.tasks.first(), actor=secretary, on=date(2026, 11, 3), done=6)
    with pytest.raises(DomainError, match="没有规定公开"):
        publish_results(zone, actor=secretary, evaluation="好")


def test_the_branch_sets_and_closes_tasks_of_its_own(zone, secretary, member):
    with pytest.raises(NotAllowedError):
        add_task(zone, actor=member, text="防汛巡查")
    task = add_task(zone, actor=secretary, text="防汛巡查", cadence="monthly")
    close_task(task, actor=secretary)
    with pytest.raises(OutOfOrderError):
        close_task(zone.tasks.first(), actor=secretary)
    with pytest.raises(OutOfOrderError):
        record_result(task, actor=secretary, on=date(2026, 11, 3), done=1)


@time_machine.travel("2026-11-21 09:00+08:00", tick=False)
def test_a_period_without_a_result_is_asked_for(zone, secretary, member):
    def asked(user):
        return [(todo.title, todo.due_on) for todo in todos_for(user) if "任务完成情况" in todo.title]

    wanted = [("登记“上样村一组责任区”的任务完成情况", date(2026, 11, 10))]
    assert (asked(secretary), asked(member)) == (wanted, wanted)
    record_result(zone.tasks.first(), actor=member, on=date(2026, 10, 20), done=10)

    assert (asked(secretary), asked(member)) == ([], [])


def test_more_hands_join_a_zone_but_not_more_than_allowed(zone, branch, secretary):
    members = MemberFactory.create_batch(3, branch=branch)
    with pytest.raises(DomainError, match="不得超过 3 人"):
        propose_adjustment(zone, actor=secretary, coming=[Chosen(member=m.pk) for m in members], going=[], reason="增")
    coming = [Chosen(member=members[0].pk, shared=True)]
    adjustment = propose_adjustment(zone, actor=secretary, coming=coming, going=[], reason="年老体弱，共同承担。")
    record_adjustment_consent(adjustment.lines.get(), actor=secretary, answer="agreed")
    confirm_adjustment(adjustment, actor=secretary)

    assert len(names_of(zone)) == 2
    assert zone.holders.get(member=members[0]).shared


@time_machine.travel("2026-11-21 09:00+08:00", tick=False)
def test_the_page_does_it(client, zone, secretary, stranger):
    task = zone.tasks.first()
    page = reverse("posts:zone_tasks", args=[zone.pk])
    client.force_login(stranger)
    assert client.get(page).status_code == 404
    assert client.post(reverse("posts:result_add", args=[task.pk])).status_code == 404
    client.force_login(secretary)
    add = reverse("posts:result_add", args=[task.pk])
    assert client.post(add, {f"t{task.pk}-on": "2026-11-20"}).status_code == 400
    client.post(add, {f"t{task.pk}-on": "2026-11-20", f"t{task.pk}-done": "7", f"t{task.pk}-note": "七户"})
    assert "7 / 10户" in client.get(page).content.decode()
    publish = reverse("posts:results_publish", args=[zone.pk])
    assert client.post(publish, {"evaluation": ""}).status_code == 400
    client.post(publish, {"evaluation": "较好"})
    client.post(reverse("posts:task_add", args=[zone.pk]), {"text": "防汛", "cadence": "none"})

    text = client.get(page).content.decode()
    assert "较好" in text
    assert "防汛" in text
    assert client.get(reverse("posts:conferral_detail", args=[zone.pk])).status_code == 200


@pytest.mark.parametrize("results", [1, 3])
def test_the_page_costs_the_same_however_much_was_recorded(
    client, zone, secretary, results, django_assert_num_queries, quiet_menu
):
    for _number in range(results):
        record_result(zone.tasks.first(), actor=secretary, on=date(2026, 11, 3), done=1)
    client.force_login(secretary)
    address = reverse("posts:zone_tasks", args=[zone.pk])
    client.get(address)
    with django_assert_num_queries(9):
        client.get(address)


def test_conditions_are_confirmed_with_the_submission(committee, branch, secretary):
    from tests.factories import make_kind as short_kind
    from tests.factories import make_nomination as paper

    rules = {"conditions": ["在本岗位工作满一年"], "categories": ["管理育人", "服务育人"]}
    kind = short_kind(CampaignFactory(owner=committee), {"kind": "nominate"}, rules=rules)
    nomination = paper(kind, branch, secretary, MemberFactory(branch=branch))
    assert [problem.field for problem in find_problems(nomination)] == ["category"]
    assert (nomination.declared, nomination.declared_by) == ([], None)
    save_draft(nomination, actor=secretary, version=nomination.version, fields={"category": "服务育人"})
    nomination = submit_nomination(nomination, actor=secretary)

    assert (nomination.declared, nomination.declared_by) == (["在本岗位工作满一年"], secretary)


def test_the_category_goes_with_the_post(client, committee, branch, committee_member, officer):
    kind = make_kind(committee, rules={"categories": ["管理育人", "服务育人"]})
    for category in ("管理育人", "服务育人"):
        make_conferral(
            kind, branch, decider=committee_member, releaser=officer, name=f"{category}窗口", category=category
        )
    client.force_login(officer)
    register = reverse("posts:conferral_list")
    page = client.get(register, {"category": "服务育人"}).content.decode()

    assert ("服务育人窗口" in page, "管理育人窗口" in page) == (True, False)
    assert "管理育人窗口" in client.get(register).content.decode()
