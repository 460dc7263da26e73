"""The rules of a campaign as a scheme file: with its own figures and dates, in the words of the file it came from."""

import tomllib
from copy import deepcopy
from dataclasses import asdict
from typing import Any

from django.utils.translation import gettext as _

from campaigns.domain.campaign_rules import scheme_of
from campaigns.domain.errors import DomainError
from campaigns.domain.schemes import load_scheme
from campaigns.models import Campaign
from campaigns.schemes.model import Scheme
from campaigns.schemes.writer import patch_toml

#: What a campaign may set for itself, by the table of the scheme.
OWN = {
    "quotas": ("min", "max", "percent"),
    "phases": ("starts", "ends"),
    "rounds": ("by",),
    "milestones": ("on",),
}
OF_A_STEP = ("days", "due")


def rules_as_file(campaign: Campaign) -> str:
    """The TOML of the campaign's rules. Its code tells it from the scheme; so it can be put into a library as it is.

    Raises DomainError for a campaign that was made without a scheme file.
    """
    own = scheme_of(campaign)
    if own is None:
        raise DomainError(_("This campaign has no scheme file."))
    raw, copied = tomllib.loads(campaign.scheme_text), load_scheme(campaign.scheme_text)
    raw["scheme"]["code"] = f"{copied.scheme.code[:34]}_{campaign.year}"
    for table, names in OWN.items():
        for row, old, new in zip(raw.get(table, []), getattr(copied, table), getattr(own, table), strict=False):
            _take_over(row, asdict(old), asdict(new), names)
    _take_over_steps(raw, copied, own)
    return patch_toml(campaign.scheme_text, raw)


def _take_over(row: dict[str, Any], old: dict[str, Any], new: dict[str, Any], names: tuple[str, ...]) -> None:
    for name in names:
        if old[name] == new[name]:
            continue
        if new[name] is None:
            row.pop(name, None)
        else:
            row[name] = new[name]


def _take_over_steps(raw: dict[str, Any], copied: Scheme, own: Scheme) -> None:
    """Days and due days of the steps; a kind whose plan differs from the others of its way gets steps of its own."""
    written: dict[str, list[Any]] = {}
    for row, old, new in zip(raw["kinds"], copied.kinds, own.kinds, strict=True):
        way = row["stages"]
        steps = deepcopy(way if isinstance(way, list) else written.get(way) or raw["pipelines"][way])
        before = deepcopy(steps)
        for step, old_step, new_step in zip(steps, copied.stages_of(old), own.stages_of(new), strict=True):
            at_first = asdict(old_step) | {name: step.get(name, asdict(old_step)[name]) for name in OF_A_STEP}
            _take_over(step, at_first, asdict(new_step), OF_A_STEP)
        if isinstance(way, list):
            row["stages"] = steps
        elif way not in written:
            written[way] = raw["pipelines"][way] = steps
        elif steps != before:
            row["stages"] = steps
