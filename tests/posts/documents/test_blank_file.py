"""What an uploaded Word file may bring along, and what is refused before anything reads it."""

import io
import zipfile

import pytest
from docx import Document

from campaigns.domain.errors import DomainError
from posts.documents import blank_file
from posts.documents.blank_file import MAX_BYTES, read_word_file
from tests.posts.words import rebuilt, with_relation, word

PLAIN = word("负责人：{{ 岗位名称 }}", header="页眉", footer="页脚")
W = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def body(xml):
    """A file with this XML inside the text of the document."""
    return rebuilt(PLAIN, change=("word/document.xml", b"<w:body>", b"<w:body>" + xml))


def word_field(*codes):
    runs = "".join(f"<w:r><w:instrText>{code}</w:instrText></w:r>" for code in codes)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "end"))
    return body(f"<w:p>{begin}{runs}{end}</w:p>".encode())


def test_a_plain_word_file_is_read_with_its_header_and_footer():
    names = [name for name, _tree in read_word_file(PLAIN).texts()]

    assert names[0] == "word/document.xml"
    assert any(name.startswith("word/header") for name in names)
    assert any(name.startswith("word/footer") for name in names)


def test_a_file_from_words_own_template_is_taken():
    out = io.BytesIO()
    document = Document()
    document.add_table(rows=2, cols=2)
    document.save(out)

    assert read_word_file(out.getvalue())


LINKS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
    b'Target="http://203.0.113.7/a.png" TargetMode="External"/></Relationships>'
)
HOSTILE = {
    "no word file": (b"%PDF-1.7", "这不是 Word 文档"),
    "nothing": (b"", "这不是 Word 文档"),
    "an archive": (rebuilt(PLAIN, change=("[Content_Types].xml", b"document.main+xml", b"x")), "这不是 Word 文档"),
    "a template": (
        rebuilt(PLAIN, change=("[Content_Types].xml", b"document.main+xml", b"template.main+xml")),
        "这不是 Word 文档",
    ),
    "macros": (rebuilt(PLAIN, add={"word/vbaProject.bin": b"x"}), "宏"),
    "an object": (rebuilt(PLAIN, add={"word/embeddings/oleObject1.bin": b"x"}), "嵌入"),
    "a workbook": (rebuilt(PLAIN, add={"word/embeddings/book.xlsx": b"x"}), "嵌入"),
    "a control": (rebuilt(PLAIN, add={"word/activeX/activeX1.xml": b"<x/>"}), "嵌入"),
    "a vector picture": (rebuilt(PLAIN, add={"word/media/image1.emf": b"x"}), "嵌入"),
    "a web page": (rebuilt(PLAIN, add={"word/afchunk.mht": b"x"}), "嵌入"),
    "a remote template": (with_relation(PLAIN, "attachedTemplate", "http://203.0.113.7/a.dotm"), "203.0.113.7"),
    "a linked picture": (with_relation(PLAIN, "image", "http://203.0.113.7/a.png"), "203.0.113.7"),
    "a linked file": (with_relation(PLAIN, "image", "file:///etc/passwd"), "passwd"),
    "a link": (with_relation(PLAIN, "hyperlink", "http://203.0.113.7/"), "203.0.113.7"),
    "links under another name": (
        rebuilt(PLAIN, add={"word/_rels/header9.xml.RELS": LINKS}), "203.0.113.7"
    ),
    "two parts of one name": (rebuilt(PLAIN, add={"word/Document.xml": b"<x/>"}), "已损坏"),
    "an object in capitals": (rebuilt(PLAIN, add={"word/EMBEDDINGS/a.xml": b"<x/>"}), "嵌入"),
    "an old document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2048), "这不是 Word 文档"),
    "nested without end": (rebuilt(PLAIN, add={"word/x.xml": b"<x>" * 100_000 + b"</x>" * 100_000}), "已损坏"),
    "a frame": (with_relation(PLAIN, "frame", "word/x.xml", external=False), "嵌入"),
    "a chunk": (body(b'<w:altChunk xmlns:r="r" r:id="rId9"/>'), "嵌入"),
    "an ole element": (body(b"<w:p><w:r><w:object/></w:r></w:p>"), "嵌入"),
    "an entity": (
        rebuilt(
            PLAIN,
            change=("word/styles.xml", b"<w:styles", b'<!DOCTYPE w:styles [<!ENTITY a "b">]><w:styles'),
        ),
        "已损坏",
    ),
    "broken xml": (rebuilt(PLAIN, change=("word/document.xml", b"</w:body>", b"")), "已损坏"),
    "another coding": (rebuilt(PLAIN, add={"word/x.xml": "<x>天</x>".encode("utf-16")}), "已损坏"),
    "a way out": (rebuilt(PLAIN, add={"../../evil.xml": b"<x/>"}), "已损坏"),
    "include": (word_field('INCLUDETEXT "C:\\\\x.docx"'), "INCLUDETEXT"),
    "include in pieces": (word_field("INCLUDE", 'PICTURE "http://203.0.113.7/a.png"'), "INCLUDEPICTURE"),
    "dde": (word_field('DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"'), "DDEAUTO"),
    "words own merge": (word_field("MERGEFIELD 姓名"), "MERGEFIELD"),
    "a simple field": (body(b'<w:p><w:fldSimple w:instr=" LINK Excel.Sheet x "/></w:p>'), "LINK"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_blank_may_not_hold_is_refused_in_a_clear_sentence(name):
    content, sentence = HOSTILE[name]

    with pytest.raises(DomainError, match=sentence) as caught:
        read_word_file(content)
    assert caught.value.field == "upload"


def test_page_numbers_and_dates_are_taken():
    assert read_word_file(word_field(" PAGE  \\* MERGEFORMAT "))
    assert read_word_file(word_field(' DATE \\@ "yyyy年M月d日" '))


def test_a_bomb_is_not_unpacked():
    with pytest.raises(DomainError, match="过大"):
        read_word_file(rebuilt(PLAIN, add={"word/bomb.xml": b"<x>" + b" " * 60_000_000 + b"</x>"}))


def test_a_bomb_that_lies_about_its_size_is_not_unpacked():
    bomb = rebuilt(PLAIN, add={"word/bomb.xml": b" " * 60_000_000})
    at = bomb.rindex(b"word/bomb.xml")  # the last directory entry: its size says ten bytes
    bomb = bomb[: at - 22] + (10).to_bytes(4, "little") + bomb[at - 18 :]

    with pytest.raises(DomainError):
        read_word_file(bomb)


def test_a_file_of_many_parts_is_refused():
    with pytest.raises(DomainError, match="过于复杂"):
        read_word_file(rebuilt(PLAIN, add={f"word/part{n}.xml": b"<x/>" for n in range(400)}))


def test_a_file_that_is_too_large_is_refused_before_it_is_opened(monkeypatch):
    monkeypatch.setattr(blank_file, "_unpack", None)

    with pytest.raises(DomainError, match="模板最大"):
        read_word_file(b"P" * (MAX_BYTES + 1))


def test_a_file_with_a_password_is_told_apart():
    protected = bytearray(PLAIN)
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        first = archive.infolist()[0].filename.encode()
    protected[protected.rindex(first) - 38] |= 1  # the flag of its entry in the directory

    with pytest.raises(DomainError, match="密码"):
        read_word_file(bytes(protected))
