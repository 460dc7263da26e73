"""The tags of tagged PDF files when pages go from one file to another: without them a reader's voice finds no text."""

import io

import pikepdf
from pikepdf import Array, Dictionary, Name


def move_pages(source: pikepdf.Pdf, target: pikepdf.Pdf, numbers: range) -> None:
    """Append pages of ``source``, numbered from 0, to ``target`` with their part of the tree of tags.

    Works for the trees that our own documents have: one document element, each child of which lies on one page or is
    taken with the page it begins on. ``source`` is changed: it is not to be saved afterwards.
    """
    start = len(target.pages)
    target.pages.extend([source.pages[number] for number in numbers])
    if "/StructTreeRoot" not in source.Root:
        return
    tree, mapping = _tree_of(target)
    per_page = source.Root.StructTreeRoot.ParentTree.Nums
    tops = list(source.Root.StructTreeRoot.K[0].K)
    wanted = {source.pages[number].objgen for number in numbers}
    for top in tops:
        if _page_of(top) in wanted:
            if "/P" in top:
                del top.P  # else the copy would take the whole tree along
            copy = target.copy_foreign(top)
            copy.P = tree.K[0]
            tree.K[0].K.append(copy)
    for offset, number in enumerate(numbers):
        elements = [target.copy_foreign(element) for element in per_page[2 * number + 1]]
        target.pages[start + offset].obj.StructParents = start + offset
        mapping.append(start + offset)
        mapping.append(Array(elements))


def _page_of(element: pikepdf.Object) -> tuple[int, int] | None:
    """The page on which the element begins, by its number in the file."""
    if "/Pg" in element:
        return element.Pg.objgen
    kids = element.get("/K", Array())
    kids = kids if isinstance(kids, Array) else [kids]
    return next((page for kid in kids if isinstance(kid, Dictionary) and (page := _page_of(kid))), None)


def _tree_of(pdf: pikepdf.Pdf) -> tuple[pikepdf.Object, pikepdf.Object]:
    """The tree of tags, and the list that leads from each page's marks to it."""
    if "/StructTreeRoot" not in pdf.Root:
        root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot, ParentTree=Dictionary(Nums=Array())))
        document = Dictionary(Type=Name.StructElem, S=Name.Document, K=Array(), P=root)
        root.K = Array([pdf.make_indirect(document)])
        pdf.Root.StructTreeRoot, pdf.Root.MarkInfo = root, Dictionary(Marked=True)
    tree = pdf.Root.StructTreeRoot
    return tree, tree.ParentTree.Nums


def split_pages(pdf: bytes, titles: list[str]) -> list[bytes]:
    """Each page as a file of its own, with title, language and tags."""
    files = []
    for number, title in enumerate(titles):
        with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as target:
            move_pages(source, target, range(number, number + 1))
            target.Root.Lang = source.Root.Lang
            target.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
            target.docinfo["/Title"] = title
            out = io.BytesIO()
            target.save(out, deterministic_id=True)
            files.append(out.getvalue())
    return files
