"""Parts of a campaign's page that later apps add: campaigns cannot import them, so they register here at start-up."""

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
