"""The house rules that a machine can read: imports and migrations run one way, files stay short."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["campaigns", "posts", "assessments"]
LONGEST_FILE = 400
# Inside an app: leaf, models, domain, then whatever shows or runs it. A name that is not listed is a leaf.
LAYERS = {"models": 1, "permissions": 2, "domain": 2, "documents": 2, "imports": 3, "stages": 3, "forms": 3, "todos": 3}
LAYERS |= {"navigation": 3, "tasks": 3, "checks": 3, "apps": 4, "views": 4, "management": 4, "urls": 5}
# tasks.nudge() is what a rule calls to have the clock look at once; tasks itself imports rules only inside functions.
ALLOWED = {("domain", "campaigns.tasks"), ("models", "campaigns.permissions")}


def sources(app):
    return sorted(path for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts)


def imports_at_module_level(path):
    """Modules a file imports when it is read; imports inside functions and for type checking do not count."""
    found = []
    nodes = list(ast.parse(path.read_text()).body)
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Import):
            found += [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{name.name}" for name in node.names]
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test):
            nodes += node.body + node.orelse
        elif isinstance(node, ast.Try):
            nodes += node.body
    return found


def all_imports(path):
    tree = ast.parse(path.read_text())
    plain = [name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names]
    return plain + [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module]


def layer_of(parts):
    """Name of the layer of a module given as a list of its parts without the app; '' for a leaf."""
    if parts[:2] == ["stages", "base"]:
        return ""
    return parts[0] if parts and parts[0] in LAYERS else ""


@pytest.mark.parametrize("app", APPS)
def test_apps_import_only_towards_campaigns(app):
    above = set(APPS[APPS.index(app) + 1 :])
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in sources(app)
        for name in all_imports(path)
        if name.split(".")[0] in above
    }
    assert wrong == set()


@pytest.mark.parametrize("app", APPS)
def test_migrations_depend_only_towards_campaigns(app):
    above = APPS[APPS.index(app) + 1 :]
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / app / "migrations").glob("*.py")
        for name in above
        if re.search(rf"""\(["']{name}["'],""", path.read_text())
    }
    assert wrong == set()


@pytest.mark.parametrize("app", APPS)
def test_layers_import_only_downwards(app):
    wrong = set()
    for path in sources(app):
        own = layer_of(list(path.relative_to(ROOT / app).with_suffix("").parts))
        for name in imports_at_module_level(path):
            parts = name.split(".")
            if parts[0] not in APPS or (own, ".".join(parts[:2])) in ALLOWED:
                continue
            if LAYERS.get(layer_of(parts[1:]), 0) > LAYERS.get(own, 0) and own:
                wrong.add(f"{path.relative_to(ROOT)} ({own}) imports {name}")
    assert wrong == set()


def test_only_permissions_knows_guardian():
    wrong = {
        str(path.relative_to(ROOT))
        for app in APPS
        for path in sources(app)
        if any(name.startswith("guardian.shortcuts") for name in all_imports(path))
    }
    assert wrong <= {"campaigns/permissions.py"}


def test_files_stay_short():
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = [ROOT / line for line in listed.splitlines() if not re.search("migrations/|^tests/", line)]
    long = {
        str(path.relative_to(ROOT)): n
        for path in paths
        if path.exists() and (n := len(path.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}
