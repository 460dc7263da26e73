"""``scripts/setup.py`` on machines that lack something, as a user who may not install it."""

import importlib.util
import sys

import pytest

from tests.processes import ROOT


@pytest.fixture
def setup(monkeypatch):
    spec = importlib.util.spec_from_file_location("setup_script", ROOT / "scripts" / "setup.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "setup_script", module)
    spec.loader.exec_module(module)
    return module


def test_without_rights_it_names_what_is_missing_and_the_one_command(setup, monkeypatch, capsys):
    missing = [setup.Need("chromium", "browser tests", lambda: False), setup.Need("gettext", "texts", lambda: False)]
    monkeypatch.setattr(setup, "needs", lambda *, dev: missing)
    monkeypatch.setattr(setup, "privilege", lambda: None)
    monkeypatch.setattr(sys, "argv", ["setup.py", "--dev"])

    assert setup.main() == 2

    told = capsys.readouterr()
    assert "missing: chromium (browser tests)" in told.out
    assert (
        told.err.splitlines()[-1].strip()
        == "setup:     sudo apt-get install -y --no-install-recommends chromium gettext"
    )


def test_a_library_that_is_not_there_is_found_missing_by_the_loader(setup):
    assert setup.library("libpango-1.0.so.0")() is True
    assert setup.library("libnowhere.so.7")() is False


def test_everything_a_debian_without_anything_lacks_is_listed(setup):
    packages = [need.package for need in setup.needs(dev=True)]
    assert packages == [
        "python3-venv",
        "libpango-1.0-0",
        "libpangoft2-1.0-0",
        "libharfbuzz-subset0",
        "fontconfig",
        "fonts-noto-cjk",
        "chromium",
        "postgresql",
        "redis-server",
        "gettext",
        "poppler-utils",
        "ghostscript",
    ]
