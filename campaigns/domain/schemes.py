"""Reading and checking scheme files."""

import re
import tomllib
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.schemes.advice import advise
from campaigns.schemes.checks import check_scheme_as_a_whole
from campaigns.schemes.model import Scheme
from campaigns.schemes.positions import find_positions
from campaigns.schemes.report import Problem, Report
from campaigns.schemes.values import read_table

MAX_BYTES = 256 * 1024
_AT = re.compile(r"\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)$")


class SchemeError(DomainError):
    """The scheme cannot be used; ``problems`` tells every fault with its line."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems), field="text")
        self.problems = problems


@dataclass
class Examination:
    """A scheme file, read: the scheme when it has no faults, the faults, and the warnings."""

    scheme: Scheme | None = None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    text: str = ""


def examine_scheme(content: str | bytes, *, filename: str = "") -> Examination:
    """Read a scheme file and say everything that is wrong with it. Never raises, whatever the content is."""
    report = Report(file=filename or _("scheme"))
    text = _decode(content, report)
    data = None if text is None else _parse(text, report)
    if text is None or data is None:
        return Examination(problems=report.problems, text=text or "")
    scheme = read_table(Scheme, data, (), report)
    check_scheme_as_a_whole(scheme, report)
    if report.problems:
        report.problems.sort(key=lambda problem: problem.line)
        return Examination(problems=report.problems, text=text)
    advise(scheme, report)
    return Examination(scheme, [], report.warnings, text)


def check_scheme(content: str | bytes, filename: str = "") -> list[Problem]:
    """All faults of a scheme file; empty when it can be used."""
    return examine_scheme(content, filename=filename).problems


def load_scheme(content: str | bytes, filename: str = "") -> Scheme:
    """The scheme of a file. Raises SchemeError with all faults at once."""
    examination = examine_scheme(content, filename=filename)
    if examination.scheme is None:
        raise SchemeError(examination.problems)
    return examination.scheme


def read_toml(content: str | bytes, report: Report) -> dict | None:
    """The tables of a TOML text; None when it is none, and the report then says where and why."""
    text = _decode(content, report)
    return None if text is None else _parse(text, report)


def _decode(content: str | bytes, report: Report) -> str | None:
    if len(content) > MAX_BYTES:
        report.error((), _("The file is larger than %(n)s KB; no scheme is that long.") % {"n": MAX_BYTES // 1024})
        return None
    if isinstance(content, str):
        return content.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        report.positions = {("",): content[: error.start].count(b"\n") + 1}
        report.error(("",), _("The file is not UTF-8 text. Save it again with the encoding UTF-8 (in Notepad: UTF-8)."))
        return None


def _parse(text: str, report: Report) -> dict | None:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, line = str(error), text.count("\n") + 1
        if match := _AT.search(message):
            line = int(match["line"] or line)
            message = message[: match.start()].strip()
        report.positions = {("",): line}
        report.error(("",), _("This line is not valid TOML: %(reason)s.") % {"reason": _toml_reason(message)})
    except (ValueError, RecursionError, OverflowError):
        report.error((), _("The file cannot be read as TOML: a number is too long or brackets are nested too deeply."))
    else:
        report.positions = find_positions(text)
        return data
    return None


def _toml_reason(message: str) -> str:
    """The parser's reason in the user's language, where it is one of the usual ones."""
    reasons = {
        "Expected '=' after a key": _("an equals sign is missing after the key"),
        "Cannot overwrite a value": _("this key stands twice"),
        "Cannot declare": _("this table stands twice"),
        "Invalid value": _("there is no valid value after the equals sign (texts need quotation marks)"),
        "Expected newline or end of document": _("something is left over at the end of the line"),
        "Unclosed array": _("a bracket ] is missing"),
        "Unclosed inline table": _("a brace } is missing, or an inline table goes over several lines"),
        "Unterminated string": _("a quotation mark is missing at the end"),
        "Found invalid character": _("a text in simple quotation marks must end on its line"),
        "Illegal character": _("a text in simple quotation marks must end on its line"),
        "Invalid initial character": _("a line must begin with a key, a [table] or a # comment"),
        "Invalid statement": _("a line must begin with a key, a [table] or a # comment"),
        "Expected ']'": _("a bracket ] is missing"),
    }
    return next((reason for start, reason in reasons.items() if message.startswith(start)), message)
