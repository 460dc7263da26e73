"""What is wrong with a filled-in rubric: points that cannot be, gaps, vetoes without evidence."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext as _

from assessments.domain.rubrics import Entry
from campaigns.schemes.afterwards import Rubric, RubricItem

#: Points are given in steps of one half.
STEPS_PER_POINT = 2


@dataclass(frozen=True)
class Fault:
    """Why an entry cannot stand as it is."""

    number: str
    text: str

    def __str__(self) -> str:
        return _("Item %(number)s: %(text)s") % {"number": self.number, "text": self.text}


def reaches_satisfaction(item: RubricItem, entry: Entry) -> bool | None:
    """Whether the rate the item wants is reached; without dividing. None while the numbers are missing."""
    if item.satisfaction is None or entry.satisfied is None or not entry.valid:
        return None
    return 100 * entry.satisfied >= item.satisfaction * entry.valid


def find_faults(rubric: Rubric, entries: Iterable[Entry], *, complete: bool) -> list[Fault]:
    """What is wrong with a sheet. A draft may have gaps; with ``complete`` every gap is a fault too."""
    entries, items = list(entries), {item.number: item for item in rubric.items}
    faults = []
    numbers = [entry.number for entry in entries]
    for entry in entries:
        item = items.get(entry.number)
        if item is None:
            text = _("The rubric has no such item.")
        elif numbers.count(entry.number) > 1:
            text = _("It stands on the sheet twice.")
        else:
            text = _wrong(item, entry, is_veto=item in rubric.veto_items) or (
                _gap(item, entry, is_bonus=item in rubric.bonus_items) if complete and not entry.found else ""
            )
        if text:
            faults.append(Fault(entry.number, text))
    if complete:
        wanted = [item for item in rubric.base_items if item.points is not None and item.number not in numbers]
        faults += [Fault(item.number, _("Points are missing.")) for item in wanted]
    return faults


def _wrong(item: RubricItem, entry: Entry, *, is_veto: bool) -> str:
    """What cannot stand even in a draft."""
    if is_veto or entry.found:
        return _wrong_veto(entry, is_veto=is_veto)
    if entry.points is not None and (text := _wrong_points(item, entry)):
        return text
    if (entry.satisfied or 0) < 0 or (entry.valid or 0) < 0:
        return _("A number of answers cannot be negative.")
    if entry.satisfied is not None and entry.valid is not None and entry.satisfied > entry.valid:
        return _("There cannot be more satisfied answers than valid ones.")
    return ""


def _wrong_veto(entry: Entry, *, is_veto: bool) -> str:
    if not is_veto:
        return _("Only a veto is found or not.")
    if entry.points is not None or entry.not_applicable:
        return _("A veto is found or not; it is left empty where it was not found.")
    return "" if not entry.found or entry.evidence.strip() else _("Say by which evidence this veto was found.")


def _wrong_points(item: RubricItem, entry: Entry) -> str:
    if item.points is None:
        return _("The scheme gives this item no points, so it is not scored.")
    if entry.not_applicable:
        return _("An item that does not apply gets no points.")
    if not 0 <= entry.points <= item.points:
        return _("Between 0 and %(full)s points are possible.") % {"full": item.points}
    if (Fraction(entry.points) * STEPS_PER_POINT).denominator != 1:
        return _("Points are given in whole or half points.")
    return ""


def _gap(item: RubricItem, entry: Entry, *, is_bonus: bool) -> str:
    """What is missing in a finished sheet. A bonus may be left empty."""
    if entry.not_applicable:
        return "" if entry.reason.strip() else _("Say why this item does not apply.")
    if entry.points is None:
        return "" if is_bonus or item.points is None else _("Points are missing.")
    if item.satisfaction is None:
        return ""
    reached = reaches_satisfaction(item, entry)
    if reached is None:
        return _("Say how many of the valid answers were satisfied.")
    if not reached and entry.points == item.points and not entry.reason.strip():
        return _(
            "%(satisfied)s of %(valid)s are less than the %(rate)s %% that this item wants. Give fewer points, or say "
            "why it gets all of them."
        ) % {"satisfied": entry.satisfied, "valid": entry.valid, "rate": item.satisfaction}
    return ""
