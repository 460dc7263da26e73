"""What the database itself refuses."""

import pytest
from django.db import DatabaseError, connection, transaction

from assessments.domain.surveys import close_survey
from assessments.guards import install_guards
from assessments.models import Bulletin, OpenedBallot, RollEntry, SealedBallot, SurveyResult
from campaigns.guards import maintenance, remove_guards
from tests.assessments.helpers import make_open_survey, vote_counts
from tests.factories import MemberFactory


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


def never_emptied(settings):
    """The database as it is outside the tests."""
    settings.GUARDS_MAY_BE_EMPTIED = False
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL shifangang.emptying = 'off'")


def test_counted_ballots_cannot_be_deleted_but_by_maintenance(survey, settings):
    never_emptied(settings)
    close_survey(survey)

    assert refused(lambda: OpenedBallot.objects.all().delete())
    assert refused(lambda: SurveyResult.objects.all().delete())
    assert refused(lambda: Bulletin.objects.all().delete())
    with maintenance():
        OpenedBallot.objects.all().delete()
    assert OpenedBallot.objects.count() == 0
    assert refused(lambda: Bulletin.objects.update(text="{}"))


@pytest.mark.postgres
@pytest.mark.parametrize("model", [OpenedBallot, SurveyResult, Bulletin, RollEntry])
def test_guarded_tables_cannot_be_emptied(survey, settings, model):
    never_emptied(settings)

    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE"))


def test_a_frozen_roll_cannot_be_changed_but_by_maintenance(survey, settings):
    """Whether somebody has voted or holds a paper changes; who stands on the roll does not."""
    never_emptied(settings)
    late, entry = MemberFactory(branch=survey.org_unit), survey.roll.first()

    assert refused(lambda: survey.roll.create(member=late))
    assert refused(lambda: survey.roll.filter(pk=entry.pk).update(member=late))
    assert refused(lambda: survey.roll.filter(pk=entry.pk).delete())
    entry.on_paper = True
    entry.save()
    with maintenance():
        survey.roll.create(member=late)
    assert survey.roll.filter(member=late).count() == 1


def test_maintenance_ends_with_its_block(survey):
    with maintenance():
        pass

    assert refused(lambda: survey.roll.create(member=MemberFactory(branch=survey.org_unit)))


def test_a_sealed_ballot_cannot_be_changed(survey):
    assert refused(lambda: SealedBallot.objects.update(box=b"other"))


@pytest.mark.sqlite
def test_a_migration_on_sqlite_takes_the_guards_away_and_brings_them_back(survey):
    """Rebuilding a table fails at triggers of other tables that name it."""
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    close_survey(survey)

    remove_guards()
    OpenedBallot.objects.update(choices=[])
    install_guards()

    assert refused(lambda: OpenedBallot.objects.update(choices=[]))


def test_ballots_cannot_be_stuffed_into_a_closed_survey(survey):
    close_survey(survey)

    assert refused(lambda: SealedBallot.objects.create(survey=survey, box=b"stuffed"))


def test_guards_are_made_once_and_can_be_made_again(survey):
    install_guards()
    install_guards()
    close_survey(survey)

    assert refused(lambda: OpenedBallot.objects.update(choices=[]))
