"""Moving dates of a campaign: what moves along, what stays, who is told, and what frozen rules refuse."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from campaigns.domain.campaign_rules import scheme_of
from campaigns.domain.campaigns import close_campaign, create_campaign, open_campaign
from campaigns.domain.errors import DomainError, OutOfOrderError, StaleError
from campaigns.domain.journal import history_of
from campaigns.domain.plan import load_plan
from campaigns.domain.planning import apply_move, last_move, movable_targets, plan_move
from campaigns.domain.rule_copies import rules_checksum
from campaigns.domain.timeline import planned_stages
from campaigns.models import DueItem, Holiday, Message, Phase
from campaigns.schemes.explain import explain_scheme
from tests.campaigns.test_campaigns import DETAILS, SCHEMES


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(date(2026, 4, 2), tick=False):
        yield


@pytest.fixture
def draft(officer, committee, branch, secretary, committee_member):
    return create_campaign(SCHEMES["default"], owner=committee, actor=officer, year=2026, **DETAILS)


@pytest.fixture
def running(draft, officer):
    return open_campaign(draft, actor=officer)


def move(campaign, what, to, actor, reason="按上级通知调整"):
    """Look, then do it."""
    looked = plan_move(campaign, what, to)
    made = apply_move(campaign, what=what, to=to, actor=actor, version=looked.version, reason=reason)
    campaign.refresh_from_db()
    return made


def step_of(campaign, kind):
    return campaign.kinds.first().stages.get(kind=kind)


def days(campaign):
    return [(s.first, s.last) for s in next(iter(planned_stages(campaign).values()))]


def test_looking_changes_nothing_and_says_what_moves(draft):
    before = days(draft)
    looked = plan_move(draft, "nominations", date(2026, 4, 30))

    assert days(draft) == before
    assert draft.nominations_until == DETAILS["nominations_until"]
    steps = [change for change in looked.changes if change.icon == "milestone"]
    assert [change.label for change in steps] == [s.label for s in next(iter(planned_stages(draft).values()))]
    assert all(change.after > change.before for change in steps)
    assert "接在“支部推荐”之后，5个工作日" in [change.why for change in steps]


def test_reviews_follow_the_planned_naming(draft):
    looked = plan_move(draft, "nominations", date(2026, 8, 3))
    naming = next(change for change in looked.changes if change.icon == "award")
    reviews = [change for change in looked.changes if change.icon == "clipboard-check"]

    assert (naming.before[0].month, naming.after[0].month) == (6, 9)
    assert [(change.label, change.after) for change in reviews[:2]] == [
        ("月度考核（2026-06）", None),
        ("季度考核（2026-Q2）", None),
    ]
    assert {change.why for change in reviews} == {"不再落在命名到活动结束之间"}


def test_moving_to_the_same_day_moves_nothing(draft, officer):
    looked = plan_move(draft, "nominations", draft.nominations_until)

    assert (looked.changes, looked.moves_nothing) == ([], True)
    with pytest.raises(DomainError, match="没有变化"):
        move(draft, "nominations", draft.nominations_until, officer)


def test_a_move_and_the_move_back_leave_everything_as_it_was(draft, officer):
    before = load_plan(draft)
    made = move(draft, "nominations", date(2026, 4, 30), officer)
    undo = last_move(draft)
    assert (undo, undo.before) == (made, DETAILS["nominations_until"].isoformat())
    move(draft, undo.target, DETAILS["nominations_until"], officer)

    assert load_plan(draft) == before
    assert draft.date_moves.count() == 2


def test_a_draft_may_move_everything_and_its_rules_read_so(officer, committee):
    text = (
        SCHEMES["default"]
        + """
