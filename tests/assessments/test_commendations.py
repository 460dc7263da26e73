"""Commendation lists and the register of rewards: who may, who is barred and why, chosen, released once, exported."""

from datetime import date
from io import BytesIO

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from openpyxl import load_workbook

from assessments.domain.candidates import candidates_of
from assessments.domain.commendations import choose_posts, drop_post, open_commendation, release_commendation
from assessments.domain.rewards import record_reward
from assessments.models import Commendation, Reward, RewardKind, RewardPerson
from assessments.views import commendations as views
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.todos import todos_for
from campaigns.models import Member
from campaigns.schemes.vocabulary import REWARD_KINDS
from posts.domain.bans import ban_people, lift_ban
from posts.domain.revocations import revoke_title
from tests.assessments.titles import TODAY, make_review, make_rule, make_title
from tests.factories import MemberFactory
from tests.posts.test_decision_races import at_once

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
REASON = "群众公认，实绩突出。"


@pytest.fixture
def campaign(campaign):
    campaign.rules = {
        "rewards": [{"kind": "commendation", "text": "每年七一和年底前表彰", "clause": "五、4"}],
        "rounds": [{"code": "july", "label": "七一", "by": "07-01"}, {"code": "end", "label": "年底", "by": "12-31"}],
    }
    campaign.ends_on = date(2026, 12, 31)
    campaign.save()
    return campaign


@pytest.fixture
def occasion(campaign, officer):
    return open_commendation(campaign, actor=officer, label="年度表彰", round_code="end")


@pytest.fixture
def make_result(campaign, officer):
    rule = make_rule(campaign)

    def make(title, outcome, month):
        first = date(2026, month, 1)
        return make_review(
            title, rule, period=f"2026-{month:02}", period_starts_on=first, period_ends_on=first.replace(day=28),
            status="done", outcome=outcome, done_by=officer, done_at="2026-11-01T00:00Z",
        )  # fmt: skip

    return make


def release(occasion, actor, **facts):
    return release_commendation(
        occasion, actor=actor, **{"held_on": TODAY, "document_number": "青示委发〔2026〕9号"} | facts
    )


def hindrances(title):
    return [text for each in candidates_of(title.campaign, only=[title.pk]) for text in each.hindrances]


def test_the_kinds_are_those_of_the_format():
    assert set(RewardKind.values) == set(REWARD_KINDS)


def test_the_last_result_of_the_year_counts(title, make_result):
    assert hindrances(title) == []
    make_result(title, "rectify", 8)
    assert hindrances(title) == ["月度考核 2026-08：限期整改"]
    make_result(title, "pass", 9)
    assert hindrances(title) == []


def test_results_of_an_earlier_year_do_not_count(title, make_result):
    make_result(title, "adjust", 10)
    with time_machine.travel("2027-01-05 09:00+08:00", tick=False):
        assert hindrances(title) == []


def test_who_is_barred_elsewhere_is_barred_here(title, campaign, branch, member, officer):
    elsewhere = make_title(campaign, branch, Member.objects.get(user=member))
    ban = ban_people(elsewhere, actor=officer, reason="态度生硬。", members=[member.member.pk])[0]

    assert hindrances(title) == ["陈样甲至2026-12-31不得列入表彰：态度生硬。"]
    lift_ban(ban, actor=officer, reason="更正。")
    assert hindrances(title) == []


def test_only_live_named_titles_are_candidates(campaign, branch, title):
    make_title(campaign, branch, status="creating", displayed_on=None)
    make_title(campaign, branch, status="adjusted", ended_on=TODAY)
    mending = make_title(campaign, branch, status="rectifying")

    assert {each.conferral: each.is_eligible for each in candidates_of(campaign)} == {title: True, mending: False}


def test_a_list_is_opened_once_for_an_occasion(committee_member, campaign, officer, secretary):
    open_commendation(campaign, actor=officer, label="年度表彰", round_code="end")
    assert committee_member.messages.get().title == "请确定表彰对象：年度表彰"
    for facts in ({"label": "年度表彰"}, {"label": "另一次", "round_code": "end"}, {"label": " "}):
        with pytest.raises(DomainError):
            open_commendation(campaign, actor=officer, **facts)
    with pytest.raises(DomainError) as error:
        open_commendation(campaign, actor=officer, label="七一", round_code="spring")
    assert error.value.field == "round_code"
    with pytest.raises(PermissionDenied):
        open_commendation(campaign, actor=secretary, label="七一")


def test_the_committee_chooses_with_reasons(occasion, title, committee_member, officer):
    with pytest.raises(NotAllowedError):
        choose_posts(occasion, actor=officer, conferrals=[title], reason=REASON)
    with pytest.raises(DomainError) as error:
        choose_posts(occasion, actor=committee_member, conferrals=[title], reason=" ")
    assert error.value.field == "reason"
    (item,) = choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)
    assert (item.reason, item.chosen_by) == (REASON, committee_member)
    drop_post(item, actor=committee_member)
    assert occasion.items.count() == 0


