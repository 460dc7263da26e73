"""Invented names: 样 stands in every one, so that nobody takes them for real."""

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章"
STEMS = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥"


def person_name(number: int) -> str:
    """880 distinct names; after that a figure follows."""
    round_, place = divmod(number, len(SURNAMES) * len(STEMS))
    name = f"{SURNAMES[place % 40]}样{STEMS[place // 40]}"
    return f"{name}{round_ + 1}" if round_ else name
