"""Writes one moved date to where it is kept."""

from datetime import date

from campaigns.domain.dates import month_day_of
from campaigns.domain.moves import FRAME, Target, Value, shared_steps
from campaigns.domain.plan import Plan
from campaigns.models import Campaign, Phase, Stage


def write_plan(campaign: Campaign, plan: Plan, target: Target, to: Value) -> None:
    """Set the target to its new day or length. The caller has locked the campaign and checked the move."""
    family, code = target.family, target.code
    if family in FRAME:
        setattr(campaign, FRAME[family], to)
        campaign.save(update_fields=[FRAME[family]])
    elif family in ("due", "length"):
        field = "due_on" if family == "due" else "duration_days"
        Stage.objects.filter(pk__in=shared_steps(plan, int(code))).update(**{field: to})
    elif family in ("phase_start", "phase_end"):
        field = "starts_on" if family == "phase_start" else "ends_on"
        Phase.objects.filter(campaign=campaign, pk=int(code)).update(**{field: to})
    elif isinstance(to, date):
        _write_rule(campaign, family, code, month_day_of(to, campaign.year))


def _write_rule(campaign: Campaign, family: str, code: str, month_day: str) -> None:
    table, key = {"round": ("rounds", "by"), "milestone": ("milestones", "on")}[family]
    rows = [
        {**row, key: month_day} if (row.get("code") or str(i)) == code else row
        for i, row in enumerate(campaign.rules[table])
    ]
    campaign.rules = {**campaign.rules, table: rows}
    campaign.save(update_fields=["rules"])
