"""The rules of a campaign as its own rows: copied from a scheme or another campaign, and hashed when they freeze."""

import hashlib
import json
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from campaigns.domain.calendar import working_day_from
from campaigns.domain.dates import day_of, shifted
from campaigns.models import Campaign, Phase, PostKind, Quota, ReviewRule, Stage, VetoGround
from campaigns.schemes.kinds import Kind
from campaigns.schemes.model import Scheme

# These have tables; everything else of the scheme goes into Campaign.rules.
_TABLES = frozenset({"kinds", "pipelines", "quotas", "reviews", "veto", "phases"})
_KIND_COLUMNS = frozenset({"code", "label", "holder", "stages", "plaque"})


def copy_rules(campaign: Campaign, *, to: Campaign) -> None:
    """Give ``to`` its own copy of every rule of ``campaign``, with dates moved by the difference in years."""
    years = to.year - campaign.year
    for kind in campaign.kinds.prefetch_related("stages"):
        stages = list(kind.stages.all())
        new_kind = _clone(kind, campaign=to)
        for stage in stages:
            _clone(stage, post_kind=new_kind, due_on=_due(stage, years))
    for rows in (campaign.review_rules, campaign.veto_grounds, campaign.quotas):
        for row in rows.all():
            _clone(row, campaign=to)
    for phase in campaign.phases.all():
        dates = {"starts_on": shifted(phase.starts_on, years), "ends_on": shifted(phase.ends_on, years)}
        _clone(phase, campaign=to, **dates)


def _due(stage: Stage, years: int) -> date | None:
    """The same day of another year, or the next one that is worked."""
    day = shifted(stage.due_on, years)
    return day and working_day_from(day)


def rules_snapshot(campaign: Campaign) -> dict[str, Any]:
    """Every rule of the campaign as plain data: what is frozen, hashed and shown to anybody who asks."""
    return {
        "scheme": campaign.scheme_code,
        "honour": campaign.honour,
        "year": campaign.year,
        "owner": campaign.owner.code,
        "rules": campaign.rules,
        "kinds": [
            {**_columns(kind), "stages": [_stage_rules(stage) for stage in kind.stages.all()]}
            for kind in campaign.kinds.prefetch_related("stages")
        ],
        "reviews": [_columns(row) for row in campaign.review_rules.order_by("code")],
        "veto": [_columns(row) for row in campaign.veto_grounds.all()],
        "quotas": [_columns(row) for row in campaign.quotas.order_by("code")],
        "phases": [_columns(row) for row in campaign.phases.all()],
    }


def rules_checksum(campaign: Campaign) -> str:
    """SHA-256 of the canonical JSON of the rules as they stand now."""
    text = json.dumps(rules_snapshot(campaign), sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def further_rules(scheme: Scheme) -> dict[str, Any]:
    """What of the scheme needs no table of its own: for ``Campaign.rules``."""
    everything = asdict(scheme)
    return _plain({f.name: everything[f.name] for f in fields(scheme) if f.name not in _TABLES})


def copy_scheme(scheme: Scheme, campaign: Campaign) -> None:
    """Give the campaign its own kinds, steps, reviews, veto grounds, quotas and phases."""
    for position, kind in enumerate(scheme.kinds):
        _copy_kind(kind, scheme, campaign, position)
    for rule in scheme.reviews:
        own = ("code", "label", "cadence", "reviewer", "kinds", "clause")
        _create(ReviewRule, campaign, rule, own)
    for position, ground in enumerate(scheme.veto):
        VetoGround.objects.create(campaign=campaign, position=position, **asdict(ground))
    for quota in scheme.quotas:
        _create(Quota, campaign, quota, ("code", "scope", "kinds", "clause"))
    for position, phase in enumerate(scheme.phases):
        starts, ends = day_of(phase.starts, campaign.year), day_of(phase.ends, campaign.year)
        Phase.objects.create(campaign=campaign, position=position, label=phase.label, starts_on=starts, ends_on=ends)


def _copy_kind(kind: Kind, scheme: Scheme, campaign: Campaign, position: int) -> None:
    data = _plain(asdict(kind))
    row = PostKind.objects.create(
        campaign=campaign,
        code=kind.code,
        label=kind.label,
        holder=kind.holder,
        rules={name: value for name, value in data.items() if name not in _KIND_COLUMNS} | _way_of(kind),
        plaque=data["plaque"] | ({"honour": kind.honour} if kind.honour else {}),
        position=position,
    )
    Stage.objects.bulk_create(
        Stage(
            post_kind=row,
            position=number,
            kind=stage.kind,
            label=stage.label,
            actor=list(stage.actor),
            params=stage.params,
            clause=stage.clause,
            duration_days=stage.days,
            due_on=day_of(stage.due, campaign.year) if stage.due else None,
            note=stage.note,
        )
        for number, stage in enumerate(scheme.stages_of(kind), start=1)
    )


def _way_of(kind: Kind) -> dict[str, str]:
    """The name of the pipeline that several kinds may share: their steps are planned together."""
    return {"way": kind.stages} if isinstance(kind.stages, str) else {}


def _create(model: Any, campaign: Campaign, rule: Any, own: tuple[str, ...]) -> None:
    data = _plain(asdict(rule))
    params = {name: value for name, value in data.items() if name not in own}
    model.objects.create(campaign=campaign, params=params, **{name: data[name] for name in own})


def _plain(value: Any) -> Any:
    """Tuples become lists, as they will when the database gives them back."""
    return json.loads(json.dumps(value, ensure_ascii=False, default=str))


def _clone(row: Any, **changes: Any) -> Any:
    row.pk = None
    row._state.adding = True  # noqa: SLF001  the documented way to copy a row
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()
    return row


def _stage_rules(stage: Stage) -> dict[str, Any]:
    """A step without its planned length, which is no rule (docs/decisions/planned-lengths.md)."""
    return {name: value for name, value in _columns(stage).items() if name != "duration_days"}


def _columns(row: Any) -> dict[str, Any]:
    keys = {"id", "campaign", "post_kind"}
    return {f.name: getattr(row, f.name) for f in row._meta.concrete_fields if f.name not in keys}  # noqa: SLF001
