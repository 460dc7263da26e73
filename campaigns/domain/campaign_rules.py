"""The rules of a campaign as a scheme again, to explain them in words."""

from dataclasses import replace
from typing import Any

from campaigns.domain.dates import month_day_of
from campaigns.domain.schemes import examine_scheme
from campaigns.models import Campaign, PostKind
from campaigns.schemes.kinds import Kind, QuotaRule
from campaigns.schemes.model import Scheme


def scheme_of(campaign: Campaign) -> Scheme | None:
    """The scheme of the campaign with its own quota figures and dates; None when there is no file."""
    scheme = examine_scheme(campaign.scheme_text).scheme if campaign.scheme_text else None
    if scheme is None:
        return None
    figures = {quota.code: quota.params for quota in campaign.quotas.all()}
    rows = {row.code: row for row in campaign.kinds.prefetch_related("stages")}
    return replace(
        scheme,
        quotas=tuple(_with_figures(quota, figures.get(quota.code, {})) for quota in scheme.quotas),
        kinds=tuple(_with_dates(kind, scheme, rows.get(kind.code), campaign.year) for kind in scheme.kinds),
        phases=_with_phases(scheme, campaign),
        rounds=_with_rows(scheme.rounds, campaign.rules.get("rounds"), "by"),
        milestones=_with_rows(scheme.milestones, campaign.rules.get("milestones"), "on"),
    )


def _with_figures(quota: QuotaRule, params: dict) -> QuotaRule:
    return replace(quota, **{name: params[name] for name in ("min", "max", "percent") if name in params})


def _with_dates(kind: Kind, scheme: Scheme, row: PostKind | None, year: int) -> Kind:
    """The kind with the planned days and due days that its steps have in the campaign."""
    stages, rows = scheme.stages_of(kind), list(row.stages.all()) if row else []
    if len(stages) != len(rows):
        return kind
    moved = [
        replace(stage, days=own.duration_days, due=month_day_of(own.due_on, year) if own.due_on else None)
        for stage, own in zip(stages, rows, strict=True)
    ]
    return replace(kind, stages=tuple(moved))


def _with_phases(scheme: Scheme, campaign: Campaign) -> tuple:
    rows = list(campaign.phases.all())
    if len(rows) != len(scheme.phases):
        return scheme.phases
    return tuple(
        replace(
            phase,
            starts=month_day_of(row.starts_on, campaign.year) if row.starts_on else phase.starts,
            ends=month_day_of(row.ends_on, campaign.year) if row.ends_on else phase.ends,
        )
        for phase, row in zip(scheme.phases, rows, strict=True)
    )


def _with_rows(rules: tuple, rows: list[dict[str, Any]] | None, key: str) -> tuple:
    if len(rules) != len(rows or ()):
        return rules
    return tuple(replace(rule, **{key: row.get(key)}) for rule, row in zip(rules, rows or (), strict=True))
