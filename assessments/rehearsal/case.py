"""One nomination on its way through a rehearsal, and who does something for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _

from assessments.rehearsal.script import CasePlan, Event
from assessments.rehearsal.world import Site, World
from campaigns.domain.errors import DomainError
from campaigns.models import Member, OrgUnit, PostKind, User
from campaigns.permissions import holders_of, nearest_holders_of
from posts.domain.pipeline import current_run
from posts.domain.rights import may
from posts.models import Conferral, Nomination, StageRun
from posts.stages.base import get_kind


class NobodyError(DomainError):
    """No account of the organisation may do what has to be done now."""


@dataclass
class Case:
    """A case of the script while it is played."""

    plan: CasePlan
    kind: PostKind
    site: Site
    next_on: date
    nomination: Nomination | None = None
    is_over: bool = False
    members: list[Member] = field(default_factory=list)
    notes: dict[str, object] = field(default_factory=dict)  # what a mover remembers between two days
    waiting: list[Event] = field(default_factory=list)  # what is still to happen after the naming

    @property
    def code(self) -> str:
        return self.plan.code

    def fresh(self) -> Nomination:
        """The nomination as it stands now."""
        assert self.nomination is not None  # noqa: S101  asked only after the beginning
        self.nomination = Nomination.objects.select_related("campaign__owner", "post_kind", "org_unit").get(
            pk=self.nomination.pk
        )
        return self.nomination

    def run(self) -> StageRun | None:
        """The step at which it stands."""
        return current_run(self.fresh())

    def conferral(self) -> Conferral | None:
        """The title, once it was admitted or named."""
        if self.nomination is None:
            return None
        return Conferral.objects.filter(nomination=self.nomination).first()

    def once(self, key: str) -> bool:
        """Whether this is the first time that somebody asks."""
        first = key not in self.notes
        self.notes[key] = True
        return first

    def begin_waiting(self) -> None:
        self.waiting = list(self.plan.after)


def somebody_for(run: StageRun, action: str) -> User:
    """Who does it: of the acting unit's own people first, then of those above. Raises NobodyError."""
    permission = get_kind(run.kind).actions[action].permission
    unit = run.actor_unit or run.nomination.org_unit
    what = f"{run.label} – {get_kind(run.kind).actions[action].label}"
    return somebody(permission or "", unit, lambda user: may(user, action, run), what=what)


def somebody(permission: str, unit: OrgUnit, fits: Callable[[User], bool], *, what: str) -> User:
    """The nearest holder of a permission who fits. Raises NobodyError."""
    for user in _nearest_first(permission, unit):
        if fits(user):
            return user
    raise NobodyError(_("Nobody in %(unit)s or above it may do this: %(what)s.") % {"unit": unit, "what": what})


def _nearest_first(permission: str, unit: OrgUnit) -> Iterator[User]:
    return chain(nearest_holders_of(permission, unit).order_by("pk"), holders_of(permission, unit).order_by("pk"))


def account_of_first(case: Case, world: World) -> User | None:
    """The account of the first member of the post."""
    return world.account(case.members[0]) if case.members else None
