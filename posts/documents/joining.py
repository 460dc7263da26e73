"""Several PDF files as one, with their structure, so that the whole is as accessible as its parts."""

from collections.abc import Sequence
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name


def join_pdfs(parts: Sequence[Path], out: Path, *, share: bool = False) -> list[int]:
    """Write the pages of the parts into one file; title, language and kind of the first. Same parts, same bytes.

    ``share``: the parts were drawn with the same letters, which then stand in the file once. Returns the number of the
    page (from 0 on) on which each part begins.
    """
    starts = [0]
    with pikepdf.open(parts[0]) as whole:
        for part in parts[1:]:
            starts.append(len(whole.pages))
            append_pdf(whole, part, share=share)
        whole.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return starts


def append_pdf(whole: pikepdf.Pdf, part: Path, *, share: bool = False) -> None:
    """The pages of one more file, and what its structure says about them."""
    first, offset = len(whole.pages), _next_key(whole)
    with pikepdf.open(part) as more:
        whole.pages.extend(more.pages)
        for page in list(whole.pages)[first:]:
            if share:
                page.obj.Resources = whole.pages[0].obj.Resources
            _shift(page.obj, offset)
        if "/StructTreeRoot" in more.Root:
            _append_structure(whole, more, offset)


def _shift(page, offset: int) -> None:
    if "/StructParents" in page:
        page.StructParents = int(page.StructParents) + offset
    for note in page.get("/Annots", []):
        if "/StructParent" in note:
            note.StructParent = int(note.StructParent) + offset


def _next_key(pdf: pikepdf.Pdf) -> int:
    tree = pdf.Root.get("/StructTreeRoot")
    if tree is None or "/ParentTree" not in tree:
        return 0
    keys = [int(key) for key in pikepdf.NumberTree(tree.ParentTree)]
    return max(keys, default=-1) + 1


def _append_structure(whole: pikepdf.Pdf, more: pikepdf.Pdf, offset: int) -> None:
    """The pages were copied before, so that the copied structure points to the copies."""
    copied = whole.copy_foreign(whole_or_indirect(more))
    root = whole.Root.get("/StructTreeRoot")
    if root is None:
        root = whole.Root.StructTreeRoot = whole.make_indirect(
            Dictionary(Type=Name.StructTreeRoot, K=Array(), ParentTree=Dictionary(Nums=Array()))
        )
        whole.Root.MarkInfo = Dictionary(Marked=True)
    elements = _list(root.get("/K"))
    for element in _list(copied.get("/K")):
        element.P = root
        elements.append(element)
    root.K = Array(elements)
    if "/ParentTree" in copied:
        tree = pikepdf.NumberTree(root.ParentTree)
        for key, value in pikepdf.NumberTree(copied.ParentTree).items():
            tree[int(key) + offset] = value
        root.ParentTreeNextKey = _next_key(whole)


def whole_or_indirect(pdf: pikepdf.Pdf):
    """Only what has a number of its own can be copied from one file to another."""
    tree = pdf.Root.StructTreeRoot
    return tree if tree.is_indirect else pdf.make_indirect(tree)


def _list(kids) -> list:
    if kids is None:
        return []
    return list(kids) if isinstance(kids, Array) else [kids]
