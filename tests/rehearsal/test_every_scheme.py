"""Every scheme of the library is played from the first paper to the copy of the next year."""

import pytest
from django.conf import settings

from assessments.rehearsal.all_movers import moved_kinds
from assessments.rehearsal.play import rehearse
from posts.models import ConferralStatus, NominationStatus
from posts.stages.base import kind_codes

# A rehearsal always plays on SQLite.
pytestmark = pytest.mark.sqlite


SCHEMES = sorted((settings.BASE_DIR / "campaigns" / "schemes").glob("*.toml"))
ENDINGS = {*ConferralStatus.values, *NominationStatus.values}


@pytest.mark.timeout(1200)
@pytest.mark.django_db
@pytest.mark.parametrize("path", SCHEMES, ids=lambda path: path.stem)
def test_every_scheme_of_the_library_rehearses_without_findings(path):
    report = rehearse(path.read_text(encoding="utf-8"))
    assert [finding.text for finding in report.findings] == []
    assert report.notes == []
    assert [row.label for row in report.stages if not row.passed] == []
    assert {ending.title or ending.nomination for ending in report.endings} <= ENDINGS
    assert [ending.case for ending in report.endings if not ending.text] == []


def test_every_kind_of_step_has_somebody_who_plays_it():
    assert moved_kinds() == set(kind_codes())
