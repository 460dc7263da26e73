"""What the templates of surveys show, put together from rows that are loaded already."""

from django.db.models import Count
from django.utils.translation import gettext as _

from assessments.domain.ballots import oversees, takes_ballots
from assessments.domain.closing import turnout_of
from assessments.domain.outside_numbers import comparisons, may_state
from assessments.domain.paper import may_count
from assessments.domain.paper_counts import n_issued
from assessments.domain.recounts import are_opened, may_audit
from assessments.domain.roll_changes import may_settle, why_not_extend
from assessments.domain.rules import explain_rules, takes_codes, takes_members
from assessments.domain.seen_turnout import seen_turnout
from assessments.domain.small_groups import explain_limits
from assessments.domain.survey_subjects import may_run
from assessments.domain.surveys import eligible_voters, is_repeated, recused_members
from assessments.domain.tallies import option_word, percent, shown_lines
from assessments.domain.voting_links import link_entries, may_make_links
from assessments.models import RequestState, Survey, SurveyState
from assessments.stuffing import forget_ended
from campaigns.models import User


def ballot_lines(survey: Survey, choices: list[str]) -> list[dict]:
    """The lines with their options, the given choices ticked."""
    return [
        {
            "name": f"line{line.position}",
            "label": line.label,
            "value": choice if choice in survey.rules["options"] else "",
            "options": [
                {"code": code, "label": option_word(code, rules=survey.rules), "checked": code == choice}
                for code in survey.rules["options"]
            ],
        }
        for line, choice in zip(survey.lines.all(), choices, strict=True)
    ]


def chosen_lines(survey: Survey, choices: list[str]) -> list[dict]:
    """The lines with what was chosen, in words; an empty label for a blank."""
    return [
        {
            "name": f"line{line.position}",
            "label": line.label,
            "value": choice,
            "chosen": option_word(choice, rules=survey.rules) if choice else "",
            "not_valid": choice in survey.rules["not_valid"],
        }
        for line, choice in zip(survey.lines.all(), choices, strict=True)
    ]


def secrecy_notes(survey: Survey) -> list[str]:
    """What a voter should know before he ticks: what is kept, what is not, and how it is counted."""
    notes = [
        _("Your right to vote and your ballot are kept in two places that nothing joins."),
        _("Nobody can read a ballot before the survey closes. A ballot cannot be changed after it was handed in."),
    ]
    return notes + explain_rules(survey.rules)


def detail_context(survey: Survey, user: User) -> dict:
    """The page of a survey in its present state."""
    context = {
        "survey": survey,
        "rules": [*explain_rules(survey.rules), *explain_limits(survey.rules)],
        "takes_codes": takes_codes(survey.rules),
        "takes_members": takes_members(survey.rules),
        "turnout": seen_turnout(survey) if survey.state == SurveyState.OPEN else turnout_of(survey),
        "batches": survey.batches.select_related("made_by").order_by("pk"),
        "can_open": may_run(user, survey, "open_survey"),
        "can_close": may_run(user, survey, "close_survey"),
        "is_small": False,
    }
    if survey.state == SurveyState.DRAFT:
        voters = list(eligible_voters(survey).select_related("branch"))
        small = survey.rules["small_group"]["min_electorate"]
        context |= {"voters": voters, "recused": recused_members(survey), "lines": survey.lines.all()}
        context["is_small"] = len(voters) + context["turnout"].codes < small
    if hasattr(survey, "result"):
        context |= result_context(survey, full=oversees(user, survey))
    context |= _oversight_context(survey, user) | _paper_context(survey, user) | _links_context(survey, user)
    context |= _stuffing_context(survey, user)
    context["can_repeat"] = survey.state == SurveyState.VOID and context["can_open"] and not is_repeated(survey)
    return context


