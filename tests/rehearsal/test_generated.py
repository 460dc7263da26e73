"""A tenth scheme runs too: whatever the check lets through is played to the end, without a crash and nobody stuck."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from assessments.rehearsal.play import rehearse
from campaigns.domain.schemes import examine_scheme
from tests.rehearsal.strategies import schemes

# A rehearsal always plays on SQLite.
pytestmark = pytest.mark.sqlite


#: A few in the ordinary run; REHEARSED_SCHEMES=200 for a long search.
EXAMPLES = int(os.environ.get("REHEARSED_SCHEMES", "3"))
WRONG = {"error", "stuck", "never_came", "refused", "not_opened"}
WRITTEN = sorted((Path(__file__).parent / "schemes").glob("*.toml"))


@pytest.mark.timeout(1200)
class GeneratedSchemes(TestCase):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=EXAMPLES < 10,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(schemes())
    def test_valid_scheme_rehearses_to_the_end_or_is_refused_with_a_reason(self, text):
        examination = examine_scheme(text)
        if examination.scheme is None:
            assert [problem for problem in examination.problems if not problem.message] == []
            return
        report = rehearse(text)
        assert [finding for finding in report.findings if finding.code in WRONG] == []


@pytest.mark.timeout(1200)
@pytest.mark.django_db
@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_written_scheme_rehearses_without_findings(path):
    report = rehearse(path.read_text(encoding="utf-8"))
    assert report.findings == []
    assert [row.label for row in report.stages if not row.passed] == []
