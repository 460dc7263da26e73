"""Whenever something waits for a person, some person must see it on his work list, by the home page's own functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.rehearsal.case import Case
from assessments.rehearsal.movers import Mover
from campaigns.domain.todos import Todo, each_todo
from campaigns.models import OrgUnit, User
from campaigns.permissions import holders_of
from posts.models import StageRun
from posts.stages.base import get_kind

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play


class TodoWatch:
    """Looks once at each kind of moment, not at each case: work lists cost many queries."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.seen: set[tuple] = set()

    def look_at_run(self, case: Case, run: StageRun, mover: Mover) -> None:
        """Somebody must see the open step."""
        key = ("run", case.kind.pk, run.position, mover.phase(run), case.site.nominating.kind)
        unit = run.actor_unit or run.nomination.org_unit
        permissions = [action.permission for action in get_kind(run.kind).actions.values() if action.permission]
        self._look(
            case,
            key,
            run.label,
            self._likely(case, unit, permissions),
            lambda todo, user: mover.is_for(run, todo, user),
        )

    def look_at_paper(self, case: Case) -> None:
        """The author must see a returned paper."""
        nomination = case.fresh()
        url = reverse("posts:nomination_edit", args=[nomination.pk])
        users = self._likely(case, nomination.org_unit, ["nominate", "manage_campaign"])
        key = ("paper", case.kind.pk, case.site.nominating.kind)
        self._look(case, key, _("the returned paper"), users, lambda todo, _user: todo.url == url)

    def look_for(self, case: Case, key: tuple, what: str, *, url: str, unit: OrgUnit, permissions: list[str]) -> None:
        """Somebody must see a page on his list."""
        users = self._likely(case, unit, permissions)
        self._look(case, key, what, users, lambda todo, _user: todo.url.partition("?")[0] == url)

    def _likely(self, case: Case, unit: OrgUnit, permissions: list[str]) -> Iterator[User]:
        """Those from whom it is expected first, then everybody else who has an account."""
        seen: set[int] = set()
        likely = [User.objects.filter(member__in=case.members)]
        likely += [holders_of(permission, unit).order_by("-pk") for permission in permissions]
        for users in (*likely, User.objects.filter(is_active=True)):
            for user in users:
                if user.pk not in seen:
                    seen.add(user.pk)
                    yield user

    def _look(
        self, case: Case, key: tuple, what: str, users: Iterator[User], fits: Callable[[Todo, User], bool]
    ) -> None:
        if key in self.seen:
            return
        self.seen.add(key)
        for user in users:
            if any(fits(todo, user) for todo in each_todo(user)):
                return
        text = _("“%(what)s” of “%(kind)s”: nobody has it on his work list.")
        self.play.report.find("stuck", text % {"what": what, "kind": case.kind.label}, kind=case.kind.code)