def test_nobody_chooses_his_own_post(occasion, title, branch, committee_member):
    person = MemberFactory(branch=branch, user=committee_member)
    title.holders.create(member=person, name=person.name, from_on=date(2026, 6, 1))
    with pytest.raises(NotAllowedError, match="本人"):
        choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)


def test_who_may_not_be_commended_cannot_be_chosen(occasion, title, campaign, branch, make_result, committee_member):
    bad = make_title(campaign, branch)
    make_result(bad, "rectify", 10)
    with pytest.raises(DomainError, match="限期整改"):
        choose_posts(occasion, actor=committee_member, conferrals=[title, bad], reason=REASON)
    assert occasion.items.count() == 0


def test_the_release_enters_the_register_and_tells_the_people(occasion, title, committee_member, officer, member):
    choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)
    release(occasion, officer)

    reward = Reward.objects.get()
    assert (reward.kind, reward.text, reward.document_number) == ("commendation", "年度表彰", "青示委发〔2026〕9号")
    assert [person.name for person in reward.people.all()] == list(title.holders.values_list("name", flat=True))
    assert member.messages.get(key__startswith="reward").title == "表彰：年度表彰"
    with pytest.raises(OutOfOrderError):
        choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)


def test_somebody_who_fell_meanwhile_stops_the_release(occasion, title, committee_member, committee_secretary, officer):
    choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)
    revoke_title(title, actor=committee_secretary, reason="查证属实。")

    with pytest.raises(DomainError, match="已撤销"):
        release(occasion, officer)
    assert Reward.objects.count() == 0


@pytest.mark.parametrize(
    ("facts", "field"), [({"document_number": " "}, "document_number"), ({"held_on": date(2026, 11, 5)}, "held_on")]
)
def test_what_a_release_needs(occasion, title, committee_member, officer, facts, field):
    choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)
    with pytest.raises(DomainError) as error:
        release(occasion, officer, **facts)
    assert error.value.field == field


def test_an_empty_list_is_not_released(occasion, officer, secretary):
    with pytest.raises(DomainError):
        release(occasion, officer)
    with pytest.raises(PermissionDenied):
        release(occasion, secretary)


def test_the_annual_appraisal_is_a_plain_entry(campaign, title, officer, member):
    record_reward(
        campaign, actor=officer, kind="annual_appraisal", text="年度考核优先评为优秀", given_on=TODAY,
        conferrals=[title], document_number="人教〔2026〕2号",
    )  # fmt: skip

    assert RewardPerson.objects.filter(member__user=member).get().reward.text == "年度考核优先评为优秀"


def test_a_ban_bars_from_honours_but_not_from_the_record_of_an_appraisal(campaign, title, officer):
    ban_people(title, actor=officer, reason="不符合标准。")
    entry = {"actor": officer, "text": "评为优秀共产党员", "given_on": TODAY, "conferrals": [title]}
    for kind in ("commendation", "selection"):
        with pytest.raises(DomainError) as error:
            record_reward(campaign, kind=kind, **entry)
        assert error.value.field == "posts"
    assert record_reward(campaign, kind="annual_appraisal", **entry).people.count() == 2


@pytest.mark.parametrize(("day", "asked"), [("2026-06-01", ["七一"]), ("2026-07-02", []), ("2026-12-01", ["年底"])])
def test_the_office_is_asked_for_the_list_before_its_round(campaign, officer, day, asked):
    with time_machine.travel(f"{day} 09:00+08:00", tick=False):
        titles = [todo.title for todo in todos_for(officer) if "表彰名单" in todo.title]

    assert titles == [f"准备表彰名单：{label}" for label in asked]


def test_the_work_list_asks_to_choose_then_to_release(occasion, title, committee_member, officer):
    def titles(user):
        return [todo.title for todo in todos_for(user) if "年度表彰" in todo.title]

    assert (titles(committee_member), titles(officer)) == (["请确定表彰对象：年度表彰"], [])
    choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)
    assert (titles(committee_member), titles(officer)) == ([], ["“年度表彰”名单尚未发布"])


