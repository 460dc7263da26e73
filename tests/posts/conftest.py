"""An open campaign of the committee, and the shortest ways through it."""

import pytest

from tests.factories import CampaignFactory, MemberFactory, make_kind, make_nomination


@pytest.fixture
def campaign(committee, branch, other_branch):
    campaign = CampaignFactory(owner=committee)
    campaign.units.add(branch, other_branch)
    return campaign


@pytest.fixture
def person_kind(campaign):
    """nominate → endorse by the committee."""
    return make_kind(
        campaign,
        {"kind": "nominate", "actor": ["branch"], "label": "申报"},
        {"kind": "endorse", "actor": ["committee"], "params": {"verb": "审核"}, "label": "审核"},
    )


@pytest.fixture
def team_kind(campaign):
    """nominate → consent → endorse, at least two Party members."""
    return make_kind(
        campaign,
        {"kind": "nominate", "actor": ["branch"], "label": "申报"},
        {"kind": "consent", "actor": ["holder"], "label": "本人意愿"},
        {"kind": "endorse", "actor": ["committee"], "params": {"verb": "审核"}, "label": "审核"},
        code="team",
        label="集体示范岗",
        holder="team",
        rules={"min_party": 2, "clauses": {"min_party": "方案三.2"}},
    )


@pytest.fixture
def meeting_kind(campaign):
    """A general meeting votes first (支部工作条例 art. 11), then the committee endorses."""
    return make_kind(
        campaign,
        {"kind": "deliberate", "actor": ["branch"], "params": {"forum": "members_meeting"}, "label": "党员大会"},
        {"kind": "endorse", "actor": ["committee"], "label": "审核"},
        code="meeting",
    )


@pytest.fixture
def notice_kind(campaign):
    return make_kind(
        campaign,
        {"kind": "nominate", "actor": ["branch"], "label": "支部推荐"},
        {"kind": "notice", "actor": ["branch"], "label": "公示"},
        {"kind": "endorse", "actor": ["committee"], "label": "审核"},
        code="noticed",
    )


@pytest.fixture
def publishable(notice_kind, branch, secretary):
    """A submitted nomination whose notice step is open; its member is not the secretary."""

    def make(name="综合窗口示范岗", **fields):
        person = MemberFactory(name="赵样甲", branch=branch, position="窗口负责人")
        return make_nomination(notice_kind, branch, secretary, person, submit=True, name=name, **fields)

    return make
