"""The pages of the editor: each table and each list of tables of a raw scheme has an address, ``kinds/2/stages/1``."""

from dataclasses import Field, dataclass, fields
from typing import Any

from campaigns.schemes import values
from campaigns.schemes.controls import ABSENT
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path

Raw = dict[str, Any]
TABLE, ROWS, NAMED, REST = "table", "rows", "named", "rest"
#: The page that gathers the small tables which stand once in a file.
REST_ADDRESS = "rest"
MAX_KEYS_IN_ROW = 6


@dataclass(frozen=True)
class Place:
    """A page: where its values stand in the raw scheme, of which dataclass they are, and what shape they have."""

    path: Path
    cls: type
    shape: str

    @property
    def address(self) -> str:
        """Parts separated by slashes, rows counted from 1; names by their position, because they may be anything."""
        return REST_ADDRESS if self.shape == REST else "/".join(_spoken(part) for part in self.path)


def _spoken(part: str | int) -> str:
    return str(part + 1) if isinstance(part, int) else part


def value_of(spec: Field) -> values.Value:
    """The value of a key."""
    value: values.Value = spec.metadata["value"]
    return value


def is_row(cls: type) -> bool:
    """Whether tables of this class are small enough to be edited side by side in one list."""
    nested = (values.Table, values.Tables, values.NamedTables, values.NameOrTables, values.Anything)
    specs = fields(cls)
    return len(specs) <= MAX_KEYS_IN_ROW and not any(isinstance(value_of(spec), nested) for spec in specs)


def top_places() -> list[Place]:
    """The pages of the menu, in the order of the format."""
    first, *others = fields(Scheme)
    pages = [Place((first.name,), value_of(first).cls, TABLE)]  # type: ignore[attr-defined]
    for spec in others:
        value = value_of(spec)
        if isinstance(value, values.NamedTables):
            pages.append(Place((spec.name,), value.cls, NAMED))
        elif isinstance(value, values.Tables):
            pages.append(Place((spec.name,), value.cls, ROWS))
    return [*pages, Place((), Scheme, REST)]


def rest_tables() -> list[Field]:
    """The tables gathered on the last page."""
    return [spec for spec in fields(Scheme)[1:] if isinstance(value_of(spec), values.Table)]


def get_at(raw: Any, path: Path, default: Any = None) -> Any:
    """What stands at a path of the raw scheme."""
    for part in path:
        inside = isinstance(raw, dict) if isinstance(part, str) else isinstance(raw, list) and 0 <= part < len(raw)
        if not inside or (isinstance(part, str) and part not in raw):
            return default
        raw = raw[part]
    return raw


def put_at(raw: Raw, path: Path, value: Any) -> None:
    """Set or, with ABSENT, remove what stands at a path; tables on the way are made, emptied ones go."""
    *way, last = path
    here: Any = raw
    for part in way:
        if isinstance(part, str) and part not in here:
            if value is ABSENT:
                return
            here[part] = {}
        here = here[part]
    if value is not ABSENT:
        here[last] = value
    elif isinstance(here, dict):
        here.pop(last, None)
        if not here and len(way) > 1 and isinstance(way[-1], str):
            put_at(raw, tuple(way), ABSENT)


def find_place(raw: Raw, address: str) -> Place | None:
    """The page with this address, or None. The empty address is the first page."""
    first, *parts = address.strip("/").split("/")
    place = next((place for place in top_places() if place.address == (first or top_places()[0].address)), None)
    for part in parts:
        place = place and _step_into(raw, place, part)
    return place


def _step_into(raw: Raw, place: Place, part: str) -> Place | None:
    here = get_at(raw, place.path)
    if place.shape == TABLE:
        spec = next((spec for spec in fields(place.cls) if spec.name == part), None)
        return _place_of_key(place, spec, here) if spec and isinstance(here, dict) else None
    number = int(part) - 1 if part.isdecimal() and len(part) < 5 else -1
    if place.shape == ROWS and isinstance(get_at(here, (number,)), dict):
        return Place((*place.path, number), place.cls, TABLE)
    if place.shape == NAMED and isinstance(here, dict) and part in here and isinstance(here[part], list):
        return Place((*place.path, part), place.cls, ROWS)
    return None


def _place_of_key(place: Place, spec: Field, here: Raw) -> Place | None:
    value, path = value_of(spec), (*place.path, spec.name)
    own = isinstance(value, values.NameOrTables) and isinstance(here.get(spec.name), list)
    if own or isinstance(value, values.Tables):
        return Place(path, value.cls, ROWS)  # type: ignore[attr-defined]
    return None


def page_of(raw: Raw, path: Path) -> Place:
    """The page on which somebody can do something about what stands at ``path``."""
    found = next((place for place in top_places() if path and place.path == path[:1]), top_places()[-1])
    for end in range(1, len(path)):
        deeper = _step_into(raw, found, _spoken(path[end]))
        if found.shape == REST or deeper is None or (deeper.shape == TABLE and is_row(deeper.cls)):
            break
        if deeper.shape == ROWS and is_row(deeper.cls) and found.shape == TABLE:
            break
        found = deeper
    return found
