"""The menu. Each app adds its entries; a page never lists another app's."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import User
from campaigns.permissions import may_anywhere


@dataclass(frozen=True)
class NavEntry:
    """An entry of the menu. ``section`` joins it with the pages (block ``section``) and the to-dos it counts."""

    section: str
    label: str | Promise
    icon: str
    url_name: str
    order: int
    visible: Callable[[User], bool]


_entries: dict[str, NavEntry] = {}


def everybody(_user: User) -> bool:
    return True


def needs(*permissions: str) -> Callable[[User], bool]:
    """Visible to whoever holds one of the permissions on any unit."""
    return lambda user: any(may_anywhere(user, permission) for permission in permissions)


def nav_entry(
    section: str,
    label: str | Promise,
    *,
    icon: str,
    url_name: str,
    order: int,
    visible: Callable[[User], bool] = everybody,
) -> None:
    """Add an entry to the menu."""
    _entries[section] = NavEntry(section, label, icon, url_name, order, visible)


def entries_for(user: User) -> list[NavEntry]:
    """The entries this user sees, in order."""
    return sorted((entry for entry in _entries.values() if entry.visible(user)), key=lambda entry: entry.order)


nav_entry("home", _("Workbench"), icon="house", url_name="campaigns:home", order=0)
nav_entry(
    "clock",
    _("Clock"),
    icon="alarm-clock",
    url_name="campaigns:clock",
    order=98,
    visible=needs("manage_campaign", "manage_accounts"),
)
nav_entry(
    "ledgers",
    _("Ledgers"),
    icon="library-big",
    url_name="campaigns:ledger_list",
    order=85,
    visible=needs("view_unit"),
)
nav_entry(
    "organization",
    _("Organisation and members"),
    icon="network",
    url_name="campaigns:unit_list",
    order=90,
    visible=needs("view_unit"),
)
nav_entry(
    "imports",
    _("Excel lists"),
    icon="file-spreadsheet",
    url_name="campaigns:import_list",
    order=92,
    visible=needs("manage_roster", "manage_organization", "manage_accounts"),
)
nav_entry(
    "holidays",
    _("Holidays"),
    icon="calendar-off",
    url_name="campaigns:holiday_list",
    order=95,
    visible=needs("manage_organization", "manage_campaign"),
)
