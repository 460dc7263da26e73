"""What the pages of the library and of the editor show, put together from the domain."""

from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.domain.library import Entry
from campaigns.domain.scheme_drafts import raw_of, title_of
from campaigns.domain.scheme_forms import Page
from campaigns.domain.scheme_words import spoken_path
from campaigns.domain.schemes import Examination
from campaigns.models import SchemeDraft
from campaigns.schemes import vocabulary as words
from campaigns.schemes.compare import compare_schemes
from campaigns.schemes.explain import Section, explain_scheme
from campaigns.schemes.labels import label_of
from campaigns.schemes.model import Scheme
from campaigns.schemes.places import REST, Place, Raw, get_at, page_of, top_places
from campaigns.schemes.report import Path, Problem
from campaigns.schemes.traits import Trait, Way, traits_of, ways_of

NUMERALS = "一二三四五六七八九十"


@dataclass
class Chapter:
    """A section of the page to read, with its number as documents write it."""

    number: str
    anchor: str
    section: Section


def chinese_number(number: int) -> str:
    """1 to 99 as documents count their parts."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else NUMERALS[tens - 1] + "十"
    return head + (NUMERALS[ones - 1] if ones else "")


@dataclass
class Card:
    """A scheme in the library: what it is, its ways, what makes it special."""

    entry: Entry
    scheme: Scheme
    ways: list[Way]
    traits: list[Trait]

    @property
    def owners(self) -> list[str]:
        return [str(words.UNIT_KINDS[kind]) for kind in self.scheme.scheme.owner_kinds]

    @property
    def text(self) -> str:
        """Everything that a search may find."""
        head = self.scheme.scheme
        kinds = [kind.label for kind in self.scheme.kinds]
        facts = [trait.text for trait in self.traits]
        parts = [self.entry.code, head.title, head.honour, head.source, head.summary, *kinds, *facts]
        return " ".join([*parts, *(step for way in self.ways for step in way.steps)]).lower()


def library_page(entries: list[Entry], wanted: QueryDict) -> dict[str, Any]:
    """The schemes that fit what is looked for, and the choices of the filter."""
    cards = [Card(entry, entry.scheme, ways_of(entry.scheme), traits_of(entry.scheme)) for entry in entries]
    text, holder, owner = (wanted.get(name, "").strip() for name in ("q", "holder", "owner"))
    fitting = [
        card
        for card in cards
        if all(word in card.text for word in text.lower().split())
        and (not holder or any(kind.holder == holder for kind in card.scheme.kinds))
        and (not owner or owner in (card.scheme.scheme.owner_kinds or (owner,)))
        and (wanted.get("origin", "") in {"", "shipped" if card.entry.is_shipped else "own"})
    ]
    holders = {kind.holder for card in cards for kind in card.scheme.kinds}
    owners = {kind for card in cards for kind in card.scheme.scheme.owner_kinds}
    return {
        "cards": fitting,
        "total": len(cards),
        "wanted": wanted,
        "holders": [(code, label) for code, label in words.HOLDERS.items() if code in holders],
        "owners": [(code, label) for code, label in words.UNIT_KINDS.items() if code in owners],
    }


def compare_page(
    entries: list[Entry], left: Entry | Scheme | None = None, right: Entry | Scheme | None = None, *, only: bool
) -> dict[str, Any]:
    """Two schemes side by side; ``only``: just the rows in which they differ."""
    schemes = [side.scheme if isinstance(side, Entry) else side for side in (left, right)]
    subjects = compare_schemes(*schemes) if schemes[0] and schemes[1] else []
    differences = sum(subject.differences for subject in subjects)
    for subject in subjects if only else []:
        subject.rows = [row for row in subject.rows if row.differs]
    return {
        "entries": entries,
        "left": left,
        "right": right,
        "titles": [scheme.scheme.title if scheme else "" for scheme in schemes],
        "subjects": [subject for subject in subjects if subject.rows],
        "differences": differences,
        "only": only,
    }


def reading_page(scheme: Scheme, warnings: list[Problem]) -> dict[str, Any]:
    """The scheme as a document: numbered chapters and the warnings."""
    sections = explain_scheme(scheme)
    chapters = [
        Chapter(chinese_number(i), section.anchor or f"part-{i}", section)
        for i, section in enumerate(sections, start=1)
    ]
    return {
        "scheme": scheme,
        "chapters": chapters,
        "warnings": warnings,
        "warnings_number": chinese_number(len(chapters) + 1),
    }


@dataclass
class Entrance:
    """A line of the editor's menu."""

    title: str
    address: str
    count: int | None = None
    problems: int = 0
    is_current: bool = False


@dataclass
class Pointer:
    """A problem with the way to the place where it can be mended."""

    problem: Problem
    where: str
    url: str


@dataclass
class Crumb:
    title: str
    address: str = ""


@dataclass
class _Faults:
    by_page: dict[str, list[Problem]] = field(default_factory=dict)
    by_entrance: dict[str, int] = field(default_factory=dict)


def editor_page(draft: SchemeDraft, place: Place, examination: Examination) -> dict[str, Any]:
    """A page of the editor: its fields with their problems, the menu, and where everything else is wrong."""
    raw = raw_of(draft)
    problems = examination.problems if draft.is_checked else []
    faults = _sorted(raw, problems)
    page = Page(raw, place)
    page.place_problems(faults.by_page.get(place.address, []))
    return {
        "draft": draft,
        "title": title_of(draft),
        "page": page,
        "place": place,
        "crumbs": _crumbs(raw, place),
        "menu": [_entrance(raw, top, place, faults) for top in top_places()],
        "pointers": [_pointer(draft, raw, problem) for problem in problems],
        "warnings": examination.warnings if draft.is_checked else [],
        "is_clean": draft.is_checked and not problems,
    }


def _sorted(raw: Raw, problems: list[Problem]) -> _Faults:
    faults = _Faults()
    for problem in problems:
        page = page_of(raw, problem.path)
        faults.by_page.setdefault(page.address, []).append(problem)
        top = page.address.split("/")[0]
        faults.by_entrance[top] = faults.by_entrance.get(top, 0) + 1
    return faults


def _entrance(raw: Raw, top: Place, place: Place, faults: _Faults) -> Entrance:
    rows = get_at(raw, top.path) if top.path else None
    return Entrance(
        title=_title(top),
        address=top.address,
        count=len(rows) if isinstance(rows, list | dict) and top.shape in {"rows", "named"} else None,
        problems=faults.by_entrance.get(top.address, 0),
        is_current=place.address.split("/")[0] == top.address,
    )


def _title(top: Place) -> str:
    return _("other rules") if top.shape == REST else str(label_of(Scheme, str(top.path[0])).name)


def _crumbs(raw: Raw, place: Place) -> list[Crumb]:
    if place.shape == REST:
        return [Crumb(_title(place))]
    crumbs = []
    for end in range(1, len(place.path) + 1):
        at: Path = place.path[:end]
        address = "/".join(str(part + 1) if isinstance(part, int) else part for part in at)
        crumbs.append(Crumb(spoken_path(raw, at).split(" › ")[-1], address))
    return crumbs


def _pointer(draft: SchemeDraft, raw: Raw, problem: Problem) -> Pointer:
    place = page_of(raw, problem.path)
    page = Page(raw, place)
    page.place_problems([problem])
    box = next((box for group in page.groups for box in group.each_box() if box.problems), None)
    url = reverse("campaigns:scheme_edit", args=[draft.pk, place.address])
    return Pointer(
        box.problems[0] if box else problem,
        spoken_path(raw, problem.path),
        url + (f"#f-{box.name}" if box else "#page"),
    )
