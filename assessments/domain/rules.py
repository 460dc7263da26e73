"""The rules of a survey: copied from the stage, shown before the opening, frozen and hashed with it."""

import hashlib
import json
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.small_groups import limits
from assessments.domain.tallies import option_words
from assessments.models import RollEntry, Survey
from campaigns.domain.errors import DomainError

MEMBERS, MASSES, SERVICE_USERS = "members", "masses", "service_users"
POST, PEOPLE = "post", "members"

MIN_OPEN = timedelta(hours=1)
MAX_OPEN = timedelta(days=30)

KEEP_OPENINGS_DAYS = 90  # votes-and-trust 2.7: until objections are over


def rules_from(params: SimpleNamespace, *, clause: str, texts: dict[str, Any] | None = None) -> dict[str, Any]:
    """The frozen copy of a stage's parameters, with everything the verdict and the display depend on.

    ``texts`` is the table ``[survey]`` of the scheme: what the ballot says, how long it can be counted again.
    """
    texts = texts or {}
    return {
        "subjects": list(params.subjects),
        "electorate": list(params.electorate),
        "options": list(params.options),
        "positive": list(params.positive),
        "not_valid": list(params.not_valid),
        "threshold": params.threshold,
        "min_turnout_percent": params.min_turnout_percent,
        "min_valid": params.min_valid,
        "days": params.days,
        "recuse_holders": params.recuse_holders,
        "max_extensions": params.max_extensions,
        "small_group": limits(),
        "words": {code: word for code, word in texts.get("options", {}).items() if code in params.options},
        "ballot_title": texts.get("title", ""),
        "instruction": texts.get("instruction", ""),
        "keep_openings_days": texts.get("keep_openings_days") or KEEP_OPENINGS_DAYS,
        "clause": clause,
    }


def check_closing(closes_at: datetime, *, latest: date | None) -> None:
    """Raise DomainError unless a survey may close then; ``latest`` is the day its review is due."""
    now = timezone.now()
    if latest and timezone.localdate(closes_at) > latest:
        raise DomainError(
            _("The review is due on %(day)s; its survey closes on that day at the latest.") % {"day": latest},
            field="closes_at",
        )
    if closes_at <= now:
        raise DomainError(_("The closing time lies in the past."), field="closes_at")
    if closes_at < now + MIN_OPEN:
        raise DomainError(_("The survey must stay open for one hour at least."), field="closes_at")
    if closes_at > now + MAX_OPEN:
        raise DomainError(_("The survey may stay open for 30 days at most."), field="closes_at")


def takes_codes(rules: dict[str, Any]) -> bool:
    """Whether people without a roll vote, by ballot code."""
    return bool({MASSES, SERVICE_USERS} & set(rules["electorate"]))


def takes_members(rules: dict[str, Any]) -> bool:
    return MEMBERS in rules["electorate"]


def hash_rules(survey: Survey) -> str:
    """SHA-256 over the rules, the lines of the ballot and the closing time; the bulletin lets anybody compute it."""
    return _sha(frozen_rules(survey))


def frozen_rules(survey: Survey) -> dict[str, Any]:
    """What is hashed when a survey opens."""
    return {
        "survey": survey.public_id,
        "rules": survey.rules,
        "lines": [list(line) for line in survey.lines.order_by("position").values_list("position", "label")],
        # The database gives the same moment back in another time zone.
        "closes_at": survey.closes_at.astimezone(UTC).isoformat() if survey.closes_at else None,
    }


def hash_roll(survey: Survey) -> str:
    """SHA-256 over the members on the roll, in the order of their keys."""
    members = RollEntry.objects.filter(survey=survey).order_by("member_id").values_list("member_id", flat=True)
    return _sha({"survey": survey.public_id, "roll": list(members)})


def explain_rules(rules: dict[str, Any]) -> list[str]:
    """The rules in sentences, for the people who open the survey and for those who vote in it."""
    lines = [_("Counted as positive: %(options)s.") % {"options": option_words(rules["positive"], rules=rules)}]
    if rules["not_valid"]:
        lines.append(
            _("Not valid: %(options)s, and lines left blank.")
            % {"options": option_words(rules["not_valid"], rules=rules)}
        )
    else:
        lines.append(_("Not valid: lines left blank."))
    if rules["threshold"] is None:
        lines.append(_("No threshold: the result informs the decision."))
    else:
        lines.append(
            _("Passed when the positive votes are %(threshold)s %% of the valid ones or more.")
            % {"threshold": rules["threshold"]}
        )
    if rules["min_turnout_percent"]:
        lines.append(
            _("Void below a turnout of %(least)s %% (counted on the roll of members; without one, on the codes).")
            % {"least": rules["min_turnout_percent"]}
        )
    if rules["min_valid"] > 1:
        lines.append(_("Void when a line has fewer than %(least)s valid votes.") % {"least": rules["min_valid"]})
    if rules.get("max_extensions") and rules["min_turnout_percent"]:
        lines.append(
            _("May be extended %(n)s times while fewer than that have voted.") % {"n": rules["max_extensions"]}
        )
    if rules.get("recuse_holders") and takes_members(rules):
        lines.append(_("The members of the post do not vote on themselves."))
    return lines


def canonical(value: Any) -> str:
    """JSON of which there is only one: sorted keys, no spaces."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sha(value: Any) -> str:
    return hashlib.sha256(canonical(value).encode()).hexdigest()
