"""The people of the demonstration: who can be signed in as with one button, in demo mode only."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.models import User


@dataclass(frozen=True)
class DemoPerson:
    """A login of the demo data."""

    username: str
    role: str | Promise
    hint: str | Promise
    icon: str
    name: str = ""


PEOPLE = (
    DemoPerson(
        "demo-secretary", _("Branch secretary"), _("nominates posts, runs surveys and reviews"), "user-round-pen"
    ),
    DemoPerson("demo-officer", _("Party-affairs officer"), _("runs the campaign, notices and plaques"), "briefcase"),
    DemoPerson("demo-committee", _("Committee member"), _("decides on namings and vetoes"), "stamp"),
    DemoPerson("demo-discipline", _("Discipline commissioner"), _("verifies objections and reports"), "scale"),
    DemoPerson("demo-member", _("Party member"), _("consents, votes, sees his own post"), "user-round"),
)


def demo_people() -> list[DemoPerson]:
    """Those of the demo's people who are in the database, with their names."""
    names = dict(User.objects.filter(username__in=[p.username for p in PEOPLE]).values_list("username", "name"))
    return [DemoPerson(p.username, p.role, p.hint, p.icon, names[p.username]) for p in PEOPLE if p.username in names]
