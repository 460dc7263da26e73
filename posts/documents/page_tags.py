"""One page of a tagged PDF as a file of its own: without its tags a reader's voice finds no text."""

import io
from collections.abc import Sequence

import pikepdf
from pikepdf import Array, Dictionary, Name


def split_pages(pdf: bytes, titles: Sequence[str]) -> list[bytes]:
    """Each page as a file, with title, language and its part of the tree of tags.

    Works for the trees of our own layouts: document elements, each child of which lies on one page.
    """
    files = []
    with pikepdf.open(io.BytesIO(pdf)) as source:
        root = source.Root.StructTreeRoot
        marks = dict(zip(*[iter(root.ParentTree.Nums)] * 2, strict=True))
        tops: dict = {}
        for top in (top for document in root.K for top in document.K):
            if "/P" in top:
                del top.P  # else each copy would take the whole tree along
            tops.setdefault(_page_of(top), []).append(top)
        for page, title in zip(source.pages, titles, strict=True):
            files.append(_file_of(page, title, tops.get(page.objgen, []), marks[page.obj.StructParents], source))
    return files


def _file_of(page: pikepdf.Page, title: str, tops: list, marks: pikepdf.Object, source: pikepdf.Pdf) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as target:
        target.pages.append(page)  # first, so that the copied tags point to the copy
        root = target.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = target.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root))
        copies = [target.copy_foreign(top) for top in tops]
        for copy in copies:
            copy.P = document
        document.K, root.K = Array(copies), Array([document])
        target.pages[0].obj.StructParents = 0
        root.ParentTree = Dictionary(Nums=Array([0, Array([target.copy_foreign(mark) for mark in marks])]))
        target.Root.StructTreeRoot, target.Root.MarkInfo = root, Dictionary(Marked=True)
        target.Root.Lang, target.Root.ViewerPreferences = str(source.Root.Lang), Dictionary(DisplayDocTitle=True)
        target.docinfo["/Title"] = title
        target.save(out, deterministic_id=True)
    return out.getvalue()


def _page_of(element: pikepdf.Object) -> tuple[int, int] | None:
    """The page on which the element begins, by its number in the file."""
    if "/Pg" in element:
        return element.Pg.objgen
    kids = element.get("/K", Array())
    kids = kids if isinstance(kids, Array) else [kids]
    return next((page for kid in kids if isinstance(kid, Dictionary) and (page := _page_of(kid))), None)
