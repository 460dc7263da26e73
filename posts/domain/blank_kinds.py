"""The kinds of case for which a unit may have its own blanks, and the fields each kind offers.

The names of the fields are written by people into their Word files, so they are Chinese words and stay as they are.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from campaigns.models import Campaign, OrgUnit, User
from posts.documents.blank_template import Vocabulary
from posts.domain.notice_texts import formal_date

Words = str | Promise
Value = Callable[[Any], object]


@dataclass(frozen=True)
class BlankField:
    """A field: its name in the blank, what it is, an example, and its value for a case (or a line of a list)."""

    name: str
    what: Words
    example: str
    value: Value

    @property
    def mark(self) -> str:
        """How it is written in the blank."""
        return f"{{{{ {self.name} }}}}"

    @property
    def column_mark(self) -> str:
        """How it is written inside a repeated line."""
        return f"{{{{ 行.{self.name} }}}}"


@dataclass(frozen=True)
class BlankList:
    """A list that is repeated line by line; ``lines`` are those of the case that the reader may see."""

    name: str
    what: Words
    columns: tuple[BlankField, ...]
    lines: Callable[[Any, User], Iterable[Any]]

    @property
    def opening(self) -> str:
        """What stands in a row of its own before the row of a table that is repeated."""
        return f"{{%tr for 行 in {self.name} %}}"

    @property
    def closing(self) -> str:
        return "{%tr endfor %}"


@dataclass(frozen=True)
class BlankKind:
    """A kind of case: who sees its rows, to which unit a case belongs, what it offers."""

    code: str
    label: Words
    model: type[Any]
    rows: Callable[[User], QuerySet]
    unit_of: Callable[[Any], OrgUnit]
    fields: tuple[BlankField, ...]
    lists: tuple[BlankList, ...] = ()
    order: int = 50
    icon: str = field(default="file-text")

    @property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(
            frozenset(each.name for each in self.fields),
            {each.name: frozenset(column.name for column in each.columns) for each in self.lists},
        )

    def values_of(self, case: Model, user: User) -> dict[str, Any]:
        """What every field and list says of a case, as far as this user may read it."""
        with override(settings.LANGUAGE_CODE):
            values: dict[str, Any] = {each.name: _shown(each.value(case)) for each in self.fields}
            for listed in self.lists:
                values[listed.name] = [_line(listed, line) for line in listed.lines(case, user)]
            return values

    def examples(self) -> dict[str, Any]:
        """The example of every field, for the starter blank and the page."""
        values: dict[str, Any] = {each.name: each.example for each in self.fields}
        values |= {listed.name: [{c.name: c.example for c in listed.columns}] for listed in self.lists}
        return values


_kinds: dict[str, BlankKind] = {}


def blank_kind(kind: BlankKind) -> BlankKind:
    """Declare a kind of case. Two fields of one name would hide each other."""
    names = [each.name for each in kind.fields] + [each.name for each in kind.lists]
    if kind.code in _kinds or len(names) != len(set(names)):
        raise RuntimeError(f"two kinds of blank {kind.code}, or two fields of one name")
    _kinds[kind.code] = kind
    return kind


def find_blank_kind(code: str) -> BlankKind | None:
    return _kinds.get(code)


def each_blank_kind() -> list[BlankKind]:
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.code))


def kind_of(case: Model) -> BlankKind | None:
    """The kind to which a row belongs."""
    return next((kind for kind in _kinds.values() if isinstance(case, kind.model)), None)


def campaign_fields(campaign_of: Callable[[Any], Campaign]) -> tuple[BlankField, ...]:
    """What every case takes from its campaign, and the day of the print."""
    return (
        BlankField(
            "活动名称", _("title of the campaign"), "2026年度党员示范岗创建活动", lambda case: campaign_of(case).title
        ),
        BlankField("称号", _("title conferred"), "党员示范岗", lambda case: campaign_of(case).honour),
        BlankField("年度", _("year of the campaign"), "2026", lambda case: campaign_of(case).year),
        BlankField(
            "主办组织", _("owning organisation"), "中共示例县青样镇委员会", lambda case: campaign_of(case).owner
        ),
        BlankField(
            "依据文件", _("basis document"), "青示委发〔2026〕3号", lambda case: campaign_of(case).basis_document
        ),
        BlankField("打印日期", _("the day of printing"), "2026年7月1日", lambda case: timezone.localdate()),
    )


def _line(found: BlankList, line: Any) -> Mapping[str, str]:
    return {column.name: _shown(column.value(line)) for column in found.columns}


def _shown(value: object) -> str:
    if isinstance(value, datetime):
        return formal_date(timezone.localdate(value))
    if isinstance(value, date):
        return formal_date(value)
    return "" if value is None else str(value)
