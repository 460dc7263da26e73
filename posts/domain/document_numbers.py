"""The register of document numbers 发文字号: a number is given once, and every number is accounted for."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import OrgUnit, User
from campaigns.permissions import require_on_unit
from posts.models import DocumentNumber, NumberSeries, OfficialDocument

_NUMBER = re.compile(r"([^〔〕\[\]【】（）()\d\s]{1,20})[〔\[【（(](\d{4})[〕\]】）)]第?(\d{1,6})号")
MAX_SERIAL, MAX_GAPS = 99_999, 200


@dataclass(frozen=True)
class ParsedNumber:
    """代字〔年份〕序号号 in its parts."""

    code: str
    year: int
    serial: int

    def __str__(self) -> str:
        return number_text(self.code, self.year, self.serial)


def number_text(code: str, year: int, serial: int) -> str:
    """As GB/T 9704-2012, 7.2.5 writes it: the full year in 〔〕, no leading zero, no 第."""
    return f"{code}〔{year}〕{serial}号"


def parse_number(text: str) -> ParsedNumber | None:
    """The parts of a number that somebody typed, whatever brackets he took; None when it is not one."""
    found = _NUMBER.fullmatch("".join(text.split()))
    return ParsedNumber(found[1], int(found[2]), int(found[3])) if found else None


#: Called with an organisation: the numbers that its cases carry already, before their papers are issued.
Carrier = Callable[[OrgUnit], Iterable[str]]
_carriers: list[Carrier] = []


def carries_numbers(source: Carrier) -> Carrier:
    """Declare where cases keep numbers that somebody typed: the register gives these to nobody else."""
    _carriers.append(source)
    return source


def carried_serials(org_unit: OrgUnit, code: str, year: int) -> set[int]:
    """The running numbers of a series that cases carry."""
    texts = {text for source in _carriers for text in source(org_unit) if text.startswith(code)}
    parsed = filter(None, map(parse_number, texts))
    return {number.serial for number in parsed if (number.code, number.year) == (code, year)}


def is_given(org_unit: OrgUnit, number: ParsedNumber) -> bool:
    """Whether the register has given the number."""
    return DocumentNumber.objects.filter(
        series__org_unit=org_unit, series__code=number.code, series__year=number.year, serial=number.serial
    ).exists()


def require_not_given(org_unit: OrgUnit, text: str, *, field: str = "document_number") -> None:
    """Raise DomainError at the field when a number that somebody types for a case is a document's already."""
    number = parse_number(text)
    if number and is_given(org_unit, number):
        raise DomainError(_taken(str(number)), field=field)


@dataclass(frozen=True)
class Gap:
    """Numbers below the last that nobody was given."""

    first: int
    last: int

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def gaps_of(series: NumberSeries) -> list[Gap]:
    """Where the register has holes: to be explained by a note, or to be given yet."""
    given = sorted(series.numbers.values_list("serial", flat=True))
    found, expected = [], 1
    for serial in given:
        if serial > expected:
            found.append(Gap(expected, serial - 1))
        expected = serial + 1
    if series.last >= expected:
        found.append(Gap(expected, series.last))
    return found


def next_number(org_unit: OrgUnit, code: str, year: int) -> int:
    """What would be given now, for a form; another officer may take it first."""
    series = NumberSeries.objects.filter(org_unit=org_unit, code=code, year=year).first()
    return _next(org_unit, code, year, series.last if series else 0)


def _next(org_unit: OrgUnit, code: str, year: int, last: int) -> int:
    """The first number after the last that no case carries."""
    carried = carried_serials(org_unit, code, year)
    return next(serial for serial in count(last + 1) if serial not in carried)


def known_codes(org_unit: OrgUnit) -> list[str]:
    """The codes under which the organisation has issued, the last first."""
    rows = NumberSeries.objects.filter(org_unit=org_unit).order_by("-year", "-pk").values_list("code", flat=True)
    return list(dict.fromkeys(rows))


@transaction.atomic
def take_number(
    document: OfficialDocument, *, actor: User, code: str, year: int, serial: int | None = None
) -> DocumentNumber:
    """Give the document the next number of the series, or exactly ``serial``. Part of the issue, whose locks hold.

    Raises DomainError when the number was given already, to whatever and whatever became of it.
    """
    series = _lock_series(document.org_unit, code, year)
    if serial is None:
        serial = _next(document.org_unit, series.code, year, series.last)
    return _give(series, serial, actor=actor, document=document)


@transaction.atomic
def note_number(org_unit: OrgUnit, *, actor: User, code: str, year: int, serial: int, note: str) -> DocumentNumber:
    """Enter a number that a paper outside of the system has. Raises PermissionDenied, DomainError at the field."""
    require_on_unit(actor, "issue_document", org_unit)
    if not note.strip():
        raise DomainError(_("Say which paper has this number."), field="note")
    given = _give(_lock_series(org_unit, code, year), serial, actor=actor, note=note.strip()[:120])
    record("document_number_noted", given.series, actor=actor, serial=serial)
    return given


def _lock_series(org_unit: OrgUnit, code: str, year: int) -> NumberSeries:
    code = "".join(code.split())
    if not code or len(code) > 20 or parse_number(number_text(code, 2000, 1)) is None:
        raise DomainError(
            _("Write the code of the numbers: Chinese characters, without digits and brackets."), field="code"
        )
    if not 1950 <= year <= timezone.localdate().year + 1:
        raise DomainError(_("Check the year of the number."), field="year")
    key: dict[str, Any] = {"org_unit": org_unit, "code": code, "year": year}
    NumberSeries.objects.get_or_create(**key)
    return NumberSeries.objects.select_for_update(of=("self",)).get(**key)


def _give(series: NumberSeries, serial: int, *, actor: User, **to: object) -> DocumentNumber:
    if not 1 <= serial <= MAX_SERIAL:
        raise DomainError(_("A number lies between 1 and %(n)s.") % {"n": MAX_SERIAL}, field="serial")
    if serial > series.last + MAX_GAPS:
        raise DomainError(
            _("The last number is %(last)s; %(serial)s would leave too many open. Check it.")
            % {"last": series.last, "serial": serial},
            field="serial",
        )
    text = number_text(series.code, series.year, serial)
    if series.numbers.filter(serial=serial).exists():
        raise DomainError(_taken(text), field="serial")
    try:
        with transaction.atomic():
            given = DocumentNumber.objects.create(series=series, serial=serial, given_by=actor, **to)
    except IntegrityError as error:
        raise DomainError(_taken(text), field="serial") from error
    if serial > series.last:
        series.last = serial
        series.save(update_fields=["last"])
    return given


def _taken(text: str) -> str:
    return _("%(number)s has been given already. A number is never given twice, even after a withdrawal.") % {
        "number": text
    }
