"""What people hear before a paper is printed: which characters come out in another face.

What no face has at all is refused by ``posts.documents.fonts.check_characters``, at the latest when the paper is set.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from django.utils.translation import gettext as _

from posts.documents.fonts import BIAOSONG, FANGSONG, HEI, rare_character_warning


def texts_of(paper: Any) -> Iterator[str]:
    """Every text of a paper that is plain data, however deep."""
    if isinstance(paper, str):
        yield paper
    elif is_dataclass(paper):
        for each in fields(paper):
            yield from texts_of(getattr(paper, each.name))
    elif isinstance(paper, Mapping):
        yield from texts_of(list(paper.values()))
    elif isinstance(paper, Sequence) and not isinstance(paper, bytes):
        for each in paper:
            yield from texts_of(each)


def rare_warnings(paper: Any, *, family: str) -> list[str]:
    """A sentence when the face in which the paper is set lacks some of its characters; else nothing."""
    text = "".join(texts_of(paper))
    sentence = rare_character_warning(text, family=family, role=_role(family))
    return [sentence] if sentence else []


def _role(family: str) -> str:
    names = {HEI: _("Hei"), FANGSONG: _("FangSong"), BIAOSONG: _("BiaoSong")}
    return names.get(family, family)
