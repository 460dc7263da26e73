"""The merge fields of a blank: which there are, what is wrong with them, and filling them in.

A blank may name fields, repeat a row or a paragraph for each line of a list, and leave something out when a field is
empty. That is all: no arithmetic, no calls, no filters, no loop in a loop. What is not on the list of allowed nodes is
refused before the blank is kept, and the environment that fills it knows nothing else either.
"""

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import SandboxedEnvironment

from campaigns.domain.errors import DomainError
from posts.documents.blank_file import W, WordFile
from posts.documents.blank_size import MAX_FILLED, filled_size

MAX_MARKS = 500
MAX_ROWS = 500
MAX_VALUE = 20_000
MAX_FAULTS = 20
#: How the marks are written, for the sentences about what is wrong.
FIELD, LOOP, CONDITION = "{{ 岗位名称 }}", "{% for 人 in 成员 %} … {% endfor %}", "{% if 地点 %} … {% endif %}"
LOOP_WORDS = frozenset({"index", "first", "last"})
_PLAIN = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.And, nodes.Or, nodes.Not, nodes.Operand)
_PART_NAMES = {
    "document": gettext_lazy("text of the document"),
    "header": gettext_lazy("header"),
    "footer": gettext_lazy("footer"),
    "footnotes": gettext_lazy("footnote"),
}
_MARK = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_LOOSE = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
#: Characters that XML cannot hold; Word would call the file damaged.
_ILLEGAL = re.compile("[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Vocabulary:
    """What a blank may name: plain fields, and lists each with the columns of a line."""

    fields: frozenset[str]
    lists: Mapping[str, frozenset[str]]

    def names(self) -> list[str]:
        return sorted({*self.fields, *self.lists})


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a blank: where, and what to write instead."""

    place: str
    text: str

    def __str__(self) -> str:
        return _("%(place)s: %(text)s") % {"place": self.place, "text": self.text} if self.place else self.text


class _Environment(SandboxedEnvironment):
    """Fields of the given values and nothing else: no attributes of objects, no calls, no filters, no globals."""

    def __init__(self) -> None:
        # Not optimized: that would calculate constant expressions while the blank is only being read.
        super().__init__(autoescape=True, undefined=StrictUndefined, optimized=False)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, dict):
            return obj[attribute] if attribute in obj else self.undefined(obj=obj, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP_WORDS:
            return getattr(obj, attribute)
        raise SecurityError(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        raise SecurityError(str(argument))

    def call(self, *_args: Any, **_kwargs: Any) -> Any:
        raise SecurityError("call")


def find_faults(file: WordFile, content: bytes, vocabulary: Vocabulary) -> list[Fault]:
    """Everything that is wrong with the merge fields, in the order of the document; empty when it may be kept."""
    faults = list(_loose_marks(file))
    if faults:
        return faults[:MAX_FAULTS]
    return _faults_in(content, vocabulary)


def _faults_in(content: bytes, vocabulary: Vocabulary) -> list[Fault]:
    found: list[Fault] = []
    for place, source in _sources(content):
        found += _faults_of(place, source, vocabulary)
    return list(dict.fromkeys(found))[:MAX_FAULTS]


def used_fields(content: bytes) -> list[str]:
    """The names of fields and lists that the blank uses, for its page."""
    names: set[str] = set()
    for _place, source in _sources(content):
        tree = _Environment().parse(source)
        targets = {loop.target.name for loop in tree.find_all(nodes.For) if isinstance(loop.target, nodes.Name)}
        names |= {name.name for name in tree.find_all(nodes.Name)} - targets - {"loop"}
    return sorted(names)


def fill_blank(content: bytes, values: Mapping[str, Any], vocabulary: Vocabulary, *, title: str) -> bytes:
    """The blank with its fields filled in, as a Word file. Values are plain text; markup in them is only text.

    It is checked once more: a field may be gone since it was kept. Raises DomainError with the first fault.
    """
    if faults := _faults_in(content, vocabulary):
        text = _("The blank cannot be filled in any more; upload a corrected one. %(fault)s")
        raise DomainError(text % {"fault": faults[0]})
    held = clean(values)
    if sum(filled_size(_Environment().parse(source), held) for _place, source in _sources(content)) > MAX_FILLED:
        raise DomainError(_("Filled in, this blank would be too large. Repeat fewer long columns in its lists."))
    template = DocxTemplate(io.BytesIO(content))
    try:
        template.render(held, jinja_env=_Environment(), autoescape=True)
    except TemplateError as error:
        text = _("The blank cannot be filled in any more; upload a corrected one. %(fault)s")
        raise DomainError(text % {"fault": ""}) from error
    properties = template.docx.core_properties
    properties.title, properties.author, properties.last_modified_by = title[:200], "", ""
    out = io.BytesIO()
    template.save(out)
    return out.getvalue()


def clean(value: Any) -> Any:
    """The values without what XML cannot hold, bounded in length and number."""
    if isinstance(value, Mapping):
        return {name: clean(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        if len(value) > MAX_ROWS:
            raise DomainError(_("A blank takes lists of at most %(n)s lines.") % {"n": MAX_ROWS})
        return [clean(each) for each in value]
    return _ILLEGAL.sub("", "" if value is None else str(value))[:MAX_VALUE]


def _sources(content: bytes) -> Iterator[tuple[str, str]]:
    """What the template engine will be given: body, headers and footers, each paragraph on a line of its own."""
    template = DocxTemplate(io.BytesIO(content))
    template.init_docx()
    yield str(_PART_NAMES["document"]), _lined(template.patch_xml(template.get_xml()))
    for uri, name in ((template.HEADER_URI, _PART_NAMES["header"]), (template.FOOTER_URI, _PART_NAMES["footer"])):
        for _key, part in template.get_headers_footers(uri):
            yield str(name), _lined(template.patch_xml(template.get_part_xml(part)))
    for part in template.docx.part.package.parts:
        if part.content_type.endswith("footnotes+xml"):
            yield str(_PART_NAMES["footnotes"]), _lined(template.patch_xml(part.blob.decode("utf-8")))
    properties = template.docx.core_properties
    for text in (properties.title, properties.subject, properties.author, properties.comments, properties.identifier):
        yield _("properties of the file"), text or ""
    yield _("properties of the file"), properties.language or ""


def _lined(source: str) -> str:
    """One line for each paragraph, so that a line number is the number of a paragraph."""
    return re.sub(r"<w:p([ >])", r"\n<w:p\1", source.replace("\n", " "))


def _loose_marks(file: WordFile) -> Iterator[Fault]:
    """Braces without their partner in the same paragraph, and too many marks."""
    count = 0
    for name, tree in file.texts():
        for n, paragraph in enumerate(tree.iter(f"{W}p"), 1):
            text = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
            count += len(_MARK.findall(text))
            if loose := _LOOSE.search(_MARK.sub("", text)):
                kind = re.sub(r"word/|\d*\.xml", "", name)
                words = {"mark": loose.group(), "field": FIELD}
                said = _("“%(mark)s” has no partner. A field is written %(field)s, in one paragraph.") % words
                yield Fault(_place(str(_PART_NAMES.get(kind, kind)), n, text), said)
    if count > MAX_MARKS:
        said = _("The blank has %(n)s marks; at most %(most)s are possible.")
        yield Fault("", said % {"n": count, "most": MAX_MARKS})


def _faults_of(place: str, source: str, vocabulary: Vocabulary) -> list[Fault]:
    lines = source.split("\n")

    def where(line: int | None) -> str:
        line = line or 1
        text = re.sub(r"<[^>]*>?", "", lines[line - 1]) if 0 < line <= len(lines) else ""
        return _place(place, line - 1, text)

    try:
        tree = _Environment().parse(source)
    except TemplateSyntaxError as error:
        return [Fault(where(error.lineno), _syntax(error))]
    return [Fault(where(line), text) for line, text in _walk(tree, vocabulary, {})]


def _walk(node: nodes.Node, vocabulary: Vocabulary, loop: Mapping[str, frozenset[str]]) -> Iterator[tuple[int, str]]:
    """Every node that is not allowed and every name that is not known; ``loop`` is the line of the running list."""
    if isinstance(node, nodes.For):
        yield from _walk_loop(node, vocabulary, loop)
        return
    if isinstance(node, nodes.Name):
        yield from _walk_name(node, vocabulary, loop)
        return
    if isinstance(node, nodes.Getattr):
        yield from _walk_column(node, loop)
        return
    if isinstance(node, nodes.Const):
        if not isinstance(node.value, str):
            yield node.lineno, _forbidden()
        return
    if not isinstance(node, (*_PLAIN, nodes.If, nodes.Compare)):
        yield node.lineno, _forbidden()
        return
    if isinstance(node, nodes.Operand) and node.op not in {"eq", "ne"}:
        yield node.lineno, _forbidden()
        return
    for child in node.iter_child_nodes():
        yield from _walk(child, vocabulary, loop)


def _walk_loop(
    node: nodes.For, vocabulary: Vocabulary, loop: Mapping[str, frozenset[str]]
) -> Iterator[tuple[int, str]]:
    if loop:
        yield node.lineno, _("A list cannot be repeated inside another one.")
        return
    plain = isinstance(node.iter, nodes.Name) and isinstance(node.target, nodes.Name)
    if not plain or node.test is not None or node.recursive:
        yield node.lineno, _forbidden()
        return
    columns = vocabulary.lists.get(node.iter.name)
    if columns is None:
        yield node.lineno, _unknown(node.iter.name, vocabulary.lists, what=_("list"))
        return
    for child in [*node.body, *node.else_]:
        yield from _walk(child, vocabulary, {node.target.name: columns})


def _walk_name(
    node: nodes.Name, vocabulary: Vocabulary, loop: Mapping[str, frozenset[str]]
) -> Iterator[tuple[int, str]]:
    if node.name in vocabulary.lists:
        return  # “{% if list %}”: whether it has lines
    if node.name in loop:
        text = _("“%(name)s” is a line of a list; write which column of it, with a dot.")
        yield node.lineno, text % {"name": node.name}
    elif node.name not in vocabulary.fields:
        yield node.lineno, _unknown(node.name, vocabulary.names(), what=_("field"))


def _walk_column(node: nodes.Getattr, loop: Mapping[str, frozenset[str]]) -> Iterator[tuple[int, str]]:
    owner = node.node.name if isinstance(node.node, nodes.Name) else None
    if owner in loop:
        if node.attr not in loop[owner]:
            yield node.lineno, _unknown(node.attr, loop[owner], what=_("column"))
    elif not (owner == "loop" and loop and node.attr in LOOP_WORDS):
        yield node.lineno, _forbidden()


def _unknown(name: str, known: Iterable[str], *, what: str) -> str:
    near = get_close_matches(name, list(known), n=3, cutoff=0.4)
    text = _("“%(name)s” is no %(what)s of this kind of case.") % {"name": name, "what": what}
    return text + (_(" Perhaps you mean: %(names)s.") % {"names": "、".join(near)} if near else "")


def _forbidden() -> str:
    return _("A blank has only fields, lists and conditions: no calculation, no function, no further dots.")


def _syntax(error: TemplateSyntaxError) -> str:
    message = error.message or ""
    for word in ("endfor", "endif"):
        if word in message and "end of template" in message:
            return _("%(mark)s is missing.") % {"mark": f"{{% {word} %}}"}
    words = {"field": FIELD, "condition": CONDITION, "loop": LOOP}
    if "unknown tag" in message.lower():
        return _("This mark is not known. Possible are %(loop)s and %(condition)s.") % words
    return _("This mark is not written correctly. A field is %(field)s, a condition %(condition)s.") % words


def _place(part: str, number: int, text: str) -> str:
    """“Text, paragraph 3 (负责人：{{…)”."""
    excerpt = " ".join(text.split())[:30]
    words = {"part": part, "n": max(number, 1), "text": excerpt}
    return _("%(part)s, paragraph %(n)s (%(text)s)") % words if excerpt else part
