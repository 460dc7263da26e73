"""A rubric of few items, and nominations that stand before their assessors."""

from decimal import Decimal

from assessments.domain.rubrics import Entry, read_rubric
from campaigns.domain.appointments import appoint
from campaigns.models import Role
from tests.factories import CampaignFactory, MemberFactory, UserFactory
from tests.posts import cases


def item(number, points, **fields):
    return {"number": number, "text": f"第{number}条", "points": points, "satisfaction": None, **fields}


def section(label, *items, stated=None, bonus=False):
    return {"label": label, "stated": stated, "bonus": bonus, "items": list(items)}


def raw_rubric(*sections, **fields):
    """As it stands in ``Campaign.rules``: two sections of 60 and 40 points, the second with a satisfaction item."""
    return {
        "code": "points",
        "title": "考核细则（100分）",
        "total": 100,
        "pass_mark": None,
        "excellent_mark": None,
        "bonus_cap": None,
        "pro_rata": False,
        "clause": "",
        "sections": list(
            sections
            or (
                section("人员素质高", item("1", 30), item("2", 30), stated=59),
                section("社会反响好", item("3", 25), item("17", 15, satisfaction=90), stated=41),
            )
        ),
        **fields,
    }


def rubric(*sections, **fields):
    return read_rubric(raw_rubric(*sections, **fields))


BONUS = section("加分项", item("18", 5), item("19", 5), bonus=True)


def entries(first="30", second="30", third="25", last="15", *, rate=(9, 10), **fields):
    """A complete sheet of the usual rubric; full points unless said otherwise."""
    satisfied, valid = rate
    return [
        Entry("1", Decimal(first), **fields),
        Entry("2", Decimal(second)),
        Entry("3", Decimal(third)),
        Entry("17", Decimal(last), satisfied=satisfied, valid=valid),
    ]


def make_kind(committee, branch, *, rules=None, before=(), **params):
    """A kind of post that is assessed by the leading group, then decided on."""
    campaign = CampaignFactory(owner=committee, rules={"rubrics": [raw_rubric(**(rules or {}))]})
    campaign.units.add(branch)
    assess = {"kind": "assess", "label": "考核评分", "actor": ["leading_group"], "params": params}
    return cases.make_kind(committee, *before, assess, cases.DECIDE, campaign=campaign)


def make_run(committee, branch, *, rules=None, members=(), **params):
    """A submitted nomination in its assessment; returns the open run."""
    kind = make_kind(committee, branch, rules=rules, **params)
    nomination = cases.make_nomination(kind, branch, members=members or [MemberFactory(branch=branch, name="冯样乙")])
    return cases.open_run(nomination)


def make_assessors(committee, number):
    """Members of the leading group who have no other office."""
    users = [UserFactory(name=f"评样{chr(0x7532 + n)}") for n in range(number)]
    for user in users:
        appoint(user, org_unit=committee, role=Role.ASSESSOR, actor=None)
    return users
