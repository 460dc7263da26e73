"""What the database itself refuses."""

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.domain.surveys import close_survey
from assessments.guards import install_guards
from assessments.models import OpenedBallot, SealedBallot, SurveyResult
from tests.assessments.helpers import make_open_survey, vote_counts


@pytest.fixture
def survey(branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=3)
    return survey


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    return True


def test_counted_ballots_cannot_be_changed(survey):
    close_survey(survey)

    assert refused(lambda: OpenedBallot.objects.update(choices=["dissatisfied"]))
    assert refused(lambda: SurveyResult.objects.update(n_codes=99))


@pytest.mark.postgres
def test_counted_ballots_cannot_be_deleted_but_by_maintenance(survey):
    close_survey(survey)

    assert refused(lambda: OpenedBallot.objects.all().delete())
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL shifangang.maintenance = 'on'")
    OpenedBallot.objects.all().delete()
    assert OpenedBallot.objects.count() == 0


@pytest.mark.postgres
def test_ballots_cannot_be_stuffed_into_a_closed_survey(survey):
    close_survey(survey)

    assert refused(lambda: SealedBallot.objects.create(survey=survey, box=b"stuffed"))


def test_guards_are_made_once_and_can_be_made_again(survey):
    install_guards()
    install_guards()
    close_survey(survey)

    assert refused(lambda: OpenedBallot.objects.update(choices=[]))