def test_the_pages_from_the_opening_to_the_export(
    client, campaign, title, branch, committee_member, committee_secretary, officer, make_result
):
    barred = make_title(campaign, branch, MemberFactory(branch=branch), name="=1+1岗")
    revoke_title(barred, actor=committee_secretary, reason="查证属实。")
    make_result(title, "pass", 10)
    client.force_login(officer)
    page = client.get(reverse("campaigns:campaign_detail", args=[campaign.pk])).content.decode()
    assert "每年七一和年底前表彰" in page
    create = reverse("assessments:commendation_create", args=[campaign.pk])
    assert client.post(create, {"label": ""}).status_code == 400
    detail = client.post(create, {"label": "年度表彰", "round_code": "end"}).url
    pk = Commendation.objects.get().pk
    client.force_login(committee_member)
    page = client.get(detail).content.decode()
    for part in ("综合窗口岗", "2026-10", "=1+1岗", "查证属实。"):
        assert part in page, part
    choose = reverse("assessments:commendation_choose", args=[pk])
    assert client.post(choose, {"reason": REASON}).status_code == 400
    assert client.post(choose, {"post": [title.pk], "reason": "=CMD()"}).url == detail
    client.force_login(officer)
    assert client.post(reverse("assessments:commendation_release", args=[pk]), {"held_on": TODAY}).status_code == 400
    done = {"held_on": TODAY, "document_number": "9号"}
    assert client.post(reverse("assessments:commendation_release", args=[pk]), done).url == detail
    book = load_workbook(BytesIO(client.get(reverse("assessments:commendation_export", args=[pk])).content))
    cell = book.active["G2"]
    assert (cell.value, cell.data_type) == ("=CMD()", "s")
    assert client.get(reverse("assessments:commendation_sheet", args=[pk])).content.startswith(b"%PDF")
    assert "年度表彰" in client.get(reverse("posts:conferral_detail", args=[title.pk])).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("assessments:reward_export")).content))
    assert [row[2] for row in book.active.iter_rows(min_row=2, values_only=True)] == ["年度表彰"] * 2


def test_recording_a_reward_on_the_page(client, campaign, title, officer):
    client.force_login(officer)
    url = reverse("assessments:reward_create", args=[campaign.pk])
    assert "五、4" in client.get(url).content.decode()
    data = {"kind": "material", "text": "奖励500元", "given_on": TODAY, "conferrals": [title.pk]}
    assert client.post(url, data | {"text": ""}).status_code == 400
    assert client.post(url, data).url == reverse("assessments:reward_list")
    assert "奖励500元" in client.get(reverse("assessments:reward_list")).content.decode()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("commendation_create", {"officer": 200, "committee_member": 403, "stranger": 404}),
        ("commendation_detail", {"officer": 200, "committee_member": 200, "secretary": 404, "stranger": 404}),
        ("commendation_barred", {"officer": 200, "committee_member": 200, "secretary": 404, "stranger": 404}),
        ("reward_create", {"officer": 200, "committee_member": 403, "stranger": 404}),
        ("commendation_list", {"officer": 200, "stranger": 200}),
    ],
)
def test_who_sees_the_pages(client, request, occasion, name, expected):
    pk = {"commendation_detail": occasion.pk, "commendation_barred": occasion.pk, "commendation_list": None}.get(
        name, occasion.campaign_id
    )
    for who, status in expected.items():
        client.force_login(request.getfixturevalue(who))
        assert client.get(reverse(f"assessments:{name}", args=[pk] if pk else [])).status_code == status, who


@pytest.mark.parametrize("count", [1, 3])
def test_pages_cost_the_same_for_any_number(
    client, quiet_menu, occasion, campaign, branch, make_result, officer, django_assert_num_queries, count
):
    for _n in range(count):
        post = make_title(campaign, branch, MemberFactory(branch=branch))
        make_result(post, "pass", 10)
        record_reward(campaign, actor=officer, kind="moral", text="表扬", given_on=TODAY, conferrals=[post])
    client.force_login(officer)
    with django_assert_num_queries(12):
        client.get(reverse("assessments:commendation_detail", args=[occasion.pk]))
    with django_assert_num_queries(7):
        client.get(reverse("assessments:reward_list"))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_release_one_list_once(occasion, title, committee_member, officer, committee_secretary):
    choose_posts(occasion, actor=committee_member, conferrals=[title], reason=REASON)
    results = at_once([lambda user=user: release(occasion, user) for user in (officer, committee_secretary)])

    assert sum(isinstance(result, OutOfOrderError) for result in results) == 1
    assert Reward.objects.count() == 1


def test_who_is_barred_stands_on_its_page_and_on_the_second_sheet(
    client, occasion, campaign, branch, officer, monkeypatch
):
    monkeypatch.setattr(views, "PAGE", 2)
    for number in range(3):
        barred = make_title(campaign, branch, MemberFactory(branch=branch), name=f"撤销岗{number}")
        barred.bans.create(org_unit=branch, year=TODAY.year, reason="查证属实。")
    client.force_login(officer)
    url = reverse("assessments:commendation_barred", args=[occasion.pk])
    pages = [[each.name for each in client.get(url, {"page": number}).context["page_obj"]] for number in (1, 2)]
    assert pages == [["撤销岗0", "撤销岗1"], ["撤销岗2"]]

    book = load_workbook(BytesIO(client.get(reverse("assessments:commendation_export", args=[occasion.pk])).content))
    rows = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["撤销岗0", "撤销岗1", "撤销岗2"]
    assert all("查证属实。" in row[2] for row in rows)


def test_those_who_may_be_commended_have_pages(client, occasion, campaign, branch, officer, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    for number in range(3):
        make_title(campaign, branch, MemberFactory(branch=branch), name=f"岗位{number}")
    client.force_login(officer)
    url = reverse("assessments:commendation_detail", args=[occasion.pk])
    pages = [[str(each.conferral) for each in client.get(url, {"page": n}).context["page_obj"]] for n in (1, 2)]
    assert pages == [["岗位0", "岗位1"], ["岗位2"]]
