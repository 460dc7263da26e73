"""Typed access to the rules of a campaign that have no table of their own (``Campaign.rules``)."""

from dataclasses import dataclass
from typing import Any

from campaigns.models import Campaign, HolderKind

# What holds for the people of a post where the scheme is silent (domain F22).
HOLDER_RULES: dict[str, dict[str, Any]] = {
    HolderKind.PERSON: {"min_party": 1, "max_members": 1, "full_members_only": True, "all_party": True},
    HolderKind.TEAM: {"min_party": 1},
    HolderKind.ZONE: {"min_party": 1, "all_party": True},
    HolderKind.ORG: {"min_party": 0},
}
DEFAULT_RECTIFY_DAYS = 30
DEFAULT_REPAIR_DAYS = 15
DEFAULT_EXTENSIONS = 1
DEFAULT_EXTENSION_DAYS = 15
DEFAULT_ESCALATE_DAYS = 3
DEFAULT_VERIFY_DAYS = 10
DEFAULT_RECALL_DAYS = 3
DEFAULT_ROTATION_MONTHS = 6  # a reading: the one source with rotating plaques names no interval (domain F24)


def rectify_days(campaign: Campaign) -> int:
    """Calendar days within which problems must be mended."""
    return _number(campaign, "rectify", "days", DEFAULT_RECTIFY_DAYS)


def extensions_allowed(campaign: Campaign) -> int:
    """How often a rectification may be extended; 0: never."""
    return _number(campaign, "rectify", "extensions", DEFAULT_EXTENSIONS)


def extension_days(campaign: Campaign) -> int:
    """By how many calendar days at most an extension moves the deadline."""
    return _number(campaign, "rectify", "extension_days", DEFAULT_EXTENSION_DAYS)


def escalate_days(campaign: Campaign) -> int:
    """So many calendar days after the deadline the matter goes before the deciding body, when nobody handed in."""
    return _number(campaign, "rectify", "escalate_days", DEFAULT_ESCALATE_DAYS)


def shows_rectifying(campaign: Campaign) -> bool:
    """Whether the public page says that a post is under rectification 整改中."""
    return bool(campaign.rules.get("rectify", {}).get("public", False))


def repair_days(campaign: Campaign) -> int:
    """Calendar days for restoring the conditions of a post that lost a member (domain F31)."""
    return _number(campaign, "rectify", "repair_days", DEFAULT_REPAIR_DAYS)


def verify_days(campaign: Campaign) -> int:
    """Working days for verifying an objection."""
    return _number(campaign, "objections", "verify_days", DEFAULT_VERIFY_DAYS)


def recall_days(campaign: Campaign) -> int:
    """Working days for bringing a recalled plaque back."""
    return _number(campaign, "consequences", "recall_days", DEFAULT_RECALL_DAYS)


def bans_same_year(campaign: Campaign, outcome: str = "revoke") -> bool:
    """Whether an end by ``outcome`` bars from nominations and commendations of the same year (domain F25)."""
    consequences = campaign.rules.get("consequences", {})
    return bool(consequences.get("ban_same_year", True)) and outcome in consequences.get("ban_on", ["revoke"])


def fail_effects(campaign: Campaign) -> list[str]:
    """What may follow when a post is not up to standard: rectify, adjust, rotate_out, revoke."""
    return list(campaign.rules.get("consequences", {}).get("fail_effect", ["rectify", "adjust"]))


@dataclass(frozen=True)
class RotationRules:
    """How the plaques rotate 流动挂牌; without ``re_election`` nobody keeps one beyond a whole interval."""

    interval_months: int
    re_election: bool


def rotation_rules(campaign: Campaign) -> RotationRules | None:
    """The rotation of the campaign's plaques; None when they do not rotate."""
    table = campaign.rules.get("rotation", {})
    if not table.get("enabled"):
        return None
    return RotationRules(table.get("interval_months") or DEFAULT_ROTATION_MONTHS, bool(table.get("re_election", True)))


def rubric(campaign: Campaign, code: str) -> dict[str, Any] | None:
    """The rubric with this code, as it stands in the scheme."""
    return next((r for r in campaign.rules.get("rubrics", []) if r["code"] == code), None)


def ballot_texts(campaign: Campaign) -> dict[str, Any]:
    """What stands on this campaign's ballots, where the scheme says so: title, instruction, options."""
    return dict(campaign.rules.get("survey", {}))


def _number(campaign: Campaign, table: str, name: str, default: int) -> int:
    value = campaign.rules.get(table, {}).get(name)
    return default if value is None else value
