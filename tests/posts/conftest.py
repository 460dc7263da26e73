"""An open campaign of the committee, and the shortest ways through it."""

import pytest

from tests.factories import CampaignFactory, make_kind


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
