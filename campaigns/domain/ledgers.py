"""The ledgers 台账: one definition for the page, the print and the Excel file, so that they cannot differ.

Each app declares its own with ``ledger()``: where the rows come from, what may be filtered, and the columns. A new one
is a few lines. Rows come from ``visible_to`` of their model and from nowhere else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Model, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise

from campaigns.domain.exports import Column
from campaigns.models import Campaign, OrgUnit, User

Words = str | Promise
Value = Callable[[Any], object]
CHUNK = 500


@dataclass(frozen=True)
class LedgerColumn:
    """A column: its heading, what stands in it for a row, its width in Excel in characters."""

    heading: Words
    value: Value
    width: int = 16


@dataclass(frozen=True)
class Ledger:
    """A ledger. ``campaign``, ``unit``, ``day``, ``state``: lookups from a row, by which it is narrowed."""

    code: str
    label: Words
    rows: Callable[[User], QuerySet]
    columns: Sequence[LedgerColumn]
    icon: str = "book-open-text"
    order: int = 50
    campaign: str | tuple[str, ...] = "campaign"
    unit: str = "org_unit"
    day: str = ""
    state: str = ""
    states: Sequence[tuple[str, Words]] = ()
    search: Sequence[str] = ()
    page_of: Callable[[Any], str] | None = None
    visible: Callable[[User], bool] = lambda user: True
    hint: Words = ""

    def excel_columns(self) -> list[Column]:
        return [Column(str(column.heading), column.width) for column in self.columns]

    def cells(self, row: Model) -> list[object]:
        """What stands in the row, the same on the page and in the file."""
        return [column.value(row) for column in self.columns]


@dataclass(frozen=True)
class Wanted:
    """What a ledger is narrowed to."""

    campaign: Campaign | None = None
    unit: OrgUnit | None = None
    state: str = ""
    first: date | None = None
    last: date | None = None
    text: str = ""
    rest: dict[str, Any] = field(default_factory=dict)


_ledgers: dict[str, Ledger] = {}


def ledger(entry: Ledger) -> Ledger:
    """Declare a ledger."""
    if entry.code in _ledgers:
        raise RuntimeError(f"two ledgers {entry.code}")
    _ledgers[entry.code] = entry
    return entry


def ledgers_for(user: User) -> list[Ledger]:
    """The ledgers this user keeps, in order."""
    return sorted((each for each in _ledgers.values() if each.visible(user)), key=lambda each: each.order)


def find_ledger(code: str, user: User) -> Ledger | None:
    """A ledger that this user keeps."""
    found = _ledgers.get(code)
    return found if found and found.visible(user) else None


def rows_of(entry: Ledger, user: User, wanted: Wanted) -> QuerySet:
    """What the user sees of it, narrowed."""
    rows, condition = entry.rows(user), Q()
    if wanted.campaign and entry.campaign:
        ways = (entry.campaign,) if isinstance(entry.campaign, str) else entry.campaign
        condition &= _any_of(ways, wanted.campaign.pk)
    if wanted.unit and entry.unit:
        condition &= Q(**{f"{entry.unit}__path__startswith": wanted.unit.path})
    if wanted.state and wanted.state in dict(entry.states):
        condition &= Q(**{entry.state: wanted.state})
    if entry.day and wanted.first:
        condition &= Q(**{f"{entry.day}__gte": wanted.first})
    if entry.day and wanted.last:
        condition &= Q(**{f"{entry.day}__lte": wanted.last})
    if wanted.text and entry.search:
        # By way of the keys: a row that fits twice (two plaques of a post) stands there once.
        found = rows.model.objects.filter(_any_of([f"{way}__icontains" for way in entry.search], wanted.text))
        condition &= Q(pk__in=found.values("pk"))
    return rows.filter(condition)


def _any_of(lookups: Iterable[str], value: object) -> Q:
    found = Q()
    for lookup in lookups:
        found |= Q(**{lookup: value})
    return found


def stream(entry: Ledger, rows: QuerySet) -> Iterator[list[object]]:
    """The rows for Excel, a few hundred in memory at a time."""
    for row in rows.iterator(chunk_size=CHUNK):
        yield entry.cells(row)


def shown(value: object) -> str:
    """What a cell says, on the page and on paper."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value) if timezone.is_aware(value) else value, "Y-m-d H:i")
    if isinstance(value, date):
        return date_format(value, "Y-m-d")
    return "" if value is None else str(value)


class LedgerOutput(NamedTuple):
    """One more way to take a ledger along, offered by an app on the right: what it is called, icon, address."""

    label: Words
    icon: str
    url_name: str


_outputs: list[LedgerOutput] = []


def ledger_output(label: Words, *, icon: str, url_name: str) -> None:
    """Offer an address that takes a ledger's code and its filters."""
    _outputs.append(LedgerOutput(label, icon, url_name))


def ledger_outputs() -> list[LedgerOutput]:
    return list(_outputs)


def joined(words: Iterable[object]) -> str:
    return "、".join(str(word) for word in words if word)
