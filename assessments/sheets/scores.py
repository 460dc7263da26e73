"""考核评分表: self-score, the assessors' points and the difference; and the empty one for the room."""

from collections.abc import Iterator

from django.http import Http404
from django.utils.translation import gettext_lazy, pgettext

from assessments.domain.assessment_page import AssessmentPage, is_insider, page_of
from assessments.domain.review_score_page import ScorePage, score_page
from assessments.models import Assessment, AssessmentRecord, Review
from assessments.views.score_rows import PaperTable, paper_table
from assessments.views.voice_rows import voice_panel
from campaigns.models import User
from campaigns.schemes.afterwards import Rubric
from posts.documents.form_grid import Grid, GridColumn, Head
from posts.documents.form_sheet import FormSheet, Long, Note, Part, Signatures, facts
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Nomination, NominationMember

#: With more assessors than this the sheet lies on its side.
UPRIGHT = 2


def assessment_scores(assessment: Assessment, user: User) -> FormSheet:
    """The sheet of an assessment before the decision, for those who assess."""
    page, run = page_of(assessment, user), assessment.run
    conclusion = assessment.conclusion if page.is_concluded else ""
    records = [_told(record) for record in page.records]
    tail = (
        *((Long(pgettext("form", "Records"), "\n".join(records), least=8),) if records else ()),
        Long(pgettext("form", "Conclusion"), conclusion, least=18),
    )
    return _filled(
        page,
        post=_post_of(run.nomination),
        unit=str(run.nomination.org_unit),
        assessed_by=str(run.actor_unit),
        tail=tail,
    )


def _told(record: AssessmentRecord) -> str:
    """A visit, a report, a hearing: when, where, with whom, what was found."""
    head = (str(record), record.place, record.people, record.document_number)
    return "，".join(filter(None, head)) + f"：{record.text}"


def assessment_form(assessment: Assessment, _user: User) -> FormSheet:
    """The rubric with an empty column, for an assessor with a pen."""
    state = page_of(assessment, _user).state
    run = assessment.run
    return empty_sheet(state.rubric, post=_post_of(run.nomination), unit=str(run.nomination.org_unit))


def review_scores(review: Review, user: User) -> FormSheet:
    """The sheet of a review of a named post, as far as this reader sees the points."""
    page = _page_of_review(review, user)
    if page is None:
        raise Http404
    post = f"{review.conferral}（{_names(review)}）"
    assessed_by = f"{review.reviewer_unit} · {review.rule} {review.period}"
    return _filled(page, post=post, unit=str(review.conferral.org_unit), assessed_by=assessed_by, tail=())


def review_form(review: Review, user: User) -> FormSheet:
    """The rubric of a review with an empty column."""
    page = _page_of_review(review, user)
    if page is None:
        raise Http404
    return empty_sheet(
        page.state.rubric, post=f"{review.conferral}（{_names(review)}）", unit=str(review.conferral.org_unit)
    )


def _filled(
    page: AssessmentPage | ScorePage, *, post: str, unit: str, assessed_by: str, tail: tuple[Part, ...]
) -> FormSheet:
    table = paper_table(page)
    names = table.names if table else []
    parts: list[Part] = [
        facts((pgettext("form", "Post"), post)),
        facts((pgettext("form", "Unit"), unit), (pgettext("form", "Assessed by"), assessed_by)),
    ]
    if table:
        parts += [_items(page, table), *_left_out(table), _sections(page), *_remarks(table)]
        parts.append(
            facts(
                (pgettext("form", "Self-score"), _total(page, "own")),
                (pgettext("form", "Official score"), _total(page, "official")),
                (pgettext("form", "Difference"), page.totals["difference"]),
            )
        )
    signers = tuple((pgettext("form", "Assessor (signature)"), name) for name in names) or _assessors()
    return FormSheet(
        title=page.state.rubric.title if page.state else pgettext("form", "Score sheet"),
        parts=(*parts, *tail, Signatures((*signers, (pgettext("form", "Date"), "")))),
        foot=post,
        landscape=len(names) > UPRIGHT,
    )


def _total(page: AssessmentPage | ScorePage, whose: str) -> str:
    """Base and bonus side by side, as far as the reader may see them: a bonus never makes up for a base (F20)."""
    base, bonus = page.totals[whose], page.totals[f"{whose}_bonus"]
    return f"{base} + {bonus}" if base and page.state.rubric.bonus_limit else base


def _items(page: AssessmentPage | ScorePage, table: PaperTable) -> Grid:
    columns = [
        GridColumn(pgettext("form", "No."), 6, centered=True),
        GridColumn(pgettext("form", "What is assessed"), 46),
        GridColumn(pgettext("form", "Full"), 7, centered=True),
    ]
    if table.has_own:
        columns.append(GridColumn(pgettext("form", "Self-score"), 9, centered=True))
    columns += [GridColumn(name, 10, centered=True) for name in table.names or [pgettext("form", "Points given")]]
    return Grid(tuple(columns), tuple(_item_rows(page, table)))


def _item_rows(page: AssessmentPage | ScorePage, table: PaperTable) -> Iterator:
    for section, rows in table.sections:
        yield Head(_head(section.label, section.stated, section.total, veto=section.veto))
        for row in rows:
            own = (row.own,) if table.has_own else ()
            full = "—" if row.item.points is None else row.item.points
            yield (row.item.number, row.item.text, full, *own, *(row.marks or ("",)))
    own = (page.state.own.text,) if table.has_own else ()
    yield ("", pgettext("form", "Total"), page.state.rubric.base_total, *own, *(table.totals or ("",)))


