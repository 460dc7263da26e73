"""A table with the rows a test wants, made as the job makes it."""

from posts.domain.table_prints import TableMaker


class Sample(TableMaker):
    def title(self):
        return "示范岗花名册"

    def subtitle(self):
        return "截至2026年7月1日"

    def foot(self):
        return "128 0123456789abcdef"

    def headings(self):
        return self.params["headings"]

    def rows(self):
        return self.params["rows"]


def printed(tmp_path, headings, rows):
    """The PDF as the job makes it."""
    maker = Sample(None, {"headings": headings, "rows": rows}, tmp_path)
    parts = []
    for number in range(maker.plan()):
        parts.append(tmp_path / f"part-{number}")
        parts[-1].write_bytes(maker.make(number))
    maker.join(parts, tmp_path / "out.pdf")
    return tmp_path / "out.pdf"
