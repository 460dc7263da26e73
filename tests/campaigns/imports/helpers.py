from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from campaigns.domain.imports.jobs import start_import

MEMBER_HEADINGS = ["党员编号", "姓名", "性别", "党支部代码", "工作单位代码", "党员类别", "入党时间", "转正时间", "职务"]
GOOD = ["DY900001", "赵样甲", "男", "QY03", "", "正式", "2010-07-01", "2011-07-01", "组织委员"]


def workbook(*rows, sheet="党员名册", headings=MEMBER_HEADINGS):
    """An Excel file as a person would save it: plain openpyxl, not our own writer."""
    book = Workbook()
    book.active.title = sheet
    book.active.append(headings)
    for row in rows:
        book.active.append(row)
    return as_bytes(book)


def as_bytes(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def good(**changes):
    """A right row, with some cells replaced by heading."""
    row = dict(zip(MEMBER_HEADINGS, GOOD, strict=True)) | changes
    return list(row.values())


def upload(data, *, kind="members", org_unit, actor, name="名册.xlsx"):
    return start_import(SimpleUploadedFile(name, data), kind=kind, org_unit=org_unit, actor=actor)


def errors(job):
    return [(e["row"], e["column"], e["error"]) for e in job.errors]
