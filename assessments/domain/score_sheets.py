"""Rubric sheets as rows: which rubric holds, what stands on a sheet, and writing it."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.rubric_faults import Fault, find_faults
from assessments.domain.rubrics import Entry, Score, add_up, read_rubric
from assessments.models import ItemScore, Method, ScoreSheet
from campaigns.domain.errors import DomainError, StaleError
from campaigns.models import Campaign, PostKind, User
from campaigns.schemes.afterwards import Rubric
from posts.domain.member_rules import opening_params
from posts.models import Nomination, StageRun
from posts.stages.base import logic_of


class SheetFaultsError(DomainError):
    """A sheet cannot be saved as it is; ``faults`` says what is wrong with which item."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(_("; ").join(str(fault) for fault in faults))
        self.faults = faults


def find_rubric(campaign: Campaign, code: str = "") -> Rubric | None:
    """The rubric with this code, or without a code the only one of the campaign."""
    rubrics = campaign.rules.get("rubrics", [])
    if not code and len(rubrics) != 1:
        return None
    return next((read_rubric(raw) for raw in rubrics if not code or raw["code"] == code), None)


def rubric_of_run(run: StageRun) -> Rubric | None:
    """The rubric by which an assessment scores; None when it does not score."""
    params = logic_of(run).params
    if Method.RUBRIC not in params.method:
        return None
    return find_rubric(run.nomination.campaign, params.rubric)


def wants_self_score(kind: PostKind) -> bool:
    """Whether the applicants of this kind of post score themselves."""
    return bool(opening_params(kind).get("self_score"))


def rubric_of_self_score(nomination: Nomination) -> Rubric | None:
    """The rubric by which the applicant scores himself; None when he does not."""
    if not wants_self_score(nomination.post_kind):
        return None
    return find_rubric(nomination.campaign, opening_params(nomination.post_kind).get("rubric", ""))


def self_sheet_of(nomination: Nomination) -> ScoreSheet | None:
    """The applicant's own sheet, finished or not."""
    own = nomination.score_sheets.filter(is_self=True, review__isnull=True)
    return own.select_related("assessor").prefetch_related("items").first()


def former_sheet(run: StageRun, user: User) -> ScoreSheet | None:
    """The sheet of the same assessor in an earlier attempt: what he starts from when the nomination comes back."""
    earlier = ScoreSheet.objects.filter(
        assessor=user,
        assessment__run__nomination=run.nomination_id,
        assessment__run__position=run.position,
        assessment__run__attempt__lt=run.attempt,
    )
    return earlier.order_by("-assessment__run__attempt").prefetch_related("items").first()


def entries_of(sheet: ScoreSheet | None) -> list[Entry]:
    """What stands on a sheet; nothing on a sheet that does not exist yet."""
    return [
        Entry(
            number=item.number,
            points=item.points,
            not_applicable=item.not_applicable,
            found=item.found,
            reason=item.reason,
            evidence=item.evidence,
            satisfied=item.satisfied,
            valid=item.valid,
        )
        for item in (sheet.items.all() if sheet else ())
    ]


def write_sheet(sheet: ScoreSheet, rubric: Rubric, entries: Iterable[Entry], *, submit: bool) -> Score:
    """Replace what stands on the sheet; with ``submit`` it is finished and counts, else it is a draft (again).

    Needs a transaction. Raises SheetFaultsError with every fault at once; nothing is written then.
    """
    entries = [entry for entry in entries if _says_something(entry)]
    if faults := find_faults(rubric, entries, complete=submit):
        raise SheetFaultsError(faults)
    sheet.rubric, sheet.submitted_at = rubric.code, timezone.now() if submit else None
    if sheet.pk:
        sheet.version += 1
    sheet.save()
    sheet.items.all().delete()
    ItemScore.objects.bulk_create(_row(sheet, entry) for entry in entries)
    return add_up(rubric, entries)


def require_version(sheet: ScoreSheet | None, version: int | None) -> None:
    """Raise StaleError when the sheet was saved elsewhere since the typing began; None: write in any case."""
    if version is not None and version != (sheet.version if sheet else 0):
        raise StaleError(
            _("This sheet was saved in another window meanwhile. Reload it; what you typed is still here.")
        )


def _says_something(entry: Entry) -> bool:
    numbers = (entry.points, entry.satisfied, entry.valid)
    texts = (entry.reason.strip(), entry.evidence.strip())
    return entry.not_applicable or entry.found or any(texts) or any(number is not None for number in numbers)


def _row(sheet: ScoreSheet, entry: Entry) -> ItemScore:
    return ItemScore(
        sheet=sheet,
        number=entry.number,
        points=None if entry.points is None else Decimal(entry.points),
        not_applicable=entry.not_applicable,
        found=entry.found,
        reason=entry.reason.strip()[:300],
        evidence=entry.evidence.strip()[:500],
        satisfied=entry.satisfied,
        valid=entry.valid,
    )
