"""What an uploaded Word file must not bring along: bombs, macros, embedded objects, and links to anything outside.

A blank is filled on the server and opened by many people. So it is only text, tables and pictures: nothing in it may
run, load a file or ask another machine, whoever opens it.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from lxml import etree

from campaigns.domain.errors import DomainError

MAX_BYTES = 2 * 1024 * 1024
MAX_PARTS = 300
MAX_UNPACKED = 20 * 1024 * 1024
MAX_XML = 3 * 1024 * 1024
#: What a Word file may consist of, by the end of the name.
ALLOWED = (".xml", ".rels", ".png", ".jpg", ".jpeg", ".gif", ".bmp")
MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
#: Elements behind which something else than text lies.
FOREIGN = {"altChunk", "object", "control", "subDoc", "OLEObject", "movie", "contentPart"}
#: Fields that only count, date or refer inside the document.
HARMLESS = {
    "PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TOC",
    "PAGEREF", "REF", "SEQ", "STYLEREF", "NUMWORDS", "NUMCHARS", "TITLE", "=", "EQ", "SYMBOL", "TC", "XE",
}  # fmt: skip
_FOREIGN_RELATIONS = ("oleObject", "attachedTemplate", "aFChunk", "subDocument", "frame", "control", "package", "vba")


@dataclass(frozen=True)
class WordFile:
    """The parts of a Word file that was read within all bounds."""

    parts: dict[str, bytes]

    def texts(self) -> Iterator[tuple[str, etree._Element]]:
        """The parts that hold merge fields: body, headers, footers, footnotes; each with its tree."""
        for name in sorted(self.parts, key=lambda part: (part != "word/document.xml", part)):
            if re.fullmatch(r"word/(document|header\d*|footer\d*|footnotes)\.xml", name):
                yield name, parse(self.parts[name])


def read_word_file(content: bytes) -> WordFile:
    """The file's parts. Raises DomainError (field ``upload``) with what is wrong and what to do about it."""
    if len(content) > MAX_BYTES:
        words = {"size": filesizeformat(len(content)), "most": filesizeformat(MAX_BYTES)}
        raise _refuse(_("The file has %(size)s; a blank has at most %(most)s. Make its pictures smaller.") % words)
    file = WordFile(_unpack(content))
    types = file.parts.get("[Content_Types].xml", b"")
    if MAIN_TYPE not in types or "word/document.xml" not in file.parts:
        raise _no_word()
    for name, data in file.parts.items():
        if name.lower().endswith((".xml", ".rels")):
            _check_xml(name, data)
    return file


def parse(data: bytes) -> etree._Element:
    """The tree of a part; entities are never resolved and nothing is loaded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _damaged() from error


def _unpack(content: bytes) -> dict[str, bytes]:
    """Every part, read with a bound: what the directory of the archive says about sizes is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if len(infos) > MAX_PARTS:
                raise _refuse(_("The file has too many parts to be a blank (%(n)s).") % {"n": len(infos)})
            parts, names, left = {}, set(), MAX_UNPACKED
            for info in infos:
                if info.is_dir():
                    continue
                _check_name(info)
                if info.filename.lower() in names:
                    raise _damaged()  # two parts of one name: which of them is read depends on the program
                names.add(info.filename.lower())
                with archive.open(info) as stream:
                    data = stream.read(left + 1)
                left -= len(data)
                if left < 0 or (info.filename.lower().endswith((".xml", ".rels")) and len(data) > MAX_XML):
                    raise _refuse(_("The file unpacks to more than a blank may hold."))
                parts[info.filename] = data
            return parts
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError) as error:
        raise _no_word() from error


def _check_name(info: zipfile.ZipInfo) -> None:
    name = info.filename
    if info.flag_bits & 1:
        raise _refuse(_("The file is protected by a password. Take the protection off and save it again."))
    if name.startswith("/") or ".." in name.split("/") or "\\" in name:
        raise _damaged()
    if "vba" in name.lower():
        raise _refuse(_("The file contains macros. Save it as “Word document (*.docx)”, which has none."))
    if not name.lower().endswith(ALLOWED) or "/embeddings/" in name.lower() or "/activex/" in name.lower():
        what = {"name": name.rsplit("/", 1)[-1][:60]}
        text = _("The file contains something embedded (%(name)s). A blank holds text, tables and pictures (PNG, JPG).")
        raise _refuse(text % what)


def _check_xml(name: str, data: bytes) -> None:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _damaged() from error
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise _damaged()
    tree = parse(data)
    if name.lower().endswith(".rels"):
        _check_relations(tree)
    elif name.lower().startswith("word/"):
        _check_elements(tree)
        _check_word_fields(tree)


def _check_relations(tree: etree._Element) -> None:
    for relation in tree:
        target, kind = relation.get("Target", ""), relation.get("Type", "")
        if relation.get("TargetMode", "").lower() == "external":
            text = _("The file links to “%(target)s”. Take links, linked pictures and attached templates out.")
            raise _refuse(text % {"target": target[:80]})
        if any(kind.endswith(f"/{word}") for word in _FOREIGN_RELATIONS) or "vbaProject" in kind:
            raise _refuse(_("The file contains an embedded object. A blank holds text, tables and pictures only."))


def _check_elements(tree: etree._Element) -> None:
    for element in tree.iter(etree.Element):
        if etree.QName(element).localname in FOREIGN:
            raise _refuse(_("The file contains an embedded object. A blank holds text, tables and pictures only."))


def _check_word_fields(tree: etree._Element) -> None:
    """Word's own fields: page numbers and the like; nothing that fetches or merges."""
    codes, open_codes = [element.get(f"{W}instr", "") for element in tree.iter(f"{W}fldSimple")], []
    for element in tree.iter(f"{W}fldChar", f"{W}instrText"):
        kind = element.get(f"{W}fldCharType")
        if element.tag == f"{W}instrText":
            if open_codes:
                open_codes[-1] += element.text or ""
            else:
                codes.append(element.text or "")
        elif kind == "begin":
            open_codes.append("")
        elif kind == "end" and open_codes:
            codes.append(open_codes.pop())
    for code in [*codes, *open_codes]:
        word = (code.split() or ["="])[0].upper()
        if word not in HARMLESS and not word.startswith("="):
            text = _("Word's own field “%(code)s” cannot be used in a blank. Write data with double braces.")
            raise _refuse(text % {"code": code.strip()[:60]})


def _refuse(text: str) -> DomainError:
    return DomainError(text, field="upload")


def _damaged() -> DomainError:
    return _refuse(_("The file is damaged. Open it in Word and save it again."))


def _no_word() -> DomainError:
    return _refuse(_("This is no Word document (.docx). Save it in Word or WPS as “Word document (*.docx)”."))
