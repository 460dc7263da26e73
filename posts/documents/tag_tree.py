"""The tags of pages that are drawn without the layout engine: what a reader's voice and a copied text follow."""

import pikepdf
from pikepdf import Array, Dictionary, Name


class Tag:
    """An element of the tree; its children in reading order."""

    def __init__(self, pdf: pikepdf.Pdf, kind: str, parent: pikepdf.Object) -> None:
        self.kind, self.kids = kind, Array()
        self.element = pdf.make_indirect(Dictionary(S=Name(f"/{kind}"), P=parent))


class TagTree:
    """The structure of a document that is drawn page by page."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.root = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self.document = Tag(pdf, "Document", self.root)
        self._open: list[Tag] = [self.document]
        self._page: pikepdf.Object | None = None
        self._parents: list[Array] = []  # of each page its elements, by number of the mark

    def begin(self, page: pikepdf.Object) -> None:
        """What is marked from now on stands on this page."""
        self._page = page
        page.StructParents = len(self._parents)
        self._parents.append(Array())

    def add(self, kind: str, parent: Tag | None = None) -> Tag:
        """An element below another, by default below the document; ``mark`` says what it holds."""
        parent = parent or self.document
        tag = Tag(self.pdf, kind, parent.element)
        parent.kids.append(tag.element)
        self._open.append(tag)
        return tag

    def mark(self, kind: str, drawn: str, parent: Tag | None = None) -> str:
        """The operators as the content of a new element."""
        parent = parent or self.document
        tag, marks = Tag(self.pdf, kind, parent.element), self._parents[-1]
        parent.kids.append(tag.element)
        tag.element.Pg, tag.element.K = self._page, len(marks)
        if kind == "TH":
            tag.element.A = Dictionary(O=Name.Table, Scope=Name.Column)
        marks.append(tag.element)
        return f"/{kind} <</MCID {len(marks) - 1}>> BDC {drawn} EMC"

    def close(self) -> None:
        """Put the tree into the document, in place of the one that it has."""
        for tag in self._open:
            tag.element.K = tag.kids
        self.root.K = Array([self.document.element])
        nums = Array()
        for number, marks in enumerate(self._parents):
            nums.append(number)
            nums.append(self.pdf.make_indirect(marks))
        self.root.ParentTree = self.pdf.make_indirect(Dictionary(Nums=nums))
        self.root.ParentTreeNextKey = len(self._parents)
        self.pdf.Root.StructTreeRoot = self.root


def artifact(drawn: str) -> str:
    """What is for the eye only."""
    return f"/Artifact BMC {drawn} EMC"
