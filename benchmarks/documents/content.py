"""The content that every engine prints: plain data, made from numbers alone."""

import random
from dataclasses import dataclass

import segno

SITE = "https://sfg.example.cn"
SURNAMES, GIVEN = "赵钱孙李周吴郑王冯陈", "样示范例甲乙丙丁戊己"
UNIT, COMMITTEE, HONOUR = "青样镇便民服务中心党支部", "中共示例县青样镇委员会", "党员示范岗"
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True)
class PlaqueFacts:
    """One plaque: four rows of text, who issued it when, its number and its public address."""

    name: str
    duties: str
    people: tuple[str, ...]
    phone: str
    issuer: str
    day: str
    number: str
    address: str
    title: str = HONOUR

    @property
    def rows(self):
        names = "　".join(self.people)
        return (
            ("岗位名称", self.name),
            ("工作职责", self.duties),
            ("岗位党员", f"{names}　共{len(self.people)}名"),
            ("监督电话", self.phone),
        )


def person(chance):
    return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))


def plaques(n):
    chance = random.Random(1)
    duties = "负责本窗口业务的受理、办结和回访，首问负责、限时办结，主动公开办事流程和所需材料，接受群众监督"
    return [
        PlaqueFacts(
            name=f"综合服务第{i + 1}窗口示范岗",
            duties=duties,
            people=tuple(person(chance) for _unused in range(3)),
            phone="0000-1234567",
            issuer=COMMITTEE,
            day="2026年6月30日",
            number=f"QY-2026-T-{i + 1:04}",
            address=f"{SITE}/p/{chance.getrandbits(128):032x}"[:48] + "/",
        )
        for i in range(n)
    ]


def codes(n):
    chance = random.Random(2)
    return ["".join(chance.choices(ALPHABET, k=24)) for _unused in range(n)]


SLIP = {
    "title": "民意测评：便民服务窗口",
    "kind": "投票码（一次有效）",
    "how": "扫描右侧二维码投票；也可以用浏览器打开下面的网址，输入上面的投票码：",
    "site": "sfg.example.cn/v/",
    "foot": "无记名投票，请勿让他人拍照 · 2026-11-25 18:00 截止 · " + UNIT,
}

HEADINGS = ("岗位", "所在党支部", "类别", "岗位党员", "职责", "命名日期", "标牌编号", "最近考核", "状态")


def ledger(n):
    """Rows of a ledger of posts; 16 fit on a page of A4 on its side."""
    chance = random.Random(3)
    for i in range(n):
        yield [
            f"综合服务第{i + 1}窗口示范岗",
            UNIT,
            "个人" if i % 2 else "集体",
            "、".join(person(chance) for _unused in range(1 + i % 4)),
            "负责本窗口业务的受理、办结和回访，首问负责、限时办结"[: 12 + i % 14],
            "2026-06-30",
            f"QY-2026-T-{i + 1:04}",
            "2026年10月 合格",
            "已授牌",
        ]


def matrix(address):
    """The modules of a QR code, as the product makes it: every engine is spared the search for a mask."""
    return segno.make(address, error="m", micro=False, mask=3).matrix
