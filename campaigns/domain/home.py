"""Panels of the home page. Each app may add one; a panel that has nothing to say returns None."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import User


@dataclass(frozen=True)
class Panel:
    """A card on the home page: a template and what it shows."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


PanelProvider = Callable[[User], Panel | None]
_providers: list[PanelProvider] = []


def home_panel(provider: PanelProvider) -> PanelProvider:
    """Declare a function that returns the panel of a user."""
    _providers.append(provider)
    return provider


def home_panels(user: User) -> list[Panel]:
    """The panels this user sees, in order."""
    found = [panel for provider in _providers if (panel := provider(user)) is not None]
    return sorted(found, key=lambda panel: panel.order)
