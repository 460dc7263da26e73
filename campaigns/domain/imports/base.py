"""What the three lists share: columns, the comparison with the database, and the Resource that writes.

Headings and words of the files are Chinese in every language of the interface: they are the format of the file.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from import_export import fields, resources
from tablib import Dataset

from campaigns.domain.errors import DomainError
from campaigns.domain.imports.cells import Parser
from campaigns.models import OrgUnit, User

__all__ = ["Dataset"]

Values = dict[str, Any]
NEW, CHANGED, SAME = "new", "changed", "same"


@dataclass(frozen=True)
class ListColumn:
    """A column of a list: heading, the value it becomes, and what the explanation sheet says about it.

    ``needed``: no cell may be blank. A column that is not ``needed`` may be missing altogether; then the values in
    the database stay as they are.
    """

    heading: str
    attribute: str
    parse: Parser
    help: str | Promise
    example: str
    needed: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    width: int = 14


@dataclass(frozen=True)
class Problem:
    """Something wrong in a row: the attribute of the column, and the sentence."""

    attribute: str
    sentence: str


@dataclass
class Comparison:
    """What a row would do: new, changed or same; for changes the values before and after, as shown to people."""

    outcome: str
    changes: dict[str, tuple[str, str]] = dataclass_field(default_factory=dict)


class ListResource(resources.ModelResource):
    """Writes a chunk of checked rows: one INSERT … ON CONFLICT DO UPDATE for new and changed rows together.

    Upsert instead of insert, because somebody may have entered the same member by hand since the check: the
    confirmed file must still be written to its end (docs/decisions/imports.md).
    """

    update_on_conflict: tuple[str, ...] = ()

    def __init__(self, names: Sequence[str]):
        super().__init__()
        self.fields = {name: fields.Field(attribute=name, column_name=name) for name in names}

    def import_instance(self, instance: object, row: Mapping, **kwargs: object) -> None:
        """The values were parsed and checked long before: no second cleaning, cell by cell, of 400,000 cells."""
        for name in self.fields:
            setattr(instance, name, row[name])

    def bulk_create(self, using_transactions, dry_run, raise_errors, batch_size=None, result=None):
        if self.create_instances:
            self._meta.model.objects.bulk_create(
                self.create_instances,
                update_conflicts=True,
                unique_fields=list(self._meta.import_id_fields),
                update_fields=list(self.update_on_conflict),
            )
        self.create_instances.clear()


class ImportList:
    """One kind of list. A subclass names columns and permission, and judges a row against the database."""

    code: ClassVar[str]
    sheet: ClassVar[str]  # name of the sheet
    label: ClassVar[Promise]
    permission: ClassVar[str]
    columns: ClassVar[tuple[ListColumn, ...]]
    do_not_call_in_templates: ClassVar[bool] = True
    chunk: ClassVar[int] = 2000  # rows written in one transaction

    def __init__(self, scope: OrgUnit, actor: User):
        self.scope = scope
        self.actor = actor
        self.units: dict[str, OrgUnit] = {}
        self.names: dict[str, list[OrgUnit]] = {}
        self.load_units()

    def load_units(self) -> None:
        """Read the whole tree once: codes and names become units without a query a row."""
        for unit in OrgUnit.objects.order_by("path"):
            self.units[unit.code] = unit
            self.names.setdefault(unit.name, []).append(unit)

    def unit(self, text: str) -> OrgUnit:
        """The unit with this code, or the only one with this name. Raises DomainError with the sentence."""
        if found := self.units.get(text):
            return found
        named = self.names.get(text, [])
        if len(named) == 1:
            return named[0]
        if named:
            codes = "、".join(unit.code for unit in named[:5])
            raise DomainError(_("Several units have this name (codes %(codes)s). Write the code.") % {"codes": codes})
        raise DomainError(_("There is no unit with this code or name."))

    def tree_digest(self) -> "hashlib._Hash":
        """A checksum of what the lists rest on in the tree."""
        digest = hashlib.sha256(self.scope.path.encode())
        for unit in self.units.values():
            facts = (unit.path, unit.code, unit.name, unit.kind, unit.is_active, unit.phone, unit.address)
            digest.update(repr((*facts, unit.postcode, unit.office_hours)).encode())
        return digest

    def covers(self, unit: OrgUnit) -> bool:
        return unit.path.startswith(self.scope.path)

    def outside(self, unit: OrgUnit) -> str:
        return _("%(unit)s does not belong to %(scope)s.") % {"unit": unit.name, "scope": self.scope.name}

    # --- what a subclass does ---------------------------------------------------------------------------------------
    def key(self, values: Values) -> object:
        """What may stand only once in the file, or None when it cannot be told."""
        raise NotImplementedError

    def key_attribute(self) -> str:
        """The column that a double key is reported at."""
        return self.columns[0].attribute

    def judge(self, values: Values) -> Iterator[Problem]:
        """What is wrong beyond the single cells; a cell that is wrong by itself is missing in ``values``.

        Resolves codes to units in ``values``.
        """
        raise NotImplementedError

    def compare(self, values: Values) -> Comparison:
        """What writing a right row would do."""
        raise NotImplementedError

    def write(self, rows: Sequence[Values]) -> None:
        """Write rows, in the transaction of the caller. Writing the same rows again changes nothing."""
        raise NotImplementedError

    def fingerprint(self) -> str:
        """A checksum of everything in the database that the judgement rests on."""
        raise NotImplementedError

    def export_rows(self) -> Iterable[Sequence[object]]:
        """The list as it stands, in the order and words of the columns."""
        raise NotImplementedError
