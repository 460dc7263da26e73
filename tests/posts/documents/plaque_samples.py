"""Sizes and texts that every way of setting a plaque must bear, and what is read off the paper."""

import io

import pdfplumber

SIZES = ["A4", "A5", "20x10", "30x20", "60x40", "210x297mm", "300x300mm", "1200x300mm"]
LONG = {
    "name": "欧阳样甲同志" * 9 + "示范岗",  # sixty characters at most
    "duties": "认真落实岗位责任制，带头攻坚克难、精益求精；" * 9,
    "names": ("阿卜杜热合曼·买买提吐尔逊", "欧阳喆", "赵堃", "钱㛃", "孙样甲"),
}


def words_of(pdf, page=0):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return document.pages[page].extract_text()