def _oversight_context(survey: Survey, user: User) -> dict:
    """What has become of a frozen survey by two people, and what this user may do about it."""
    changes = list(survey.roll_changes.select_related("member", "asked_by", "settled_by"))
    recounts = list(survey.recounts.select_related("asked_by", "settled_by"))
    auditor = may_audit(user, survey)
    open_now = survey.state == SurveyState.OPEN
    return {
        "roll_changes": [
            (change, open_now and change.state == RequestState.ASKED and may_settle(user, change, survey))
            for change in changes
        ],
        "recounts": [
            (recount, auditor and recount.state == RequestState.ASKED and recount.asked_by_id != user.pk)
            for recount in recounts
        ],
        "may_audit": auditor,
        "are_opened": auditor and are_opened(survey),
        "why_not_extend": why_not_extend(survey) if open_now else "",
    }


def _stuffing_context(survey: Survey, user: User) -> dict:
    """Signs that a vote was stuffed: for the level above only, who can look into it without a stake."""
    forget_ended()
    if not may_state(user, survey):
        return {}
    return {"may_state": True, "alarms": survey.alarms.all(), "comparisons": comparisons(survey)}


def _paper_context(survey: Survey, user: User) -> dict:
    """The paper ballots: how many are out, who may count them, whether the close waits for them."""
    sheets = list(survey.paper_sheets.prefetch_related("counts"))
    open_now, over = survey.state == SurveyState.OPEN, not takes_ballots(survey)
    waits = open_now and over and any(not sheet.is_agreed for sheet in sheets)
    return {
        "paper_sheets": [(sheet, n_issued(sheet), len(sheet.counts.all())) for sheet in sheets],
        "may_count": bool(sheets) and may_count(user, survey),
        "takes_now": open_now and not over,
        "waits_for_paper": waits,
        "may_void": waits and oversees(user, survey),
    }


def _links_context(survey: Survey, user: User) -> dict:
    """The personal links: how many need one and have one; whether they were opened is nobody's business."""
    if survey.state != SurveyState.OPEN or not takes_members(survey.rules):
        return {}
    entries = link_entries(survey).order_by()
    return {
        "may_make_links": may_make_links(user, survey),
        "links": entries.aggregate(n=Count("pk"), made=Count("voting_link")),
    }


def result_context(survey: Survey, *, full: bool) -> dict:
    """The result as this reader may see it; ``full`` for the level above the branch."""
    result, rules = survey.result, survey.rules
    lines = shown_lines(result.lines, n_ballots=result.n_ballots, rules=rules, full=full)
    for line in lines:
        line["rate_width"] = 100 * line["positive"] // line["valid"] if line["valid"] else 0
        line["rate"] = percent(line["positive"], line["valid"], rules=rules)
        line["bars"] = [(label, n, 100 * n // (result.n_ballots or 1)) for label, n in line["rows"]]
    shows_comments = full or result.n_ballots >= rules["small_group"]["min_ballots"]
    return {
        "survey": survey,
        "result": result,
        "full": full,
        "lines": lines,
        "n_by_phone": result.n_roll_voted + result.n_codes_used,
        "n_paper_issued": result.n_paper_members_issued + result.n_paper_public_issued,
        "n_codes_unused": result.n_codes - result.n_codes_used,
        "n_codes_printed": result.n_codes + result.n_codes_voided,
        "turnout_rate": percent(result.n_ballots, result.n_issued, rules=rules),
        "comments": list(survey.comments.all()[:300]) if shows_comments else [],
        "rules": [*explain_rules(rules), *explain_limits(rules)],
    }


def signatures_context(survey: Survey) -> dict:
    """Who signs the printed result: the tellers of the paper ballots, and the witness who saw them handed out."""
    sheets = list(survey.paper_sheets.prefetch_related("counts__counter"))
    tellers = {count.counter_id: str(count.counter) for sheet in sheets for count in sheet.counts.all()}
    return {
        "tellers": list(tellers.values()),
        "scrutineers": sorted({sheet.witness for sheet in sheets if sheet.witness}),
    }
