"""How plaques look: each design is a folder with ``design.toml`` (colours) and ``art.svg`` (ground, frame, title).

Those of the house lie in ``templates/documents/designs``; a site adds its own in ``PLAQUE_DESIGNS_DIR``, where a folder
of the same name replaces the house's. What the drawing may use is told in ``docs/plaques.md``.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template import Context, Engine, TemplateSyntaxError
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError

HOUSE = Path(settings.BASE_DIR) / "templates" / "documents" / "designs"
DEFAULT = "gold"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{0,29}")


@dataclass(frozen=True)
class Design:
    """The colours of a design, and its drawing (a Django template that gives SVG)."""

    code: str
    label: str
    text: str
    accent: str
    faint: str
    title: tuple[str, str, str]
    title_light: str
    title_shade: str
    art: str

    def draw(self, context: dict[str, Any]) -> bytes:
        """The drawing for one sheet. It may include the house's parts and load nothing else."""
        engine = Engine(dirs=[settings.BASE_DIR / "templates"], libraries={"l10n": "django.templatetags.l10n"})
        try:
            template = engine.from_string(self.art)
            return template.render(Context({**context, "design": self}, use_l10n=False)).encode()
        except TemplateSyntaxError as error:
            raise DomainError(
                _("The design “%(design)s” cannot be drawn: %(why)s") % {"design": self.label, "why": error}
            ) from error


def designs() -> dict[str, Design]:
    """Every design by its code, the default first. Raises DomainError for a folder that cannot be used."""
    return _designs(str(settings.PLAQUE_DESIGNS_DIR))


def find_design(code: str) -> Design:
    """The design of that code, the default for an empty one."""
    known = designs()
    if (code or DEFAULT) not in known:
        raise DomainError(_("There is no design “%(code)s” any more; choose another.") % {"code": code}, field="design")
    return known[code or DEFAULT]


@cache
def _designs(own: str) -> dict[str, Design]:
    found = {}
    for folder in (HOUSE, Path(own)):
        for file in sorted(folder.glob("*/design.toml")):
            if _CODE.fullmatch(file.parent.name):
                found[file.parent.name] = _read(file)
    return {DEFAULT: found.pop(DEFAULT), **found}


def _read(file: Path) -> Design:
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8"))
        colours = {name: _colour(told[name]) for name in ("text", "accent", "faint")}
        first, middle, last = map(_colour, told["title"])
        more = {name: _colour(told[name]) if name in told else "" for name in ("title_light", "title_shade")}
        return Design(
            code=file.parent.name,
            label=str(told["label"])[:40],
            title=(first, middle, last),
            art=(file.parent / "art.svg").read_text(encoding="utf-8"),
            **colours,
            **more,
        )
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise DomainError(
            _("The design in the folder %(folder)s cannot be used: %(why)s. See docs/plaques.md.")
            % {"folder": file.parent.name, "why": error}
        ) from error


def _colour(value: str) -> str:
    if not _COLOUR.fullmatch(value):
        raise ValueError(value)
    return value
