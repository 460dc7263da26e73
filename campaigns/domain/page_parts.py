"""Parts of the pages of campaigns and schemes that later apps add: they register here at start-up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from campaigns.models import Campaign, User


@dataclass(frozen=True)
class CampaignPart:
    """A card on the page of a campaign: a template and what it needs as ``part``."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50


Source = Callable[[Campaign, User], CampaignPart | None]
_sources: list[Source] = []


def campaign_part(source: Source) -> Source:
    """Declare a function that gives a card for a campaign and a reader, or None."""
    _sources.append(source)
    return source


def parts_of_campaign(campaign: Campaign, user: User) -> list[CampaignPart]:
    """The cards for this reader, in order."""
    parts = [part for source in _sources if (part := source(campaign, user))]
    return sorted(parts, key=lambda part: part.order)


@dataclass(frozen=True)
class SchemeAction:
    """A button on the page of a scheme of the library: a template and what it needs as ``action``."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


ActionSource = Callable[[str, User], SchemeAction | None]
_actions: list[ActionSource] = []


def scheme_action(source: ActionSource) -> ActionSource:
    """Declare a function that gives a button for the code of a scheme and a reader, or None."""
    _actions.append(source)
    return source


def actions_of_scheme(code: str, user: User) -> list[SchemeAction]:
    """The buttons for this reader."""
    return [action for source in _actions if (action := source(code, user))]