[[phases]]
label = "启动"
starts = "04-01"
ends = "04-30"
[[rounds]]
code = "july"
label = "七一"
by = "07-01"
[[milestones]]
label = "上报总结"
on = "12-10"
"""
    )
    draft = create_campaign(text, owner=committee, actor=officer, year=2026, **DETAILS)
    phase, notice = draft.phases.get(), step_of(draft, "notice")
    wanted = {
        "start": date(2026, 3, 2),
        "end": date(2026, 11, 30),
        f"length:{notice.pk}": 8,
        f"phase_start:{phase.pk}": date(2026, 3, 2),
        f"phase_end:{phase.pk}": date(2026, 5, 15),
        "round:july": date(2026, 6, 30),
        "milestone:0": date(2027, 1, 8),
    }
    for what, to in wanted.items():
        move(draft, what, to, officer, reason="")

    values = {target.key: target.value for target in movable_targets(draft)}
    assert {key: values[key] for key in wanted} == wanted
    said = "\n".join(f"{line.text} {line.details}" for s in explain_scheme(scheme_of(draft)) for line in s.lines)
    for part in ("启动：3月2日至5月15日", "七一：6月30日", "次年1月8日：上报总结", "计划用时8个工作日"):
        assert part in said, said


def test_a_due_day_of_a_draft_moves_with_it(draft, officer):
    stage = step_of(draft, "decide")
    stage.due_on = date(2026, 6, 15)
    stage.save()
    move(draft, f"due:{stage.pk}", date(2026, 6, 12), officer)
    stage.refresh_from_db()

    assert stage.due_on == date(2026, 6, 12)
    assert f"length:{stage.pk}" not in {target.key for target in movable_targets(draft)}


def test_an_order_that_cannot_be_is_refused(draft, officer):
    looked = plan_move(draft, "end", date(2026, 4, 1))

    assert looked.is_blocked
    with pytest.raises(DomainError, match="结束"):
        move(draft, "end", date(2026, 4, 1), officer)


def test_what_only_does_not_work_out_is_told_but_possible(draft, officer):
    looked = plan_move(draft, "end", date(2026, 5, 6))

    assert not looked.is_blocked
    assert any("晚于活动结束日期（2026-05-06）" in conflict.text for conflict in looked.conflicts)
    move(draft, "end", date(2026, 5, 6), officer)


@pytest.mark.parametrize("what", ["nonsense", "length:999999", "due:x", "round:none", ""])
def test_what_does_not_exist_is_refused(draft, what):
    with pytest.raises(DomainError):
        plan_move(draft, what, date(2026, 5, 1))


@pytest.mark.parametrize(
    ("what", "to"),
    [
        ("end", 5),
        ("end", None),
        ("length", date(2026, 5, 1)),
        ("length", -1),
        ("length", 731),
        ("end", date(2062, 1, 1)),
    ],
)
def test_a_nonsense_value_is_refused(draft, what, to):
    key = f"length:{step_of(draft, 'notice').pk}" if what == "length" else what
    with pytest.raises(DomainError):
        plan_move(draft, key, to)


def test_a_stale_preview_is_refused(draft, officer):
    looked = plan_move(draft, "nominations", date(2026, 4, 30))
    move(draft, "end", date(2026, 12, 1), officer)
    with pytest.raises(StaleError):
        apply_move(draft, what="nominations", to=looked.to, actor=officer, version=looked.version)


def test_a_changed_holiday_makes_the_preview_stale(draft, officer):
    looked = plan_move(draft, "nominations", date(2026, 4, 30))
    Holiday.objects.create(date=date(2026, 6, 2), name="停电")
    with pytest.raises(StaleError):
        apply_move(draft, what="nominations", to=looked.to, actor=officer, version=looked.version)


def test_only_the_office_moves(draft, secretary):
    looked = plan_move(draft, "nominations", date(2026, 4, 30))
    with pytest.raises(PermissionDenied):
        apply_move(draft, what="nominations", to=looked.to, actor=secretary, version=looked.version)


def test_an_open_campaign_moves_only_what_is_no_rule(running):
    Phase.objects.create(campaign=running, label="启动", starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 30))
    families = {target.family for target in movable_targets(running)}

    assert families == {"nominations", "end", "length"}
    for what in ("start", f"phase_end:{running.phases.get().pk}"):
        with pytest.raises(OutOfOrderError, match="启动后"):
            plan_move(running, what, date(2026, 5, 4))


def test_moving_an_open_campaigns_dates_keeps_its_check_sum(running, officer):
    step = step_of(running, "notice")
    move(running, "nominations", date(2026, 4, 29), officer)
    move(running, f"length:{step.pk}", 9, officer)
    move(running, "end", date(2026, 12, 30), officer)

    assert rules_checksum(running) == running.rules_sha256


def test_an_open_campaign_wants_a_reason_and_tells_those_concerned(running, officer, secretary, member):
    with pytest.raises(DomainError, match="原因"):
        move(running, "nominations", date(2026, 4, 29), officer, reason=" ")
    Message.objects.all().delete()
    move(running, "nominations", date(2026, 4, 29), officer, reason="农忙推迟")
    assert set(Message.objects.values_list("user", flat=True)) == {secretary.pk, member.pk}
    assert "2026-04-29" in Message.objects.first().body
    assert "农忙推迟" in Message.objects.first().body

    Message.objects.all().delete()
    move(running, f"length:{step_of(running, 'notice').pk}", 9, officer)
    assert set(Message.objects.values_list("user", flat=True)) == {secretary.pk}


def test_a_draft_tells_nobody(draft, officer):
    move(draft, "nominations", date(2026, 4, 29), officer)

    assert not Message.objects.exists()


def test_a_move_is_journalled_without_its_text(running, officer):
    made = move(running, "nominations", date(2026, 4, 29), officer)
    entry = history_of(running).last()

    assert (entry.kind, entry.actor) == ("date_moved", officer)
    assert f'"move":{made.pk}' in entry.body
    assert "2026-04-29" in entry.body
    assert "按上级通知调整" not in entry.body
    assert made.reason == "按上级通知调整"


def test_a_last_day_is_not_moved_into_the_past(running, officer):
    with pytest.raises(DomainError, match="过去"):
        move(running, "nominations", date(2026, 4, 1), officer)


def test_a_closed_campaign_stays_as_it_is(running, officer):
    close_campaign(running, actor=officer)
    running.refresh_from_db()

    assert movable_targets(running) == []
    assert last_move(running) is None
    with pytest.raises(OutOfOrderError):
        plan_move(running, "end", date(2026, 12, 1))


def test_undo_is_no_longer_offered_when_the_date_was_changed_otherwise(draft, officer):
    move(draft, "nominations", date(2026, 4, 30), officer)
    draft.nominations_until = date(2026, 5, 8)
    draft.save()

    assert last_move(draft) is None


def test_days_that_the_scheme_names_stay_and_are_listed(draft):
    stage = step_of(draft, "decide")
    stage.due_on = date(2026, 6, 15)
    stage.save()
    looked = plan_move(draft, "nominations", date(2026, 4, 29))

    assert looked.stays == [f"{stage.label}：完成期限仍为2026-06-15：这是方案规定的日期。"]


def test_reminders_of_the_campaigns_days_follow_a_move(running, officer):
    move(running, "end", date(2027, 1, 29), officer)
    periods = DueItem.objects.filter(kind="campaign_day", subject_id=running.pk).values_list("period", flat=True)

    assert "yearly::2026-12-30:0" in periods  # thirty days before the new end
