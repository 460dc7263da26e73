"""Named posts with several people, and people who leave them."""

from django.utils import timezone

from campaigns.models import Member
from tests.factories import MemberFactory
from tests.posts.cases import DECIDE, PLAQUE, make_conferral, make_kind

ZONE_WAY = ({"kind": "decide", "label": "确定责任人", "actor": ["branch"], "params": {"document": False}},)


def named_team(committee, branch, *, decider, releaser, people=3, campaign=None, code="team", **rules):
    """A named collective post of so many members; ``rules`` are the kind's."""
    kind = make_kind(
        committee, DECIDE, PLAQUE, campaign=campaign, code=code, label="集体示范岗", holder="team", rules=rules
    )
    members = MemberFactory.create_batch(people, branch=branch)
    return make_conferral(kind, branch, decider=decider, releaser=releaser, members=members)


def names_of(conferral):
    """Who stands in the post today."""
    return list(conferral.holders.filter(until_on__isnull=True).values_list("name", flat=True))


def member_at(conferral, position):
    return Member.objects.get(held=conferral.holders.order_by("pk")[position])


def today():
    return timezone.localdate()
