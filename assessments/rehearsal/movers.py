"""What people do at each kind of step: one mover for each registered kind, told apart by what the database says.

A mover does the next thing and returns; it is asked again on a later working day until the step is over.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from django.urls import reverse

from campaigns.domain.todos import Todo
from campaigns.models import User
from campaigns.schemes.kinds import Kind, StageRule
from posts.models import StageRun
from posts.stages.base import get_kind

if TYPE_CHECKING:
    from assessments.rehearsal.case import Case
    from assessments.rehearsal.play import Play

#: What can happen at a step besides ``pass``.
REFUSE, RETURN = "refuse", "return"


class Mover(ABC):
    """Plays one kind of step."""

    code: ClassVar[str] = ""

    def ways(self, stage: StageRule, kind: Kind, *, is_first: bool) -> list[str]:
        """What can happen at this step besides ``pass``; ``refuse`` where the gate can fail."""
        return [REFUSE]

    def all_ways(self, stage: StageRule, kind: Kind, *, is_first: bool) -> list[str]:
        """The same with ``return``, where the site lets somebody send the paper back."""
        back = [RETURN] if "return" in get_kind(stage.kind).actions else []
        return [*self.ways(stage, kind, is_first=is_first), *back]

    def params(self, stage: StageRule) -> dict:
        return get_kind(stage.kind).clean_params(stage.params)

    @abstractmethod
    def act(self, play: Play, case: Case, run: StageRun) -> None:
        """Do the next thing that a person does at this step."""

    def phase(self, run: StageRun) -> str:
        """A word for what is waited for, where a step asks several people one after the other."""
        return ""

    def waits_for_person(self, run: StageRun) -> bool:
        """Whether somebody must act now; False while only time has to pass."""
        return True

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        """Whether a line of the user's work list asks for this step."""
        return todo.url in {
            reverse("posts:nomination_detail", args=[run.nomination_id]),
            reverse("posts:nomination_edit", args=[run.nomination_id]),
        }


_movers: dict[str, Mover] = {}


def mover(cls: type[Mover]) -> type[Mover]:
    """Declare the mover of a kind of step."""
    _movers[cls.code] = cls()
    return cls


def mover_of(code: str) -> Mover | None:
    """The mover of a kind; None when nobody has written one."""
    return _movers.get(code)


def moved_kinds() -> set[str]:
    return set(_movers)
