import pytest
from django.urls import reverse

from campaigns.domain.ledgers import Wanted, find_ledger, rows_of
from tests.factories import MemberFactory
from tests.posts.cases import DECIDE, PLAQUE, make_conferral, make_kind

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(committee, branch, committee_member, officer):
    """Three people of whom the second is no Party member."""
    kind = make_kind(committee, DECIDE, PLAQUE, holder="team", code="team")
    members = [MemberFactory(branch=branch, name=name, joined_on=day) for name, day in NAMED]
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer, members=members)
    post.holders.filter(name="吴样乙").update(member=None)
    return post


NAMED = [("周样乙", "2003-01-01"), ("吴样乙", "2003-05-18"), ("郑样乙", "2003-10-02")]


def test_the_dates_stand_in_the_order_of_the_names(team, officer):
    entry = find_ledger("posts", officer)
    (row,) = rows_of(entry, officer, Wanted())
    cells = dict(zip((str(column.heading) for column in entry.columns), entry.cells(row), strict=True))
    assert (cells["上岗党员"], cells["入党时间"]) == ("周样乙、吴样乙、郑样乙", "2003-01-01、--、2003-10-02")


def test_no_name_and_no_date_is_broken_over_two_lines(team, officer, client):
    client.force_login(officer)
    page = client.get(reverse("campaigns:ledger", args=["posts"])).content.decode()
    for piece in ("周样乙、", "郑样乙", "2003-01-01、", "2003-10-02"):
        assert f'<span class="nowrap">{piece}</span>' in page
