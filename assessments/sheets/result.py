"""测评结果报告单: the figures of a closed survey, signed by scrutineers and tellers."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from assessments.domain.ballots import oversees
from assessments.domain.rules import takes_codes
from assessments.models import Survey, Verdict
from assessments.views.presenters import result_context, signatures_context
from campaigns.models import User
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import FormSheet, Long, Note, Part, Signatures, facts
from posts.domain.notice_texts import formal_time
from posts.domain.sheet_kinds import SheetKind, sheet_kind


def result_sheet(survey: Survey, user: User) -> FormSheet:
    """Entitled, issued, returned, valid, each line with its arithmetic, the conclusion, and who signs."""
    shown = result_context(survey, full=oversees(user, survey))
    signed, result = signatures_context(survey), shown["result"]
    scrutineers, tellers = signed["scrutineers"] or [""], signed["tellers"] or [""]
    hashes = " · ".join(value[:16] for value in (survey.rules_sha256, survey.roll_sha256, result.leaf_root))
    return FormSheet(
        title=pgettext("form", "Report of the result of the survey"),
        left=pgettext("form", "Organised by: %(unit)s") % {"unit": survey.org_unit},
        parts=(
            facts((pgettext("form", "Survey"), survey.title)),
            facts((pgettext("form", "Time"), " — ".join(formal_time(each) for each in _times(survey)))),
            *_numbers(survey, shown),
            Grid(_columns(), tuple(result_row(line, result.verdict) for line in shown["lines"])),
            Long(pgettext("form", "Rules"), "".join(_rules(survey, shown)), least=8, kept=True),
            Long(pgettext("form", "Conclusion"), _("; ").join((result.get_verdict_display(), result.reason)), least=12),
            Signatures(
                (
                    *((pgettext("form", "Scrutineer (signature)"), name) for name in scrutineers),
                    *((pgettext("form", "Teller (signature)"), name) for name in tellers),
                    (pgettext("form", "Head of the unit (signature)"), ""),
                    (pgettext("form", "Date"), ""),
                )
            ),
            Note(pgettext("form", "Check sums of rules, roll and ballots: %(hashes)s") % {"hashes": hashes}),
        ),
        foot=survey.title,
    )


def _numbers(survey: Survey, shown: dict) -> Iterator[Part]:
    result = shown["result"]
    yield facts(
        (pgettext("form", "Entitled"), result.n_issued),
        (pgettext("form", "Issued"), result.n_issued),
        (pgettext("form", "Returned"), " ".join(filter(None, (str(result.n_ballots), shown["turnout_rate"])))),
    )
    yield facts(
        (pgettext("form", "By phone"), shown["n_by_phone"]),
        (pgettext("form", "On paper"), result.n_paper),
        (pgettext("form", "Papers handed out"), shown["n_paper_issued"]),
    )
    if takes_codes(survey.rules) or result.n_codes:
        yield facts(
            (pgettext("form", "Codes printed"), shown["n_codes_printed"]),
            (pgettext("form", "Codes used"), result.n_codes_used),
            (pgettext("form", "Codes void"), result.n_codes_voided),
        )


def _columns() -> tuple[GridColumn, ...]:
    return (
        GridColumn(pgettext("form", "Line"), 18),
        GridColumn(pgettext("form", "Votes"), 22),
        GridColumn(pgettext("form", "Valid"), 8, centered=True),
        GridColumn(pgettext("form", "Not valid"), 8, centered=True),
        GridColumn(pgettext("form", "Arithmetic"), 30),
        GridColumn(pgettext("form", "Verdict"), 14, centered=True),
    )


def result_row(line: dict, verdict: str) -> tuple[object, ...]:
    """A line of the ballot with votes and arithmetic; without them where they would show who gave them."""
    word = {True: _("threshold reached"), False: _("threshold not reached"), None: _("for information")}[line["passed"]]
    if verdict == Verdict.VOID:
        word = "—"
    if line["hidden"]:
        return line["label"], "—", "—", "—", _("not shown: so few answers would show who gave them"), word
    votes = "；".join(f"{label} {n}" for label, n in line["rows"])
    return line["label"], votes, line["valid"], line["invalid"], line["arithmetic"], word


def _rules(survey: Survey, shown: dict) -> list[str]:
    clause = survey.rules.get("clause")
    """In one paragraph: a line for each would take half a page."""
    basis = [_("Basis: %(clause)s") % {"clause": clause}] if clause else ()
    return [rule if rule.endswith("。") else f"{rule}。" for rule in (*shown["rules"], *basis)]


def _times(survey: Survey) -> list[datetime]:
    return [moment for moment in (survey.opens_at, survey.closed_at) if moment]


sheet_kind(
    SheetKind(
        "survey-result",
        gettext_lazy("Report of the result"),
        rows=lambda user: Survey.objects.visible_to(user).for_list(),
        make=result_sheet,
        fits=lambda survey, user: hasattr(survey, "result"),
        order=10,
        page="assessments:survey_detail",
    )
)
