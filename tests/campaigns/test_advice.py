"""Each warning comes when practice speaks against a scheme or a campaign, and only then; none of them blocks."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.campaign_advice import advise_campaign
from campaigns.domain.campaigns import create_campaign, open_campaign
from campaigns.domain.journal import history_of, verify_journal
from campaigns.domain.schemes import examine_scheme
from campaigns.models import Campaign, CampaignStatus, OrgUnit, UnitKind
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.campaigns.test_campaigns import DETAILS
from tests.factories import MemberFactory, make_unit

BASE = """
[scheme]
code = "plain"
title = "样本方案"
honour = "示范岗"
[[kinds]]
code = "person"
label = "个人示范岗"
holder = "person"
stages = "usual"
[[pipelines.usual]]
kind = "nominate"
label = "推荐"
actor = "branch"
[[pipelines.usual]]
kind = "deliberate"
label = "党员大会"
actor = "branch"
params = { forum = "members_meeting" }
[[pipelines.usual]]
kind = "survey"
label = "测评"
actor = "branch"
params = { threshold = 80 }
[[pipelines.usual]]
kind = "notice"
label = "公示"
actor = "branch"
params = { days = 5 }
[[pipelines.usual]]
kind = "decide"
label = "命名"
actor = "committee"
[[reviews]]
code = "monthly"
label = "月度考核"
cadence = "monthly"
reviewer = "branch"
[[veto]]
code = "public"
text = "群众反映强烈，经查证情况属实的不良现象"
requires_verification = true
[rectify]
days = 30
"""
SURVEY = "params = { threshold = 80 }"
MEETING = 'params = { forum = "members_meeting" }'
OWN_REVIEW = BASE.replace('reviewer = "branch"', 'reviewer = "branch"\nsurvey = false')
QUOTA = '[[quotas]]\ncode = "share"\nscope = "branch"\npercent = 10\n'


def codes(text):
    examination = examine_scheme(text)
    assert examination.problems == []
    assert all(warning.source and warning.message and warning.is_warning for warning in examination.warnings)
    return [warning.code for warning in examination.warnings]


def changed(old, new):
    assert old in BASE
    return BASE.replace(old, new, 1)


def test_a_scheme_as_practice_has_it_brings_no_warning():
    assert codes(BASE) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("no_notice", changed('kind = "notice"\nlabel = "公示"\nactor = "branch"\nparams = { days = 5 }',
                              'kind = "endorse"\nlabel = "审核"\nactor = "office"')),
        ("short_notice", changed("params = { days = 5 }", "params = { days = 4 }")),
        ("short_notice", changed("params = { days = 5 }", 'params = { days = 5, day_kind = "calendar" }')),
        ("low_decider", changed('actor = "committee"', 'actor = "branch"')),
        ("org_naming", changed('holder = "person"', 'holder = "org"')),
        ("probationary", changed('holder = "person"', 'holder = "person"\nfull_members_only = false')),
        ("sanction", changed('holder = "person"', 'holder = "person"\nnot_under_sanction = false')),
        ("low_threshold", changed(SURVEY, "params = { threshold = 79 }")),
        ("low_turnout", changed(SURVEY, "params = { threshold = 80, min_turnout_percent = 49 }")),
        ("positive", changed(SURVEY, 'params = { positive = ["satisfied", "basically_satisfied"] }')),
        ("unknown_valid", changed(SURVEY, "params = { not_valid = [] }")),
        ("members_only", changed(SURVEY, 'params = { electorate = ["members"] }')),
        ("quorum", changed(MEETING, 'params = { forum = "members_meeting", quorum = "none" }')),
        ("quorum", changed(MEETING, 'params = { forum = "members_meeting", pass_rule = "none" }')),
        ("rounding", BASE + QUOTA + 'rounding = "ceil"\n'),
        ("rounding", BASE + QUOTA + 'rounding = "round"\n'),
        ("open_quota", BASE + '[[quotas]]\ncode = "share"\nscope = "branch"\n'),
        ("own_review", OWN_REVIEW),
        ("no_time_limit", changed("[rectify]\ndays = 30\n", "")),
        ("unverified_veto", changed("requires_verification = true\n", "")),
        ("no_ban", BASE + "[consequences]\nban_same_year = false\n"),
        ("no_interval", BASE + "[rotation]\nenabled = true\n"),
        ("unused", BASE + '[[pipelines.other]]\nkind = "decide"\nlabel = "命名"\nactor = "committee"\n'),
    ],
)  # fmt: skip
def test_practice_speaks_against(code, text):
    assert codes(text) == [code]


@pytest.mark.parametrize(
    "text",
    [
        changed("params = { days = 5 }", 'params = { days = 7, day_kind = "calendar" }'),
        changed('holder = "person"', 'holder = "team"\nfull_members_only = false'),
        changed(SURVEY, "params = { threshold = 95, min_turnout_percent = 50 }"),
        changed(SURVEY, "params = {}"),  # for information only
        changed(SURVEY, 'params = { electorate = ["service_users"] }'),
        changed(SURVEY, 'params = { options = ["satisfied", "dissatisfied"], not_valid = [] }'),
        changed(MEETING, 'params = { forum = "informal", quorum = "none" }'),
        BASE + QUOTA + 'rounding = "floor"\n',
        BASE + QUOTA,
        changed('reviewer = "branch"', 'reviewer = "office"\nsurvey = false'),
        changed('reviewer = "branch"', 'reviewer = "branch"\nassessments = ["self", "mass"]'),
        changed('reviewer = "branch"', 'reviewer = "branch"\noutcomes = ["pass"]').replace("[rectify]\ndays = 30", ""),
        changed("群众反映强烈，经查证情况属实的不良现象", "发生事故").replace("requires_verification = true\n", ""),
        OWN_REVIEW.replace('"person"\nstages', '"zone"\nstages'),
        BASE + "[rotation]\nenabled = true\ninterval_months = 3\n",
    ],
)  # fmt: skip
def test_what_practice_allows_brings_no_warning(text):
    assert codes(text) == []


def test_a_shared_step_is_spoken_of_once():
    team = '[[kinds]]\ncode = "team"\nlabel = "集体"\nholder = "team"\nstages = "usual"\n'

    assert codes(changed(SURVEY, "params = { threshold = 60 }") + team) == ["low_threshold"]


def test_a_review_by_others_of_the_same_kind_is_enough():
    other = '[[reviews]]\ncode = "other"\nlabel = "考核"\ncadence = "annual"\nreviewer = "committee"\nsurvey = false\n'

    assert codes(OWN_REVIEW + other) == []


# --- with an owner, papers and a roster


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(date(2026, 4, 2), tick=False):
        yield


@pytest.fixture
def prepare(officer, committee, branch, secretary, committee_member):
    OrgUnit.objects.filter(pk=committee.pk).update(address="示例县青样镇示范路1号")
    committee.refresh_from_db()
    for _unused in range(4):
        MemberFactory(branch=branch)

    def make(text=BASE, **details):
        return create_campaign(text, owner=committee, actor=officer, year=2026, **(DETAILS | details))

    return make


def found(campaign):
    return [advice.key for advice in advise_campaign(campaign)]


VILLAGE = changed('holder = "person"', 'holder = "org"')


def test_a_campaign_with_its_papers_brings_no_warning(prepare):
    assert found(prepare()) == []


def test_naming_organisations_names_the_paper_that_is_missing(prepare, committee):
    for details, words in (
        ({"approving_body": ""}, "还没有填写批准单位"),
        ({"approving_body": committee.name}, "批准单位填的就是主办组织自己"),
        ({"basis_document": ""}, "还没有填写“中共示例县委组织部”批准的文件"),
        ({}, "请确认是县级以上单位"),
    ):
        (advice,) = advise_campaign(prepare(VILLAGE, **details))
        assert advice.key == "org_authority"
        assert "乡镇、街道不得自行开展" in advice.text
        assert words in advice.text
        assert advice.source == "《创建示范活动管理办法（试行）》第三条、第四条"


def test_a_superior_that_names_them_needs_no_other(prepare, committee, officer):
    text = VILLAGE.replace('actor = "committee"', 'actor = "superior"')
    assert found(prepare(text)) == []

    OrgUnit.objects.filter(pk=committee.pk).update(kind=UnitKind.SUPERIOR)
    committee.refresh_from_db()
    assert found(prepare(VILLAGE)) == []


def test_a_campaign_beyond_the_own_units_needs_an_authority(prepare):
    assert found(prepare(internal_only=False)) == ["outside_authority"]


def test_a_scheme_for_another_kind_of_organisation_says_so(prepare):
    head = 'honour = "示范岗"\nowner_kinds = ["general_branch"]'

    assert found(prepare(changed('honour = "示范岗"', head))) == ["owner_kind"]


def test_notices_without_telephone_or_address_are_named(prepare, committee):
    campaign = prepare()
    OrgUnit.objects.filter(pk=committee.pk).update(phone="", address="")
    (advice,) = advise_campaign(Campaign.objects.get(pk=campaign.pk))

    assert (advice.key, advice.page, advice.pk) == ("no_contact", "campaigns:unit_edit", committee.pk)
    assert "电话、地址" in advice.text


def test_a_ballot_among_few_members_is_named(prepare, branch, committee):
    text = changed(SURVEY, 'params = { threshold = 80, electorate = ["members"] }')
    small = make_unit(parent=committee, name="小支部")
    MemberFactory(branch=small)
    campaign = prepare(text)
    campaign.units.set([branch, small])
    few = next(advice for advice in advise_campaign(campaign) if advice.key == "few_voters")

    assert "小支部" in few.text
    assert branch.name not in few.text  # five members
    campaign.units.set([branch])
    assert "few_voters" not in found(campaign)


def test_the_office_notes_on_what_basis_it_opens(prepare, officer):
    campaign = prepare(VILLAGE)
    opened = open_campaign(
        campaign, actor=officer, notes={"org_authority": "已知晓，依据示组通〔2026〕3号", "other": "x"}
    )

    (row,) = opened.advice_notes.all()
    assert (opened.status, row.key, row.note, row.noted_by) == (
        CampaignStatus.OPEN, "org_authority", "已知晓，依据示组通〔2026〕3号", officer,
    )  # fmt: skip
    entry = history_of(opened).get(kind="advice_noted")
    assert f'"note":{row.pk}' in entry.body
    assert "示组通" not in entry.body
    assert list(verify_journal()) == []


def test_a_warning_never_blocks(prepare, officer):
    opened = open_campaign(prepare(VILLAGE), actor=officer)

    assert (opened.status, opened.advice_notes.get().note) == (CampaignStatus.OPEN, "")
    assert not history_of(opened).filter(kind="advice_noted").exists()


def test_the_pages_show_warnings_and_keep_the_note(client, officer, prepare, committee):
    campaign = prepare(VILLAGE)
    client.force_login(officer)
    url = reverse("campaigns:campaign_open", args=[campaign.pk])
    for address in (url, reverse("campaigns:campaign_detail", args=[campaign.pk])):
        text = client.get(address).content.decode()
        assert "与通行做法不一致的提醒" in text
        assert "乡镇、街道不得自行开展" in text
    done = client.post(url, {"note:org_authority": "已知晓，依据示组通〔2026〕3号"}, follow=True)

    assert "启动时已知晓的提醒" in done.content.decode()
    assert "已知晓，依据示组通〔2026〕3号" in done.content.decode()


def test_preparing_a_campaign_shows_them_already(client, officer, committee):
    client.force_login(officer)
    text = client.get(reverse("campaigns:campaign_create") + "?scheme=s5").content.decode()

    assert "由党委以下的组织命名" in text
    assert "公示上没有反映问题的渠道" in text  # the committee has no address yet


def test_the_library_shows_the_source_beside_each(client, officer):
    client.force_login(officer)
    text = client.get(reverse("campaigns:scheme_detail", args=["s5"])).content.decode()

    assert "多数方案由党委审批命名" in text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_with_warnings_fit_and_are_accessible(size, request, live_server, prepare, officer):
    page = request.getfixturevalue(size)
    campaign = prepare(VILLAGE)
    sign_in(page, officer, live_server)
    for path in (
        reverse("campaigns:campaign_open", args=[campaign.pk]),
        reverse("campaigns:campaign_detail", args=[campaign.pk]),
        reverse("campaigns:campaign_create") + "?scheme=s5",
    ):
        page.goto(live_server.url + path)
        assert page.get_by_text("与通行做法不一致的提醒").is_visible()
        assert_accessible(page)
        assert_fits(page)