def _head(label: str, stated: int | None, total: int, *, veto: bool) -> str:
    if veto:
        return pgettext("form", "%(label)s (found or not)") % {"label": label}
    if stated is not None and stated != total:
        words = {"label": label, "stated": stated, "total": total}
        return pgettext("form", "%(label)s (stated %(stated)s, sum of the items %(total)s)") % words
    return pgettext("form", "%(label)s (%(total)s points)") % {"label": label, "total": total}


def _sections(page: AssessmentPage | ScorePage) -> Grid:
    """Self-score, official score and the difference, section by section."""
    columns = (
        GridColumn(pgettext("form", "Section"), 40),
        GridColumn(pgettext("form", "Full"), 12, centered=True),
        GridColumn(pgettext("form", "Self-score"), 16, centered=True),
        GridColumn(pgettext("form", "Official score"), 16, centered=True),
        GridColumn(pgettext("form", "Difference"), 16, centered=True),
    )
    rows = tuple((line.label, line.full, line.own, line.official, line.difference) for line in page.lines)
    return Grid(columns, rows)


def _left_out(table: PaperTable) -> Iterator[Note]:
    if table.left_out:
        text = pgettext("form", "%(n)s more sheets have no column here; the official score is of all.")
        yield Note(text % {"n": table.left_out})


def _remarks(table: PaperTable) -> Iterator[Long]:
    if table.remarks:
        lines = [
            pgettext("form", "Item %(number)s, %(who)s: %(text)s") % {"number": number, "who": who, "text": text}
            for number, who, text in table.remarks
        ]
        yield Long(pgettext("form", "Evidence and reasons"), "\n".join(lines), least=10)


def empty_sheet(rubric: Rubric, *, post: str, unit: str) -> FormSheet:
    columns = (
        GridColumn(pgettext("form", "No."), 6, centered=True),
        GridColumn(pgettext("form", "What is assessed"), 44),
        GridColumn(pgettext("form", "Full"), 7, centered=True),
        GridColumn(pgettext("form", "Self-score"), 9, centered=True),
        GridColumn(pgettext("form", "Points given"), 9, centered=True),
        GridColumn(pgettext("form", "Evidence and reasons"), 25),
    )
    rows: list = []
    for section in rubric.sections:
        rows.append(Head(_head(section.label, section.stated, section.total, veto=section.veto)))
        rows += [(i.number, i.text, "—" if i.points is None else i.points, "", "", "") for i in section.items]
    rows.append(("", pgettext("form", "Total"), rubric.base_total, "", "", ""))
    return FormSheet(
        title=rubric.title,
        parts=(
            facts((pgettext("form", "Post"), post)),
            facts((pgettext("form", "Unit"), unit)),
            Grid(columns, tuple(rows)),
            Long(pgettext("form", "Opinion of the post"), "", least=18),
            Signatures(
                (*_assessors(), (pgettext("form", "For the post (signature)"), ""), (pgettext("form", "Date"), ""))
            ),
        ),
        foot=post,
    )


def _assessors() -> tuple[tuple[str, str], ...]:
    """Two sign where nobody is named (domain 3.9)."""
    return ((pgettext("form", "Assessor (signature)"), ""), (pgettext("form", "Assessor (signature)"), ""))


def _post_of(nomination: Nomination) -> str:
    people = NominationMember.objects.filter(nomination=nomination, dropped_at__isnull=True)
    return f"{nomination}（{'、'.join(person.name for person in people)}）"


def _names(review: Review) -> str:
    return "、".join(holder.name for holder in review.conferral.holders.filter(until_on__isnull=True))


def _page_of_review(review: Review, user: User) -> ScorePage | None:
    panel = voice_panel(review, user)
    return panel and score_page(review, panel.state.scoring, user, is_insider=panel.is_insider)


def _assessments_of(nomination: Nomination, _user: User) -> list[Assessment]:
    rows = Assessment.objects.filter(run__nomination=nomination)
    return list(rows.select_related("run__nomination__org_unit", "run__nomination__campaign", "run__actor_unit"))


def _assessments(user: User):
    rows = Assessment.objects.filter(run__nomination__in=Nomination.objects.visible_to(user))
    return rows.select_related("run__nomination__org_unit", "run__nomination__campaign", "run__actor_unit")


def _reviews(user: User):
    related = ("conferral__org_unit", "conferral__campaign", "conferral__post_kind", "rule__campaign", "reviewer_unit")
    return Review.objects.visible_to(user).select_related(*related)


def _is_scored(assessment: Assessment, user: User) -> bool:
    return is_insider(user, assessment.run) and page_of(assessment, user).state is not None


sheet_kind(
    SheetKind(
        "scores",
        gettext_lazy("Score sheet, filled in"),
        rows=_assessments,
        make=assessment_scores,
        fits=lambda assessment, user: is_insider(user, assessment.run),
        on=((Nomination, _assessments_of),),
        page="posts:nomination_detail",
        page_pk=lambda assessment: assessment.run.nomination_id,
        order=30,
    )
)
sheet_kind(
    SheetKind(
        "score-form",
        gettext_lazy("Score sheet, empty"),
        rows=_assessments,
        make=assessment_form,
        fits=_is_scored,
        on=((Nomination, _assessments_of),),
        page="posts:nomination_detail",
        page_pk=lambda assessment: assessment.run.nomination_id,
        order=31,
    )
)
for _code, _label, _make, _order in (
    ("review-scores", gettext_lazy("Score sheet, filled in"), review_scores, 30),
    ("review-score-form", gettext_lazy("Score sheet, empty"), review_form, 31),
):
    sheet_kind(
        SheetKind(
            _code,
            _label,
            rows=_reviews,
            make=_make,
            fits=lambda review, user: _page_of_review(review, user) is not None,
            order=_order,
            page="assessments:review_detail",
        )
    )
