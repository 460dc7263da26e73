"""The workbooks people start from: an empty list with an explanation, and the list as it stands."""

from openpyxl import Workbook

from campaigns.domain.exports import Column, add_sheet, save
from campaigns.domain.imports.base import ImportList
from campaigns.models import OrgUnit, User
from campaigns.permissions import require_on_unit

EXPLANATION = "填写说明"
# The explanation is part of the file, and the file is Chinese like its headings.
_RULES = (
    ("请勿改动", "第1行是标题，不要改名、不要合并单元格、不要在上面加标题行。"),
    ("从第2行填起", "一行一条，空行会跳过；序号、备注等多余的列请删去。"),
    ("必填", "标“必填”的列每行都要填；其余的列可以留空，也可以整列删去（删去的列不会改动系统里的内容）。"),
    ("更新", "编号（代码）已在系统里的，按本表更新；没有的，新增。本表没有列出的，不受影响。"),
    ("日期", "写成2010-07-01、2010/7/1、2010年7月1日或20100701都可以，年月日要写全。"),
    ("公式", "不能有公式；从别的表复制时请“粘贴为数值”。"),
    ("长编号", "编号按文本填写；Excel把超过15位的数字当数值保存会丢失末尾数字，系统会拒收。"),
)


def template_workbook(list_class: type[ImportList]) -> bytes:
    """An empty list with headings, word lists, and a sheet that explains every column with an example."""
    book = Workbook(write_only=True)
    columns = list_class.columns
    add_sheet(book, [Column(c.heading, c.width, c.choices) for c in columns], [], title=list_class.sheet)
    explained = [
        (c.heading, "必填" if c.needed else "可空", str(c.help), c.example, "、".join(c.choices)) for c in columns
    ]
    headings = [
        Column("列", 18),
        Column("是否必填", 12),
        Column("说明", 60),
        Column("示例", 30),
        Column("可填内容", 60),
    ]
    rules = [("", "", "", "", ""), *((name, "", text, "", "") for name, text in _RULES)]
    add_sheet(book, headings, [*explained, *rules], title=EXPLANATION)
    return save(book)


def export_workbook(list_class: type[ImportList], *, org_unit: OrgUnit, actor: User) -> bytes:
    """The list below a unit as it stands; it can be imported again and then changes nothing."""
    require_on_unit(actor, list_class.permission, org_unit)
    kind = list_class(org_unit, actor)
    book = Workbook(write_only=True)
    columns = [Column(c.heading, c.width, c.choices) for c in kind.columns]
    add_sheet(book, columns, kind.export_rows(), title=kind.sheet)
    return save(book)
