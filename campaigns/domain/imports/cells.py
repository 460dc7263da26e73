"""Turns the cells of a list into values, or says in one sentence why it cannot."""

import re
import time
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.translation import gettext as _

Parser = Callable[[object], object]

# Full-width forms too: a Chinese Excel takes them for the half-width ones while one types.
FORMULA_STARTS = "=+-@＝＋－＠"
EXACT_DIGITS = 15  # Excel keeps no more; the rest becomes zeros without a word
FOUNDED = date(1921, 7, 1)
_EPOCH = date(1899, 12, 30)
_DAY = re.compile(
    r"(\d{4})\s*(?:([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?)(?: 0?0:00(?::00)?)?"
)
_COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")
_PHONE = re.compile(r"\+?[0-9０-９()（）\- 转,，/、]+")
_CJK_GAP = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


class CellError(ValueError):
    """What is wrong with a cell, in words."""


def is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def as_text(value: object) -> str:
    """The text of a cell, trimmed. Raises CellError for what is no text or carries what nobody can see."""
    if isinstance(value, bool):
        raise CellError(_("TRUE or FALSE is not expected here."))
    if isinstance(value, (int, float)):
        return _number_as_text(value)
    if not isinstance(value, str):
        raise CellError(_("Excel keeps this cell as a date or time. Format the cell as text and type it again."))
    text = value.strip()
    if text.isprintable():
        return text
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            raise CellError(
                _("There is a line break or an invisible character (U+%(code)s) in the text. Type it again.")
                % {"code": f"{ord(char):04X}"}
            )
    return text


def plain_text(max_length: int) -> Parser:
    """Text on one line that no spreadsheet would take for a formula."""

    def parse(value: object) -> str:
        text = as_text(value)
        refuse_formula(text)
        if len(text) > max_length:
            raise CellError(
                _("The text has %(length)s characters; at most %(most)s fit.")
                % {"length": len(text), "most": max_length}
            )
        return text

    return parse


def person_name(max_length: int) -> Parser:
    """A name; the blanks that tables put between two Chinese characters are taken out."""
    text = plain_text(max_length)
    return lambda value: _CJK_GAP.sub("", str(text(value)))


def code(max_length: int) -> Parser:
    """A number or code: no blanks inside."""
    text = plain_text(max_length)

    def parse(value: object) -> str:
        found = str(text(value))
        if " " in found or "\u3000" in found:
            raise CellError(_("There is a blank inside the code."))
        return found

    return parse


def year(value: object) -> int:
    """A year in four digits, with or without 年."""
    text = as_text(value).removesuffix("年").removesuffix("年度").strip()
    if not re.fullmatch(r"[12]\d{3}", text):
        raise CellError(_("This is not a year. Write it like 2025."))
    return int(text)


def phone(max_length: int) -> Parser:
    """A telephone number, which may begin with a plus sign."""

    def parse(value: object) -> str:
        text = as_text(value)
        if not _PHONE.fullmatch(text) or len(text) > max_length:
            raise CellError(_("This is not a telephone number."))
        return text

    return parse


def choice(words: Mapping[str, str]) -> Parser:
    """One of some words; the value behind the word."""

    def parse(value: object) -> str:
        text = as_text(value)
        if text not in words:
            shown = list(dict.fromkeys(words.values()))
            firsts = [next(word for word, behind in words.items() if behind == one) for one in shown]
            raise CellError(_("Only these words are known: %(words)s.") % {"words": "、".join(firsts)})
        return words[text]

    return parse


def past_day(value: object) -> date:
    """A day between the founding of the Party and today, in any way people write days that cannot be misread."""
    day = _as_day(value)
    if day > _today(int(time.time()) // 60):
        raise CellError(_("The date %(day)s lies in the future.") % {"day": day})
    if day < FOUNDED:
        raise CellError(_("The date %(day)s lies before July 1921.") % {"day": day})
    return day


@lru_cache(maxsize=1)
def _today(minute: int) -> date:
    """Today, asked once a minute: fifty thousand questions about the time zone took a fifth of the whole check."""
    return timezone.localdate()


def refuse_formula(text: str) -> None:
    if text and text[0] in FORMULA_STARTS:
        raise CellError(
            _("The text begins with “%(sign)s”, as a formula does. Take the sign away.") % {"sign": text[0]}
        )


def _as_day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _number_as_day(value)
    if not isinstance(value, str):
        raise _no_day()
    text = unicodedata.normalize("NFKC", value).strip()
    found = _DAY.fullmatch(text)
    parts = [part for part in found.group(1, 3, 4, 5, 6) if part] if found else None
    if parts is None and (compact := _COMPACT_DAY.fullmatch(text)):
        parts = list(compact.groups())
    if parts is None:
        raise _no_day()
    return _checked_day(*map(int, parts))


def _number_as_day(value: float) -> date:
    """Excel's own count of days, or 20100701. A bare year or month (2010, 201007) is neither."""
    if value == int(value) and (compact := _COMPACT_DAY.fullmatch(str(int(value)))):
        return _checked_day(*map(int, compact.groups()))
    lowest, highest = (FOUNDED - _EPOCH).days, (timezone.localdate() - _EPOCH).days + 36525
    if not lowest <= value <= highest:
        raise _no_day()
    return _EPOCH + timedelta(days=int(value))


def _checked_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise CellError(_("There is no such day in the calendar.")) from error


def _number_as_text(value: float) -> str:
    if value != int(value):
        return str(value)
    digits = str(int(value))
    if len(digits.lstrip("-")) > EXACT_DIGITS:
        raise CellError(
            _(
                "Excel keeps this as a number and has lost all digits after the 15th. "
                "Format the column as text, type it again."
            )
        )
    return digits


def _no_day() -> CellError:
    return CellError(_("This is not a whole date. Write it like 2010-07-01."))
