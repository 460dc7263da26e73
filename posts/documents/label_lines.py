"""Labels and headings in narrow boxes: Chinese breaks anywhere, so a line would else begin in the middle of a word."""

import re

#: No line begins with one of these (避头尾).
NOT_FIRST = "、，。；：）”》"
#: A line may end after a pause, and begin with a bracket or with one of these words.
_SEAMS = re.compile("(?<=[、，])|(?=（)|(?=(?:意见|情况|人数|事迹)$)")


def label_lines(text: str, most: int) -> list[str]:
    """The label in lines of at most ``most`` characters: at its seams where they lie well, else of even length."""
    if len(text) <= most or text.isascii():
        return [text]
    pieces = [piece for piece in _SEAMS.split(text) if piece]
    if all(len(piece) <= most for piece in pieces):
        return _packed(pieces, most)
    return _even(text, most)


def _packed(pieces: list[str], most: int) -> list[str]:
    lines = [pieces[0]]
    for piece in pieces[1:]:
        if len(lines[-1]) + len(piece) <= most:
            lines[-1] += piece
        else:
            lines.append(piece)
    return lines


def _even(text: str, most: int) -> list[str]:
    n = -(-len(text) // most)
    size = -(-len(text) // n)
    lines = [text[start : start + size] for start in range(0, len(text), size)]
    for k in range(1, len(lines)):
        if lines[k][0] in NOT_FIRST:
            lines[k - 1], lines[k] = lines[k - 1][:-1], lines[k - 1][-1] + lines[k]
    return lines
