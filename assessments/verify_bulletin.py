#!/usr/bin/env python3
"""核对满意度测评公报（Check the bulletin of a satisfaction survey）。

用法：python3 verify_bulletin.py 公报.json [回执 [签名]]

只用 Python 标准库，不连接网络，任何人都可以阅读和运行。逐项核对，全部相符时退出码为 0，否则为 1。
This file is handed to the public as it is: it imports nothing of the site, and speaks their language directly.
"""

import base64
import hashlib
import json
import re
import sys

FORMAT = "survey-bulletin-1"


class Check:
    """What was looked at, and whether it was in order."""

    def __init__(self):
        self.lines = []
        self.failed = False

    def __call__(self, good, text):
        self.lines.append(("相符" if good else "不符") + "：" + text)
        self.failed = self.failed or not good
        return good


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def verify(document, receipt="", signature=""):
    """Check everything that can be checked in a bulletin and return the Check."""
    check = Check()
    text, leaves = document["content"], document["leaves"]
    content = json.loads(text)
    check(content["format"] == FORMAT, f"公报格式为 {FORMAT}")
    check(canonical(content) == text, "公报正文写法唯一")
    check(sha256(text) == document["sha256"], "公报正文与校验码一致")
    survey = content["frozen"]["survey"]
    line = f"bulletin-v1|{survey}|{document['sha256']}"
    check(signature_is_good(content["public_key"], line, document["signature"]), "公报签名有效")
    check(sha256(canonical(content["frozen"])) == content["rules_sha256"], "规则与开始测评时固化的校验码一致")
    _check_numbers(check, content, leaves)
    for row in content["lines"]:
        _check_line(check, content, row)
    _check_verdict(check, content)
    if receipt:
        _check_receipt(check, content, leaves, receipt, signature)
    return check


def _check_numbers(check, content, leaves):
    rights = content["rights"]
    check(leaves == sorted(set(leaves)), "选票摘要按顺序排列，没有重复")
    check(all(re.fullmatch("[0-9a-f]{64}", leaf) for leaf in leaves), "选票摘要格式正确")
    paper = content["paper"]
    papers = paper["members"] + paper["public"]
    by_phone = content["ballots"] - papers
    check(len(leaves) == by_phone, f"选票摘要 {len(leaves)} 条 = 手机投票 {by_phone} 张")
    digest = hashlib.sha256()
    for leaf in leaves:
        digest.update(bytes.fromhex(leaf))
    check(digest.hexdigest() == content["leaf_root"], "全部摘要的总校验码一致")
    used = rights["roll_voted"] + rights["codes_used"]
    check(used == by_phone, f"已用资格 {used} = 手机投票 {by_phone}")
    check(
        content["verdict"] == "void"
        or (paper["members"] <= paper["members_issued"] and paper["public"] <= paper["public_issued"]),
        f"收回纸质票 {papers} 张，不多于发出",
    )
    roll_used = rights["roll_voted"] + paper["members_issued"]
    check(roll_used <= rights["roll"], f"名册已投、已领纸质票 {roll_used} 不超过名册 {rights['roll']}")
    parts = rights["codes_used"] + rights["codes_unused"] + rights["codes_voided"]
    check(parts == rights["codes_printed"], f"投票码印制 {rights['codes_printed']} = 已用 + 未用 + 作废 {parts}")


