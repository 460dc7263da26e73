"""What stands on a plaque: the labelled rows that its scheme lists, and the size at which they fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.domain.errors import DomainError
from campaigns.models import HolderKind
from posts.documents.measure import MM_PER_POINT, width_in_ems
from posts.models import Conferral, Plaque, PlaqueKind

DEFAULT_CONTENT = (
    "post_name",
    "category",
    "duties",
    "party_member_count",
    "names",
    "phone",
    "issuer",
    "month",
    "number",
    "qr",
)
LINE_HEIGHT = 1.45
GAP = 0.55  # between two rows, in lines
_BETWEEN_NAMES = 1.3  # ems
_SPACE = "\u3000"


@dataclass(frozen=True)
class Row:
    """A labelled line of the plaque."""

    code: str
    label: str
    text: str
    names: tuple[str, ...] = ()
    count: int | None = None

    @property
    def length(self) -> int:
        return len(self.text) + sum(map(len, self.names))

    @cached_property
    def _widths(self) -> list[float]:
        """Of each paragraph, or of each name, in ems."""
        if not self.names and self.count is None:
            return [width_in_ems(line, bold=self.code == "post_name") for line in self.text.splitlines() or [""]]
        counted = [] if self.count is None else [count_words(self.count)]
        return [width_in_ems(item) + _BETWEEN_NAMES for item in (*counted, *self.names)]

    def name_lines(self, size: float, width: float) -> list[str]:
        """The people, so many on each line that no name is broken, at a size in points in a column in units."""
        room, lines, left = width / (size * MM_PER_POINT), [""], 0.0
        counted = [] if self.count is None else [0.0]
        widths = self._widths[len(counted) :]
        left = room - (self._widths[0] if counted else 0)
        for name, part in zip(self.names, widths, strict=True):
            if part > left and left < room:
                lines.append("")
                left = room
            lines[-1] += name + _SPACE
            left -= part
        return [line.rstrip(_SPACE) for line in lines]

    def lines(self, size: float, width: float) -> int:
        """How many lines it takes at a size in points, in a column of that width in units. Names are never broken."""
        room = width / (size * MM_PER_POINT)
        if not self.names and self.count is None:
            # One character short: no line may begin with a closing mark (避头尾).
            return sum(max(1, ceil(part / (room - 1))) for part in self._widths)
        lines, left = 1, room
        for part in self._widths:
            if part > left and left < room:
                lines, left = lines + 1, room
            lines += int(part / room)  # a name longer than the line goes over into the next
            left -= part % room if part > room else part
        return lines


def count_words(count: int) -> str:
    return pgettext("plaque", "%(n)s members") % {"n": count}


def plaque_title(plaque: Plaque) -> str:
    """The honour; before the naming, with the word “creating”."""
    if plaque.kind != PlaqueKind.CREATING:
        return plaque.conferral.honour
    given = plaque.conferral.post_kind.plaque.get("creating_title")
    return given or pgettext("plaque", "Creating: %(honour)s") % {"honour": plaque.conferral.honour}


def content_of(plaque: Plaque) -> Sequence[str]:
    """The codes that the scheme has on the plaque."""
    return plaque.conferral.post_kind.plaque.get("content") or DEFAULT_CONTENT


def plaque_rows(plaque: Plaque) -> list[Row]:
    """The rows in their order. Raises nothing: what is empty is left out."""
    conferral, content = plaque.conferral, content_of(plaque)
    is_zone = conferral.post_kind.holder == HolderKind.ZONE
    rows = [
        Row("post_name", pgettext("plaque", "Zone") if is_zone else pgettext("plaque", "Post"), conferral.name),
        _organisation(conferral),
        Row("area", pgettext("plaque", "Area"), _tidy(conferral.area)) if is_zone else None,
        Row("category", pgettext("plaque", "Category"), conferral.category),
        Row(
            "duties", pgettext("plaque", "Tasks") if is_zone else pgettext("plaque", "Duties"), _tidy(conferral.duties)
        ),
        _people(plaque, content, is_zone=is_zone),
        Row("commitment", pgettext("plaque", "Commitment"), _tidy(conferral.commitment)),
        Row("phone", pgettext("plaque", "Supervision"), conferral.contact_phone or conferral.org_unit.phone),
    ]
    shown = {*content, "names", "unit", "area"}
    return [row for row in rows if row and row.code in shown and (row.text or row.code == "names")]


def holders_shown(plaque: Plaque) -> list[str]:
    """The Party members whose plaque it is: people of a collective post who are not in the Party are not among them."""
    members = [holder for holder in plaque.conferral.holders.all() if holder.until_on is None and holder.member_id]
    names = [holder.name for holder in members]
    return [plaque.for_name] if plaque.for_name in names else names


def _people(plaque: Plaque, content: Sequence[str], *, is_zone: bool) -> Row | None:
    members = holders_shown(plaque)
    names = tuple(members) if "names" in content else ()
    count = len(members) if "party_member_count" in content and not plaque.for_name else None
    label = pgettext("plaque", "Members responsible") if is_zone else pgettext("plaque", "Members on duty")
    return Row("names", label, "", names, count) if names or count else None


def _organisation(conferral: Conferral) -> Row | None:
    """Whose it is, where a whole organisation holds the title under a name of its own; a zone names its branch."""
    holder = conferral.post_kind.holder
    if holder == HolderKind.ZONE:
        return Row("unit", pgettext("plaque", "Branch"), conferral.org_unit.name)
    if holder != HolderKind.ORG or conferral.name == conferral.org_unit.name:
        return None
    return Row("unit", pgettext("plaque", "Unit"), conferral.org_unit.name)


def _tidy(text: str) -> str:
    return "\n".join(line.strip() for line in text.splitlines() if line.strip())


def height(rows: Sequence[Row], size: float, width: float) -> float:
    """The height of the rows in units, with the smallest gaps."""
    lines = sum(row.lines(size, width) for row in rows)
    return (lines * LINE_HEIGHT + (len(rows) - 1) * GAP * LINE_HEIGHT) * size * MM_PER_POINT


def fitting_size(name: str, rows: Sequence[Row], *, sizes: Sequence[float], width: float, room: float) -> float:
    """The largest size at which the rows fit. Raises DomainError naming the row to shorten when none does."""
    for size in sizes:
        if height(rows, size, width) <= room:
            return size
    longest = max(rows, key=lambda row: row.length)
    raise DomainError(
        _(
            "The plaque of “%(post)s” has too much text to be readable: “%(label)s” alone has %(n)s characters. "
            "Shorten it, or choose a larger plaque."
        )
        % {"post": name, "label": longest.label, "n": longest.length}
    )


def gap(rows: Sequence[Row], size: float, *, width: float, room: float) -> float:
    """Rows spread over the free space, but never more than a line and a quarter apart. In units."""
    line = LINE_HEIGHT * size * MM_PER_POINT
    spare = room - height(rows, size, width)
    return round(min(GAP * line + spare / max(1, len(rows)), 1.25 * line), 2)
