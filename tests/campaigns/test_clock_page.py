from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.clock import schedule, tick
from campaigns.models import DueItem

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed():
    item = schedule("reviews_open", 999_999, due_at=timezone.now() - timedelta(hours=1), period="2026-11-01")
    tick()
    item.refresh_from_db()
    return item


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("secretary", 403), ("member", 403), ("stranger", 403)])
def test_who_sees_the_clock(client, request, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("campaigns:clock")).status_code == status


def test_a_failed_item_is_shown_and_can_be_tried_again(client, officer, secretary, failed):
    assert (failed.attempts, failed.retry_at > timezone.now()) == (1, True)
    url = reverse("campaigns:clock_retry", args=[failed.pk])
    client.force_login(secretary)
    assert client.post(url).status_code == 403
    client.force_login(officer)
    page = client.get(reverse("campaigns:clock"))
    assert [row["item"] for row in page.context["failed"]] == [failed]
    assert page.context["on_time"] is True
    assert client.post(url).status_code == 302
    tick()
    assert DueItem.objects.get(pk=failed.pk).attempts == 2


def test_a_clock_that_never_ran_says_so(client, officer):
    client.force_login(officer)
    page = client.get(reverse("campaigns:clock"))

    assert (page.context["tick_at"], page.context["on_time"]) == (None, False)