def _check_line(check, content, row):
    rules, label = content["frozen"]["rules"], row["label"]
    known = [row["position"], label]
    check(known in content["frozen"]["lines"], f"“{label}”是选票上的一行")
    if row["hidden"]:
        check.lines.append(f"说明：“{label}”参评人数少，不公布票数")
        return
    small = rules["small_group"]
    check(content["ballots"] >= small["min_ballots"], f"“{label}”公布票数：收回不少于 {small['min_ballots']} 张")
    few = [n for option, n in row["counts"].items() if option not in rules["positive"] and 0 < n < small["min_cell"]]
    check(not few, f"“{label}”没有单独公布少于 {small['min_cell']} 票的其他选项")
    check(row["valid"] + row["invalid"] == content["ballots"], f"“{label}”有效 + 无效 = 收回选票")
    counts = sum(row["counts"].values()) + (row["others"] or 0)
    check(counts == content["ballots"], f"“{label}”各选项合计 = 收回选票")
    positive = sum(row["counts"].get(option, 0) for option in rules["positive"])
    check(positive == row["positive"], f"“{label}”满意票 {row['positive']}")
    check(row["positive"] <= row["valid"], f"“{label}”满意票不超过有效票 {row['valid']}")
    if row["others"] is None:
        valid = sum(n for option, n in row["counts"].items() if option and option not in rules["not_valid"])
        check(valid == row["valid"], f"“{label}”有效票 {row['valid']}")
    threshold = rules["threshold"]
    passed = None if threshold is None or not row["valid"] else 100 * row["positive"] >= threshold * row["valid"]
    check(passed == row["passed"], f"“{label}”是否达标：100×{row['positive']} 与 {threshold}×{row['valid']} 比较")


def _check_verdict(check, content):
    rules, first = content["frozen"]["rules"], content["lines"][0]
    verdict = content["verdict"]
    if verdict == "void":
        check.lines.append("说明：本次测评无效：" + content["verdict_reason"])
    elif rules["threshold"] is None:
        check(verdict == "informative", "没有达标线，结果供参考")
    elif verdict == "passed":
        check(first["passed"] is True, "结论“通过”与第一行一致")
    elif first["passed"]:
        check.lines.append("说明：第一行达标，因成员未达标后人数不足而未通过：" + content["verdict_reason"])
    else:
        check(verdict == "failed", "结论“未通过”与第一行一致")


def _check_receipt(check, content, leaves, receipt, signature):
    text = re.sub(r"[\s-]", "", receipt).lower()
    check(bool(re.fullmatch("[0-9a-f]{16}", text)), "回执是16位")
    check(any(leaf.startswith(text) for leaf in leaves), f"回执 {text} 在选票摘要中")
    if signature:
        line = f"receipt-v1|{content['frozen']['survey']}|{text}"
        check(signature_is_good(content["public_key"], line, signature), "回执签名有效")


# --- Ed25519 (RFC 8032), checking only --------------------------------------------------------------------------------

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(one, other):
    a, b = (one[1] - one[0]) * (other[1] - other[0]) % P, (one[1] + one[0]) * (other[1] + other[0]) % P
    c, d = 2 * one[3] * other[3] * D % P, 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f, g * h, f * g, e * h)


def _multiply(number, point):
    result = (0, 1, 1, 0)
    while number > 0:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _same(one, other):
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def _x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * ROOT % P
    if (x * x - square) % P != 0:
        return None
    return P - x if (x & 1) != sign else x


def _point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (_x_of(BASE_Y, 0), BASE_Y, 1, _x_of(BASE_Y, 0) * BASE_Y % P)


def signature_is_good(public_key, line, signature):
    """Whether the holder of the key signed the line."""
    try:
        key = bytes.fromhex(public_key)
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return False
    if len(key) != 32 or len(raw) != 64:
        return False
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != signature.rstrip("="):
        return False  # the last character has spare bits, which must not be used
    owner, commitment, answer = _point(key), _point(raw[:32]), int.from_bytes(raw[32:], "little")
    if owner is None or commitment is None or answer >= Q:
        return False
    challenge = int.from_bytes(hashlib.sha512(raw[:32] + key + line.encode()).digest(), "little") % Q
    return _same(_multiply(answer, BASE), _add(commitment, _multiply(challenge, owner)))


def main(words):
    if not 2 <= len(words) <= 4:
        print(__doc__)
        return 2
    try:
        with open(words[1], encoding="utf-8") as file:
            document = json.load(file)
        check = verify(document, *words[2:])
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        print(f"不能核对：{words[1]} 不是完整的公报文件（{type(error).__name__}: {error}）")
        return 1
    print("\n".join(check.lines))
    print("核对结果：有不符之处" if check.failed else "核对结果：全部相符")
    return int(check.failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
