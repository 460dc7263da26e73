"""Plaques that are not in the register, as many and as long as a test wants."""

from datetime import date

import pytest

from posts.models import Conferral, Decision, Holder, Nomination, Plaque
from tests.factories import CampaignFactory, MemberFactory, PostKindFactory


@pytest.fixture
def make_plaque(committee, branch, officer):
    campaign = CampaignFactory(owner=committee, honour="党员示范岗")
    decision = Decision.objects.create(
        campaign=campaign, org_unit=committee, effect="name", held_on=date(2026, 6, 25), created_by=officer
    )

    def make(*, names=("赵样甲", "钱样乙"), content=(), kind="named", number="QY-2026-T-001", **fields):
        post_kind = PostKindFactory(
            campaign=campaign, code=f"k{Conferral.objects.count()}", plaque={"content": list(content)}
        )
        nomination = Nomination.objects.create(
            campaign=campaign, post_kind=post_kind, org_unit=branch, proposer=officer
        )
        values = {
            "honour": "党员示范岗",
            "name": "综合窗口示范岗",
            "duties": "受理、办结、回访",
            "contact_phone": "0000-1234567",
            "status": "active",
            "conferred_on": date(2026, 6, 30),
        }
        conferral = Conferral.objects.create(
            campaign=campaign,
            post_kind=post_kind,
            org_unit=branch,
            nomination=nomination,
            decision=decision,
            **{**values, **fields},
        )
        for name in names:
            member = MemberFactory(name=name, branch=branch)
            Holder.objects.create(conferral=conferral, member=member, name=name, from_on=date(2026, 6, 30))
        return Plaque(conferral=conferral, number=number, issuer="中共示例县青样镇委员会", kind=kind)

    return make
