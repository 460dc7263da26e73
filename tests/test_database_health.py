"""A kept connection whose server has gone is found before a page needs it, however short ago it was used."""

import time
from contextlib import closing

import pytest
from django.db import connection

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def backend():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return cursor.fetchone()[0]


@pytest.mark.parametrize("pause", [0.05, 0.7])
def test_a_connection_that_the_server_ended_is_opened_anew(pause):
    connection.close()
    connection.close_if_unusable_or_obsolete()  # what Django does before a request
    first = backend()
    connection.close_if_unusable_or_obsolete()
    assert backend() == first
    with closing(connection.copy()) as other, other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [first])
    time.sleep(pause)

    connection.close_if_unusable_or_obsolete()

    assert backend() != first
