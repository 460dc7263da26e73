"""核对归档包：每个文件与 SHA256SUMS.txt 所列的校验值是否一致，有没有缺少或多出文件。

用法：解压以后运行  python 核对.py      不解压也可以：  python 核对.py 归档包.zip
只用 Python 标准库（3.8 以上）。全部一致时退出码为 0，否则为 1。
"""

import hashlib
import sys
import zipfile
from pathlib import Path

SUMS = "SHA256SUMS.txt"


def from_folder(folder):
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            found[path.relative_to(folder).as_posix()] = path.open
    return found


def from_zip(path):
    archive = zipfile.ZipFile(path)
    files = [info for info in archive.infolist() if not info.is_dir()]
    roots = {info.filename.split("/", 1)[0] for info in files}
    cut = len(roots.pop()) + 1 if len(roots) == 1 else 0
    return {info.filename[cut:]: lambda mode, info=info: archive.open(info) for info in files}


def digest(opener):
    value = hashlib.sha256()
    with opener("rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            value.update(block)
    return value.hexdigest()


def main(arguments):
    found = from_zip(arguments[0]) if arguments else from_folder(Path(__file__).resolve().parent)
    if SUMS not in found:
        sys.stdout.write(f"没有找到 {SUMS}\n")
        return 1
    with found.pop(SUMS)("rb") as file:
        lines = file.read().decode("utf-8").splitlines()
    listed = dict(reversed(line.split("  ", 1)) for line in lines if line)
    wrong = ["缺少：" + name for name in sorted(listed.keys() - found.keys())]
    wrong += ["多出：" + name for name in sorted(found.keys() - listed.keys())]
    wrong += ["改动过：" + n for n in sorted(listed.keys() & found.keys()) if digest(found[n]) != listed[n]]
    verdict = f"有 {len(wrong)} 处不一致。" if wrong else "全部一致。"
    sys.stdout.write("".join(f"{line}\n" for line in [*wrong, f"核对了 {len(listed)} 个文件，{verdict}"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))
