"""The pages of first batches, rounds, quotas, opinions on many and minutes with names, on a desktop and on a phone."""

import pytest

from campaigns.domain.appraisals import record_appraisal
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.factories import CampaignFactory, MemberFactory, UserFactory, make_kind, make_nomination
from tests.posts.cases import DECIDE, open_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOMINATE = {"kind": "nominate", "actor": ["branch"], "label": "支部推荐"}
MEETING = {"forum": "members_meeting", "uses_annual_appraisal": True}
ROUNDS = [{"code": "july", "label": "七一", "by": "07-01"}, {"code": "end", "label": "年底", "by": "12-31"}]


@pytest.fixture
def site(live_server, committee, branch, secretary, officer):
    """The addresses of the pages, and who looks at each."""
    campaign = CampaignFactory(owner=committee, rules={"rounds": ROUNDS})
    campaign.units.add(branch)
    campaign.quotas.create(code="range", scope="branch", params={"min": 12, "max": 15}, clause="五.2")
    campaign.quotas.create(code="share", scope="branch", params={"percent": 10, "enforce": False}, clause="三（二）")
    rounds = DECIDE | {"params": {"rounds": ["july", "end"]}}
    make_kind(campaign, NOMINATE, rounds, code="later", label="集体岗（以后各批）", rules={"follows": "first"})
    opinion = {"kind": "endorse", "actor": ["committee"], "label": "综合评审", "params": {"report_to": "县委组织部"}}
    endorsed = make_kind(campaign, NOMINATE, opinion, code="first", label="集体岗（首批）", holder="team")
    decided = make_kind(campaign, NOMINATE, rounds, code="decided", label="个人岗")
    meeting = make_kind(campaign, {"kind": "deliberate", "label": "党员大会", "params": MEETING}, code="meeting")
    members = MemberFactory.create_batch(8, branch=branch)
    record_appraisal(members[0], actor=officer, year=2025, grade="basically_qualified")
    for kind, n in ((endorsed, 3), (decided, 2)):
        for i in range(n):
            make_nomination(kind, branch, secretary, members[i], submit=True, name=f"便民服务{kind.label}{i + 1}")
    run = open_run(make_nomination(meeting, branch, secretary, members[0], submit=True))
    return live_server.url, {
        "campaign": (f"/campaigns/{campaign.pk}/", "officer", "还差"),
        "start": ("/nominations/new/", "secretary", "目前不能申报"),
        "opinions": ("/endorsements/", "committee_member", "综合评审"),
        "waiting": ("/decisions/waiting/", "committee_member", "前）"),
        "minutes": (f"/runs/{run.pk}/meeting/", "secretary", "请慎重考虑"),
        "member": (f"/organization/members/{members[0].pk}/", "officer", "基本合格"),
    }


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_the_pages_fit_and_can_be_used_by_everybody(size, request, live_server, site):
    page = request.getfixturevalue(size)
    url, pages = site
    for address, who, text in pages.values():
        sign_in(page, request.getfixturevalue(who), live_server)
        page.goto(url + address)
        assert page.get_by_text(text).first.is_visible()
        assert_accessible(page)
        assert_fits(page)


def test_a_member_applies_for_himself_on_his_phone(live_server, phone, committee, branch):
    campaign = CampaignFactory(owner=committee)
    campaign.units.add(branch)
    make_kind(campaign, {"kind": "nominate", "actor": ["holder"], "label": "个人申报"}, DECIDE, label="服务育人示范岗")
    user = UserFactory(name="陈样甲")
    MemberFactory(branch=branch, user=user, name=user.name)
    sign_in(phone, user, live_server)
    phone.goto(f"{live_server.url}/nominations/new/")
    phone.get_by_role("link", name="选择").click()
    phone.get_by_role("button", name="开始填写").click()
    assert_accessible(phone)
    assert_fits(phone)
    phone.get_by_label("岗位名称").fill("窗口示范岗")
    phone.get_by_label("岗位职责").fill("受理申请")
    phone.get_by_label("申报理由").fill("六年无差错")
    phone.get_by_role("button", name="提交申报").click()
    phone.get_by_text("申报已提交。").wait_for()
    assert campaign.nominations.get().status == "in_progress"
