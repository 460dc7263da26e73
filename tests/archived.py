"""The rules of PDF/A-3 (ISO 19005-3) that a file breaks, as far as they can be read off its objects."""

import io
import re

import pikepdf

#: Actions, filters and kinds of annotation that the norm forbids (6.6.1, 6.1.7.2, 6.3.1).
FORBIDDEN_ACTIONS = {"/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/JavaScript"}
FORBIDDEN_NOTES = {"/3D", "/Sound", "/Screen", "/Movie"}
FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


def archive_faults(pdf: bytes) -> list[str]:
    """A short sentence for each fault; nothing for a file that may be archived."""
    faults = []
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4}", pdf):
        faults.append("the header has no line of four bytes above 127 (6.1.2)")
    with pikepdf.open(io.BytesIO(pdf)) as document:
        faults += _of_file(document)
        for number, thing in enumerate(document.objects, 1):
            if isinstance(thing, (pikepdf.Dictionary, pikepdf.Stream)):
                faults += [f"object {number}: {fault}" for fault in _of_object(thing)]
        faults += [f"page {page.index + 1}: {fault}" for page in document.pages for fault in _of_page(page)]
    return faults


def _of_file(document):
    root = document.Root
    if document.is_encrypted or "/ID" not in document.trailer:
        yield "encrypted, or without an ID (6.1.3)"
    intents = [intent for intent in root.get("/OutputIntents", []) if intent.S == "/GTS_PDFA1"]
    if len(intents) != 1 or intents[0].DestOutputProfile.read_bytes()[36:40] != b"acsp":
        yield "no output intent with a profile (6.2.3)"
    if "/Lang" not in root or not root.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in root:
        yield "not tagged, or without a language (6.7)"
    for name in ("/AA", "/JavaScript", "/OpenAction", "/Perms", "/Requirements", "/AcroForm"):
        if name in root or name in root.get("/Names", {}):
            yield f"{name} in the catalogue (6.4, 6.6)"
    yield from _of_metadata(document)


def _of_metadata(document):
    if "/Metadata" not in document.Root:
        yield "no metadata (6.6.2)"
        return
    if re.search(rb"<\?xpacket begin=[^>]*(bytes|encoding)=", document.Root.Metadata.read_bytes()):
        yield "metadata with an encoding of their own (6.6.2.1)"
    with document.open_metadata() as meta:
        if (meta.get("pdfaid:part"), meta.get("pdfaid:conformance")) != ("3", "A"):
            yield "does not say PDF/A-3a (6.6.4)"
        if str(document.docinfo.get("/Title", "")) != (meta.get("dc:title") or ""):
            yield "title unlike the metadata (6.6.3)"


def _of_object(thing):
    kind, subtype = thing.get("/Type"), thing.get("/Subtype")
    if isinstance(thing, pikepdf.Stream):
        yield from _of_stream(thing, kind, subtype)
    if thing.get("/S") in FORBIDDEN_ACTIONS:
        yield f"the action {thing.S} (6.6.1)"
    if kind == "/Filespec" and "/AFRelationship" not in thing:
        yield "a file without its relation (6.8)"
    if kind == "/ExtGState" and ("/TR" in thing or thing.get("/TR2", "/Default") != "/Default"):
        yield "a transfer function (6.2.5)"
    if kind == "/Annot":
        yield from _of_note(thing, subtype)
    yield from _of_letters(thing, kind, subtype)


def _of_stream(thing, kind, subtype):
    if "/LZWDecode" in str(thing.get("/Filter", "")) or "/F" in thing:
        yield "LZW, or bytes in another file (6.1.7)"
    if kind == "/XObject" and (subtype == "/PS" or "/OPI" in thing or "/Ref" in thing or thing.get("/Interpolate")):
        yield "an image or form that is forbidden (6.2.8, 6.2.9)"


def _of_letters(thing, kind, subtype):
    if kind == "/FontDescriptor" and not any(name in thing for name in FONT_FILES):
        yield "a face that is not embedded (6.2.11.4)"
    if kind == "/Font" and subtype == "/Type0" and "/ToUnicode" not in thing:
        yield "letters without their text (6.2.11.7)"
    if kind == "/Font" and subtype == "/CIDFontType2" and "/CIDToGIDMap" not in thing:
        yield "letters without their glyphs (6.2.11.3.2)"


def _of_note(thing, subtype):
    if subtype in FORBIDDEN_NOTES:
        yield f"a note {subtype} (6.3.1)"
    if not int(thing.get("/F", 0)) & 4 or int(thing.get("/F", 0)) & (1 | 2 | 32):
        yield "a note that is not printed (6.3.2)"


def _of_page(page):
    if any(str(step.operator) in ("k", "K") for step in pikepdf.parse_content_stream(page)):
        yield "the fourth colour without a profile (6.2.4.3)"
    if "/AA" in page.obj:
        yield "an action (6.6.2)"
    if "/Tabs" not in page.obj and page.obj.get("/Annots"):
        yield "notes without an order (6.7)"
