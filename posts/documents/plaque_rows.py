"""What stands on a plaque: the labelled rows that its scheme lists, and the size at which they fit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.domain.errors import DomainError
from campaigns.models import HolderKind
from posts.documents.line_breaker import Chunk
from posts.documents.line_filler import fill, single_blanks, unbroken
from posts.documents.measure import MM_PER_POINT, advances, width_in_ems
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
    def _paragraphs(self) -> list[tuple[str, float]]:
        """The paragraphs, each with its width in ems."""
        lines = [single_blanks(line) for line in self.text.splitlines() or [""]]
        return [(line, sum(map(self._advance, line))) for line in lines]

    @cached_property
    def _advance(self) -> Callable[[str], float]:
        return advances(bold=self.code == "post_name")

    @cached_property
    def _widths(self) -> list[float]:
        """Of the count and of each name, with what parts it from the next, in ems."""
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

    @cached_property
    def _tried(self) -> dict[tuple[float, float], list[str]]:
        return {}

    def set_lines(self, size: float, width: float) -> list[str]:
        """The lines as they will stand on the paper, but for the count. Only a name longer than a line is broken."""
        key = size, width
        if key not in self._tried:
            self._tried[key] = self._set(size, width)
        return self._tried[key]

    def _set(self, size: float, width: float) -> list[str]:
        # A hair less than there is: the printed widths are rounded to thousandths.
        room = 0.999 * width / (size * MM_PER_POINT)
        if not self.names and self.count is None:
            paragraphs = self._paragraphs
        else:
            paragraphs = [(line, width_in_ems(line)) for line in self.name_lines(size, width)]
        lines: list[str] = []
        for text, ems in paragraphs:
            lines += [text] if ems <= room else fill(self._unbroken(text), room=room)
        return lines

    def _unbroken(self, text: str) -> list[Chunk]:
        if text not in self._parted:
            self._parted[text] = unbroken(text, self._advance)
        return self._parted[text]

    @cached_property
    def _parted(self) -> dict[str, list[Chunk]]:
        return {}

    def lines(self, size: float, width: float) -> int:
        """How many lines it takes at a size in points, in a column of that width in units."""
        return len(self.set_lines(size, width))


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
        Row("post_name", _name_label(conferral), conferral.name),
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


def _name_label(conferral: Conferral) -> str:
    """What bears the title: a post, a zone, or an organisation, such as a village."""
    labels = {HolderKind.ZONE: pgettext("plaque", "Zone"), HolderKind.ORG: pgettext("plaque", "Name")}
    return labels.get(HolderKind(conferral.post_kind.holder), pgettext("plaque", "Post"))


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


Width = Callable[[float], float]  # of the column in units, at a size in points


def fitting_size(
    name: str,
    rows: Sequence[Row],
    *,
    sizes: Sequence[float],
    width: Width,
    room: float,
    larger: Sequence[float] = (),
) -> float:
    """The size at which the rows look best: the largest that fits, unless one a little smaller leaves no word alone.

    ``larger`` sizes are taken for few words, while they cost no line. Raises DomainError naming the row to shorten
    when none fits.
    """
    for place, size in enumerate(sizes):
        if height(rows, size, width(size)) <= room:
            if place == 0 and (grown := _grown(rows, size, larger, width, room)):
                return grown
            near = sizes[place : place + 3]
            return next((one for one in near if not _has_orphan(rows, one, width(one))), size)
    longest = max(rows, key=lambda row: row.length)
    raise DomainError(
        _(
            "The plaque of “%(post)s” has too much text to be readable: “%(label)s” alone has %(n)s characters. "
            "Shorten it, or choose a larger plaque."
        )
        % {"post": name, "label": longest.label, "n": longest.length}
    )


def _grown(rows: Sequence[Row], size: float, larger: Sequence[float], width: Width, room: float) -> float | None:
    """The largest of the larger sizes at which the rows take no more lines than at this one."""
    least = sum(row.lines(size, width(size)) for row in rows)
    for one in larger:
        if height(rows, one, width(one)) <= room and sum(row.lines(one, width(one)) for row in rows) == least:
            return one
    return None


def _has_orphan(rows: Sequence[Row], size: float, width: float) -> bool:
    """Whether the last line of a text is a single character, with its mark (孤字不成行)."""
    return any(
        len(lines) > 1 and len(lines[-1].rstrip("，。；、！？）”")) < 2
        for lines in (row.set_lines(size, width) for row in rows if not row.names)
    )


def gap(rows: Sequence[Row], size: float, *, width: float, room: float) -> float:
    """Rows spread over the free space, but never more than a line and a quarter apart. In units."""
    line = LINE_HEIGHT * size * MM_PER_POINT
    spare = room - height(rows, size, width)
    return round(min(GAP * line + spare / max(1, len(rows)), 1.25 * line), 2)
