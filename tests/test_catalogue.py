"""The Chinese catalogue is whole: every text of the sources is in it, translated, and compiled."""

import subprocess
import sys
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def catalogue():
    return polib.pofile(str(FOLDER / "django.po"))


def test_every_text_is_translated(catalogue):
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []


def test_no_translation_is_a_guess(catalogue):
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


def test_the_compiled_catalogue_is_up_to_date(catalogue):
    assert texts_of(polib.mofile(str(FOLDER / "django.mo"))) == texts_of(catalogue.translated_entries())


def texts_of(entries):
    return {(entry.msgctxt, entry.msgid): entry.msgstr or entry.msgstr_plural for entry in entries}


def test_every_text_of_the_sources_is_in_the_catalogue(catalogue, tmp_path):
    """Collects afresh into a copy, as ``make messages`` does."""
    names = ["campaigns", "posts", "assessments", "config", "templates"]
    files = [path for name in names for path in (ROOT / name).rglob("*") if path.suffix in (".py", ".html", ".txt")]
    collected = tmp_path / "collected.po"
    script = (
        "import sys, pathlib; from django.conf import settings; settings.configure(); "
        "from django.utils.translation import templatize; "
        "[pathlib.Path(target).write_text(templatize(pathlib.Path(source).read_text())) "
        "for source, target in (line.split('|') for line in sys.stdin.read().split())]"
    )
    pairs = []
    for number, path in enumerate(files):
        pairs.append((path, tmp_path / f"{number}.py") if path.suffix != ".py" else (path, path))
    lines = "\n".join(f"{source}|{target}" for source, target in pairs if source != target)
    subprocess.run([sys.executable, "-c", script], input=lines, text=True, check=True)
    keywords = ["gettext_noop", "gettext_lazy", "ngettext_lazy:1,2", "pgettext:1c,2", "npgettext:1c,2,3"]
    keywords += ["pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3", "_"]
    command = ["xgettext", "-L", "Python", "--from-code=UTF-8", "-o", str(collected)]
    command += [f"--keyword={word}" for word in keywords]
    subprocess.run([*command, *(str(target) for _source, target in pairs)], check=True, capture_output=True)
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue if not entry.obsolete}
    needed = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(collected))}
    assert sorted(needed - known, key=str) == []
