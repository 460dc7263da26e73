"""What makers of official documents share: facts as they are named in a text, lists of posts as annexes."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.models import Campaign
from posts.documents.official_paper import Annex, Column
from posts.domain.drafting import Fact, token
from posts.domain.notice_texts import basis_of, formal_date


class Facts(list[Fact]):
    """The facts of a case in the order in which its text calls them."""

    def put(self, name: str, value: object, *, is_needed: bool = True) -> str:
        """Add a fact, and return how the text calls it."""
        text = formal_date(value) if isinstance(value, date) else "" if value is None else str(value)
        self.append(Fact(name, text, is_needed))
        return token(name)

    def basis(self, campaign: Campaign) -> str:
        """What everything in the campaign rests on: its document, else the campaign itself."""
        return self.put(pgettext("fact", "basis"), basis_of(campaign))

    def honour(self, campaign: Campaign) -> str:
        return self.put(pgettext("fact", "title conferred"), campaign.honour)

    def year(self, campaign: Campaign) -> str:
        return self.put(pgettext("fact", "year"), campaign.year)


def all_units() -> str:
    """The addressee of what concerns the whole campaign."""
    return _("All Party organisations and units concerned:")


class ListedPost(NamedTuple):
    """A post as a list of an official document names it."""

    name: str
    kind: str
    unit: str
    people: str


def list_of_posts(title: str, posts: Iterable[ListedPost]) -> Annex:
    """名单: number, post, kind, unit, people."""
    return Annex(title, posts_columns(), [(str(n), *post) for n, post in enumerate(posts, 1)])


def posts_columns() -> list[Column]:
    """The columns of a list of posts."""
    return [
        Column(pgettext("sheet", "No."), centered=True),
        Column(pgettext("sheet", "Post")),
        Column(pgettext("sheet", "Kind"), centered=True),
        Column(pgettext("sheet", "Unit")),
        Column(pgettext("sheet", "Members")),
    ]


def heading(n: int, text: str) -> str:
    """A heading of the first level: 一、…"""
    return f"{'一二三四五六七八九十'[n - 1]}、{text}"


def ended(text: str) -> str:
    """What somebody wrote into a form, as sentences of a text."""
    text = text.strip()
    return text if not text or text[-1] in "。！？；.!?”）" else f"{text}。"


def in_words(parts: Iterable[str]) -> str:
    """A Chinese enumeration."""
    return "、".join(dict.fromkeys(part for part in parts if part))
