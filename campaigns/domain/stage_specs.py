"""What the scheme format has to know of the stage kinds. ``posts`` and ``assessments`` lend their register here.

Campaigns must not import posts, so the dependency is turned round: at start-up posts declares where the kinds come
from, and everything here asks when it needs to know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.functional import Promise


@dataclass(frozen=True)
class StageSpec:
    """A kind of stage as the scheme sees it.

    ``clean_params`` raises ValidationError with messages by key; ``explain`` returns sentences for a secretary;
    ``permission`` is what the main action needs on the acting unit, None for the holders themselves; ``params_form`` is
    the form of the parameters, from which the editor makes its fields; ``people_needed`` says how many people must hold
    the permission.
    """

    code: str
    label: str | Promise
    icon: str
    allowed_actors: tuple[str, ...]
    permission: str | None
    param_names: tuple[str, ...]
    clean_params: Callable[[dict[str, Any]], dict[str, Any]]
    explain: Callable[[dict[str, Any]], list[str]]
    params_form: type[forms.Form]
    people_needed: Callable[[dict[str, Any]], int]


_sources: list[Callable[[], dict[str, StageSpec]]] = []


def declare_source(source: Callable[[], dict[str, StageSpec]]) -> None:
    """Say where the kinds come from; called once by the app that owns the register."""
    _sources.append(source)


def stage_specs() -> dict[str, StageSpec]:
    """All kinds that exist, by code."""
    return {code: spec for source in _sources for code, spec in source().items()}
