"""The words of a public notice (domain notes 3.11): drafted here, edited by the office, then frozen."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaigns.domain.calendar import is_working_day
from campaigns.models import Campaign, HolderKind, OrgUnit
from posts.domain.document_numbers import parse_number
from posts.domain.figures import survey_figures
from posts.models import Nomination, RunStatus, StageRun

MEMBERS, POSTS, SURVEY_RESULT, FINAL_LIST, PLAN = "members", "posts", "survey_result", "final_list", "plan"
SCOPES = {"branch": gettext_lazy("in the branch"), "campaign": gettext_lazy("to all units of the campaign")}
WITH_FIGURES = frozenset({SURVEY_RESULT})
_PRINTED_KINDS = ("nominate", "deliberate", "survey", "endorse", "assess")


def formal_date(day: date) -> str:
    """A date as formal documents write it: 2026年5月11日."""
    return date_format(day, "Y年n月j日")


def formal_time(moment: datetime) -> str:
    """The same with the time of day: 2026年5月11日 09:30."""
    return date_format(timezone.localtime(moment), "Y年n月j日 H:i")


def draft_title(campaign: Campaign, *, shows: str) -> str:
    """The title for what the notice shows."""
    words = {"year": campaign.year, "honour": campaign.honour}
    if shows == SURVEY_RESULT:
        return _("Public notice of the survey results for “%(honour)s” in %(year)s") % words
    if shows == PLAN:
        return _("Public notice of the plan for creating “%(honour)s” in %(year)s") % words
    return _("Public notice of the posts to be named “%(honour)s” in %(year)s") % words


def basis_of(campaign: Campaign) -> str:
    """The basis document, or the campaign by its name."""
    if parse_number(campaign.basis_document):
        return f"{campaign.basis_document}文件"
    return campaign.basis_document or f"《{campaign.title}》"


def draft_text(
    runs: Sequence[StageRun], *, starts_on: date, ends_on: date, days: int, day_kind: str, shows: str, scope: str = ""
) -> str:
    """Basis, procedure so far, what is to be named, the period, the scope, and how to object."""
    campaign = runs[0].nomination.campaign
    words = {
        "basis": basis_of(campaign),
        "steps": _procedure(runs[0].nomination),
        "n": len(runs),
        "honour": campaign.honour,
        "first": formal_date(starts_on),
        "last": formal_date(ends_on),
        "period": _period(days, day_kind),
    }
    if shows == SURVEY_RESULT:
        opening = _("According to %(basis)s, the results of the surveys about %(n)s post(s) are made public.") % words
    elif words["steps"]:
        opening = _("According to %(basis)s and after %(steps)s, %(n)s post(s) are to be named “%(honour)s”.") % words
    else:
        opening = _("According to %(basis)s, %(n)s post(s) are to be named “%(honour)s”.") % words
    if day_kind == "working" and not is_working_day(starts_on):
        period = _(
            "For the sake of democracy and supervision they are made public from %(first)s to %(last)s (%(period)s)."
        )
    else:
        period = _(
            "For the sake of democracy and supervision they are made public from %(first)s to %(last)s (%(period)s, "
            "the first day included)."
        )
    appeal = _(
        "Whoever objects may tell the office named below within this time by telephone, letter or visit, or scan the "
        "code. What is reported should be objective and true; a unit adds its seal, a person signs with the real name "
        "and says how to be reached."
    )
    within = _("Scope of the notice: %(scope)s.") % {"scope": scope} if scope else ""
    return f"{opening}{period % words}{within}\n{appeal}"


def snapshot_of(run: StageRun, *, shows: str) -> dict[str, Any]:
    """What is published about a nomination: these fields and no others. Never copied from the form as a whole."""
    nomination = run.nomination
    # Headed 岗位党员; staff of a collective post who are not in the Party are no candidates for the title.
    people = [p for p in nomination.members.all() if p.dropped_at is None and p.member_id]
    found: dict[str, Any] = {
        "post": nomination.name,
        "kind": nomination.post_kind.label,
        "unit": nomination.org_unit.name,
        "members": [person.name for person in people],
        "duties": nomination.duties,
    }
    if nomination.post_kind.holder == HolderKind.PERSON and people:
        found["position"] = people[0].member.position
    if shows in WITH_FIGURES:
        found["survey"] = _("; ").join(survey_figures(nomination)) or _survey_sentence(nomination)
    return found


def contact_of(owner: OrgUnit) -> dict[str, str]:
    """Where to object: the office of the campaign's owner, which handles objections; never the branch itself."""
    return {
        "office": owner.name,
        "phone": owner.phone,
        "address": owner.address,
        "postcode": owner.postcode,
        "hours": owner.office_hours,
    }


def _procedure(nomination: Nomination) -> str:
    """The steps passed so far, in the words of the scheme."""
    passed = [r for r in nomination.runs.all() if r.status == RunStatus.PASSED and r.kind in _PRINTED_KINDS]
    return "、".join(dict.fromkeys(run.label for run in sorted(passed, key=lambda run: run.position)))


def _period(days: int, day_kind: str) -> str:
    if day_kind == "working":
        return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}
    return ngettext("%(n)s day", "%(n)s days", days) % {"n": days}


def _survey_sentence(nomination: Nomination) -> str:
    surveys = [r for r in nomination.runs.all() if r.kind == "survey" and r.status == RunStatus.PASSED]
    return max(surveys, key=lambda run: (run.position, run.attempt)).reason if surveys else ""
