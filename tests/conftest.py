"""Four people whom every test knows: secretary, officer, member, stranger."""

import gc
import http.server
import threading
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import SimpleTestCase

from campaigns.domain.appointments import appoint
from campaigns.domain.todos import counts_for
from campaigns.models import Role, UnitKind
from tests.factories import MemberFactory, UserFactory, make_unit

pytest_plugins = ["tests.services", "tests.browser"]


def pytest_make_parametrize_id(val, argname):
    """Bytes give no test its name: a workbook made at collection holds the second, and each worker makes its own."""
    return argname if isinstance(val, bytes) else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """What needs PostgreSQL runs in the session on it, ``make test-postgres``, where what asks no database does not.

    What may take long, and what one worker does for all (a group), comes first: nobody is left with it at the end.
    """
    if connection.vendor == "postgresql":
        dropped = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=dropped)
        items[:] = [item for item in items if _asks_a_database(item)]
    skip = pytest.mark.skip(reason="needs a session on PostgreSQL: make test-postgres")
    for item in items:
        if "postgres" in item.keywords and connection.vendor != "postgresql":
            item.add_marker(skip)
    items.sort(key=lambda item: not {"timeout", "xdist_group"} & set(item.keywords))


def _asks_a_database(item) -> bool:
    """Whether a test can ask one: pytest-django lets nobody else. Who looks fixtures up by name may mean one."""
    needed, named = set(getattr(item, "fixturenames", ())), set(item._fixtureinfo.argnames)
    return bool(
        {"django_db", "postgres"} & set(item.keywords)
        or {"db", "transactional_db", "django_db_setup", "pg_server"} & needed
        or {"request", "django_db_blocker"} & named
        or (item.cls and issubclass(item.cls, SimpleTestCase))
    )


def pytest_collection_finish():
    """What is loaded by now stays: looking through it for garbage again and again takes a fourteenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def empty_cache():
    """Brakes and counts of one test do not hold in the next."""
    cache.clear()


@pytest.fixture
def counted_menu():
    """The menu counts what waits for a person, as on the site."""


@pytest.fixture(autouse=True)
def uncounted_menu(request, monkeypatch):
    """The menu of a page counts nothing, unless a test asks for ``counted_menu`` or a browser looks at the page.

    The counts come from the whole work list and would take a third of the time of all pages; the workbench lists it
    still, and the pages of the demonstration are looked at with theirs (tests/test_pages.py).
    """
    if "counted_menu" not in request.fixturenames and "browser" not in request.keywords:
        monkeypatch.setattr("campaigns.context_processors.counts_for", _count_only_what_is_listed)


def _count_only_what_is_listed(user, todos=None):
    return Counter() if todos is None else counts_for(user, todos)


@pytest.fixture
def quiet_menu(monkeypatch):
    """No work list behind the menu's counts: a list page's queries are its own, whatever other apps add.

    What the work list costs is measured on the home page (tests/campaigns/test_shell.py).
    """
    monkeypatch.setattr("campaigns.domain.todos._providers", [])


@pytest.fixture
def committee(db):
    return make_unit(UnitKind.COMMITTEE, code="QY", name="中共示例县青样镇委员会", phone="0000-1234567")


@pytest.fixture
def branch(committee):
    return make_unit(UnitKind.BRANCH, parent=committee, code="QY03", name="青样镇便民服务中心党支部")


@pytest.fixture
def other_branch(committee):
    return make_unit(UnitKind.BRANCH, parent=committee, code="QY05", name="上样村党支部")


def _appointed(unit, role, name):
    user = UserFactory(name=name)
    appoint(user, org_unit=unit, role=role, actor=None)
    return user


@pytest.fixture
def secretary(branch):
    """Secretary of ``branch``, and a member of it."""
    user = _appointed(branch, Role.SECRETARY, "李样甲")
    MemberFactory(name=user.name, branch=branch, user=user)
    return user


@pytest.fixture
def other_secretary(other_branch):
    return _appointed(other_branch, Role.SECRETARY, "周样甲")


@pytest.fixture
def officer(committee):
    return _appointed(committee, Role.OFFICER, "吴样甲")


@pytest.fixture
def committee_member(committee):
    return _appointed(committee, Role.COMMITTEE_MEMBER, "郑样甲")


@pytest.fixture
def committee_secretary(committee):
    return _appointed(committee, Role.COMMITTEE_SECRETARY, "王样甲")


@pytest.fixture
def discipline(committee):
    return _appointed(committee, Role.DISCIPLINE, "冯样甲")


@pytest.fixture
def member(branch):
    """A member of ``branch`` with an account and no appointment."""
    user = UserFactory(name="陈样甲")
    MemberFactory(name=user.name, branch=branch, user=user)
    return user


@pytest.fixture
def stranger(db):
    """Signed in, and nothing else: no unit, no role."""
    return UserFactory(name="褚样甲")


@pytest.fixture
def server():
    """A server that notes who asks it; a document must never do so."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            if self.path.startswith("/redirect"):
                self.send_response(302)
                self.send_header("Location", "/target")
            else:
                self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", asked
    httpd.shutdown()
    thread.join()
    httpd.server_close()
