"""Two people press at once. Only PostgreSQL's row locks show what happens then."""

import pytest
from django.db import connection

from campaigns.domain.errors import DomainError
from posts.domain.notices import publish_notice
from posts.domain.objections import accept_objection, decline_objection, file_objection
from posts.domain.pipeline import current_run
from posts.models import Notice, NoticeItem, Objection
from tests.posts.test_decision_races import at_once

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row locks"),
]


def test_two_people_publish_the_same_nominations_once(publishable, secretary, officer):
    runs = [current_run(publishable(name)) for name in ("窗口岗", "热线岗", "巡查岗")]
    results = at_once([lambda user=user: publish_notice(runs, actor=user) for user in (secretary, officer) * 2])

    assert sum(isinstance(result, DomainError) for result in results) == 3
    assert Notice.objects.count() == 1
    assert NoticeItem.objects.live().count() == 3


def test_batches_that_overlap_crosswise_do_not_lock_each_other_out(publishable, secretary, officer):
    runs = [current_run(publishable(name)) for name in ("窗口岗", "热线岗", "巡查岗")]
    results = at_once(
        [
            lambda: publish_notice(runs, actor=secretary),
            lambda: publish_notice(list(reversed(runs)), actor=officer),
        ]
    )

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert NoticeItem.objects.live().count() == 3


def test_an_objection_is_taken_up_or_declined_but_not_both(publishable, secretary, officer, discipline):
    item = publish_notice([current_run(publishable())], actor=secretary).items.get()
    objection = file_objection(item, text="反映该岗位上月两次中午无人值班。")
    results = at_once(
        [
            lambda: accept_objection(objection, actor=officer),
            lambda: decline_objection(objection, actor=discipline, reason="无具体线索。"),
        ]
    )

    assert sum(isinstance(result, DomainError) for result in results) == 1
    assert Objection.objects.get().handler in (officer, discipline)
