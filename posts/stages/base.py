"""What a kind of stage is, and the register of kinds. Imports no model and no domain module."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from campaigns.models import User
    from posts.models import StageRun


@dataclass(frozen=True)
class Outcome:
    """How a run ends."""

    passed: bool
    reason: str = ""


@dataclass(frozen=True)
class Action:
    """Something a person may do while a run is open."""

    permission: str | None  # on the acting unit; None: the holders themselves
    label: str | Promise = ""
    conflict_free: bool = True  # nobody handles his own case


class StageKind:
    """One step of a pipeline: when it may open, what may be done in it, when it is over."""

    code: ClassVar[str] = ""
    label: ClassVar[str | Promise] = ""
    icon: ClassVar[str] = "circle"
    actions: ClassVar[dict[str, Action]] = {}
    #: The action that waits for somebody while the run is open: drives the work list.
    main_action: ClassVar[str] = ""
    #: Whether a person judges here and may send the nomination back for correction.
    returnable: ClassVar[bool] = True
    #: Actor words (campaigns.domain.actors) that make sense here; empty: all.
    allowed_actors: ClassVar[tuple[str, ...]] = ()

    class Params(forms.Form):
        """Schema, editor and validator of ``Stage.params``."""

    def __init__(self, run: StageRun) -> None:
        self.run = run
        self.params = SimpleNamespace(**self.clean_params(run.params))

    @classmethod
    def clean_params(cls, raw: dict[str, Any]) -> dict[str, Any]:
        """Return typed values with defaults filled in; raise ValidationError for unknown keys and bad values."""
        form = cls.Params(data=cls._form_data(raw))
        unknown = sorted(set(raw) - set(form.fields))
        errors: dict[str, list[Any]] = {key: [_("This parameter is not known here.")] for key in unknown}
        if not form.is_valid():
            errors.update({key: list(messages) for key, messages in form.errors.items()})
        if errors:
            raise ValidationError(errors)
        return form.cleaned_data

    @classmethod
    def _form_data(cls, raw: dict[str, Any]) -> dict[str, Any]:
        fields = cls.Params().fields
        data = {name: field.initial for name, field in fields.items() if field.initial is not None}
        data.update(raw)
        return data

    @property
    def asked_action(self) -> str:
        """The action that the open run waits for; a kind may have another one for another actor."""
        return self.main_action

    @classmethod
    def people_needed(cls, params: dict[str, Any]) -> int:
        """How many people must hold the main action's permission; asked before a campaign opens."""
        return 1

    def entry_blockers(self) -> list[str]:
        """What still has to happen before this stage may open; empty when it may."""
        return []

    def enter(self) -> None:
        """Create what this stage needs. Runs once, inside the transition's transaction."""

    def outcome(self) -> Outcome | None:
        """How the run ends, or None while it is still running. Must be safe to ask at any time."""
        raise NotImplementedError

    def leave(self) -> None:
        """Tidy up when the run is returned or the nomination withdrawn. Runs inside the transaction."""

    def looks_again_at(self) -> datetime | None:
        """When time alone may change the outcome; the clock then calls ``advance()``."""
        return None

    def waiting_for(self) -> str:
        """A sentence: what is waited for now."""
        return ""

    def due_on(self) -> date | None:
        """The day by which the main action should be done: as the scheme dates the step, or None."""
        return self.run.due_on

    def context(self, user: User) -> dict[str, Any]:
        """What the stage's template ``posts/stages/_<code>.html`` needs."""
        return {}

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        """Sentences that tell a secretary what the parameters mean."""
        return []


_kinds: dict[str, type[StageKind]] = {}


def register(kind: type[StageKind]) -> type[StageKind]:
    """Add a kind. Two kinds with one code are a mistake found at start-up."""
    if kind.code in _kinds:
        raise RuntimeError(f"two stage kinds with the code {kind.code}")
    _kinds[kind.code] = kind
    return kind


def get_kind(code: str) -> type[StageKind]:
    """The class of a kind; KeyError for an unknown code."""
    return _kinds[code]


def kind_codes() -> list[str]:
    return list(_kinds)


def each_kind() -> dict[str, type[StageKind]]:
    return dict(_kinds)


def logic_of(run: StageRun) -> StageKind:
    """The kind's object for a run."""
    return get_kind(run.kind)(run)
