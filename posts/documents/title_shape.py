"""The lines of a title: whole words, balanced as a trapezium or a lozenge 梯形或菱形 (GB/T 9704-2012, 7.3.1)."""

import re
from collections.abc import Iterable, Sequence
from itertools import combinations, pairwise
from math import ceil

from posts.documents.line_breaker import NOT_FIRST, NOT_LAST

# Words that titles are made of; a line does not end within one.
_WORDS = re.compile(
    "中国共产党|共产党员|示范岗|先锋岗|责任区|通知书|委员会|拟命名|党支部|党总支|满意度|关于|开展|党员|"
    "创建|活动|公示|情况|报告|决定|通知|通报|批复|命名|撤销|称号|表彰|限期|整改|岗位|年度|名单|先进|党委|"
    "中共|纠正|撤回|印发|实施|方案|结果|测评|设立|同意"
)
_NUMBERS = re.compile(r"\d+(?:年度|年|月|日|号|个)?|[A-Za-z]+")
_QUOTED = re.compile(r"“[^”]{1,14}”|《[^》]{1,14}》|〔\d+〕\d+号")
INSIDE_WORD, BEFORE_OF, MORE_LINES = 30.0, 12.0, 18.0


def shape_title(title: str, *, cells: int, keep: Iterable[str] = ()) -> list[str]:
    """Break a title into lines of at most ``cells`` characters. ``keep``: names that stay whole where they can.

    A line break that the writer set is kept.
    """
    lines: list[str] = []
    for part in filter(None, (" ".join(row.split()) for row in title.splitlines())):
        lines += _shape(part, cells, tuple(keep))
    return lines


def _shape(text: str, cells: int, keep: Sequence[str]) -> list[str]:
    if _width(text) <= cells:
        return [text]
    costs = _costs(text, keep)
    places = sorted(costs, key=lambda place: costs[place])[:24]  # enough for six lines of 20 characters
    fewest = ceil(_width(text) / cells)
    best: tuple[float, list[str]] | None = None
    for n in range(fewest, min(fewest + 2, 6)):
        for cut in combinations(sorted(places), n - 1):
            lines = [text[a:b] for a, b in zip((0, *cut), (*cut, len(text)), strict=True)]
            widths = [_width(line) for line in lines]
            if max(widths) > cells:
                continue
            cost = sum(costs[place] for place in cut) + _shape_cost(widths) + (n - fewest) * MORE_LINES
            if best is None or cost < best[0]:
                best = cost, lines
    return best[1] if best else _plain(text, cells)


def _costs(text: str, keep: Sequence[str]) -> dict[int, float]:
    """Where a line may end, and how much it disturbs there."""
    costs = {
        n: (BEFORE_OF if text[n] in "的和与及" or text[:n].endswith("关于") else 0.0)
        for n in range(1, len(text))
        if text[n] not in NOT_FIRST and text[n - 1] not in NOT_LAST
    }
    names = (re.compile(re.escape(name)) for name in keep if len(name) > 1)
    patterns = (_WORDS, _NUMBERS, _QUOTED, *names)
    spans = [match.span() for pattern in patterns for match in pattern.finditer(text)]
    for begin, end in spans:
        for n in range(begin + 1, end):
            if n in costs:
                costs[n] += INSIDE_WORD
    return costs


def _shape_cost(widths: Sequence[float]) -> float:
    """A trapezium or a lozenge is free; a waist, a sack and a single character on its own line are not."""
    steps = [b - a for a, b in pairwise(widths)]
    turns = sum(1 for a, b in pairwise(steps) if a < 0 < b)
    level = sum(3.0 for step in steps if abs(step) < 1)
    spread = max(widths) - min(widths)
    return turns * 25 + level + max(0.0, spread - 6) * 2 + (20 if min(widths) < 4 else 0)


def _width(text: str) -> float:
    return sum(0.55 if char.isascii() else 1 for char in text)


def _plain(text: str, cells: int) -> list[str]:
    """Lines filled from the left: for what has no better places."""
    lines, line = [], ""
    for char in text:
        if _width(line + char) > cells and char not in NOT_FIRST:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line]
