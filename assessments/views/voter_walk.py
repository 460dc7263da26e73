"""The steps of a vote once the right is known: ballot, confirmation, receipt.

Each page that answers a POST has an address of its own (``?page=…``), from which the voter's cookies show it again.
A script puts that address into the browser's history; where there is none, the form asks for a redirect to it. So back,
forward and reload never meet the browser's question whether to send a form twice. The redirect is left out for
everybody else: it would cost a slow phone half a second at every step.
"""

from django.http import HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render

from assessments.domain.ballots import (
    AlreadyVotedError,
    NotOpenError,
    Receipt,
    Right,
    cast_ticket,
    is_used,
    prepare_ballot,
    read_ticket,
    takes_ballots,
)
from assessments.models import BallotCode, Survey
from assessments.stuffing import note_public_ballot
from assessments.views.kept_pages import kept_page
from assessments.views.presenters import ballot_lines, chosen_lines, secrecy_notes
from assessments.views.voter_cookies import keep_receipt, keep_ticket, receipt_of, ticket_of
from campaigns.domain.errors import DomainError
from campaigns.views.home import YEAR


class SeeOther(HttpResponseRedirect):
    """The answer to a POST is to be fetched from another address."""

    status_code = 303


def walk(request, survey: Survey, right: Right, context: dict):
    """Ballot → confirmation → receipt. Every step can be repeated, and says calmly what is the case.

    ``context`` has the ``action`` that the forms are sent to, and the ``code`` of a voter who has one.
    """
    context |= {"survey": survey}
    step = request.POST.get("step", "")
    if is_used(right):
        return _used(request, survey, right, context)
    on_paper = survey.rules.get("paper_only")
    if on_paper or not takes_ballots(survey):
        meets = on_paper and takes_ballots(survey)
        return message(request, "meeting" if meets else survey.state, context, status=409 if step else 200)
    if step == "cast":
        return _cast(request, survey, right, context)
    if step == "confirm":
        return _confirm(request, survey, right, context)
    if request.GET.get("page") == "check" and (kept := read_ticket(survey, right=right, ticket=ticket_of(request))):
        ballot, receipt = kept
        context |= {"ticket": ticket_of(request), "receipt": receipt}
        return _check(request, survey, list(ballot.choices), ballot.comment, context)
    return _ballot(request, survey, right, context)


def show(request, template: str, context: dict, *, page: str, status: int = 200):
    """A page of the vote, with the address that shows it again; without scripts a redirect there."""
    address = address_of(request, context, page)
    if address and "plain" in request.POST and not context.get("error"):
        return SeeOther(address)
    return render(request, template, {**context, "own_address": address}, status=status)


def address_of(request, context: dict, page: str) -> str:
    """Where the answer to a POST is shown again; a page that was fetched has its own address."""
    return f"{context['action']}?page={page}" if request.method == "POST" else ""


def message(request, state: str, context: dict, *, status: int = 200):
    """A page that says how things stand."""
    return show(request, "assessments/vote_message.html", {**context, "state": state}, page="done", status=status)


def _ballot(request, survey: Survey, right: Right, context: dict, *, error: str = ""):
    step = request.POST.get("step", "")
    choices, comment = sent_choices(request, survey) if step else _kept_choices(request, survey, right)
    if not (step or error or comment or any(choices) or "plain" in request.POST):
        return _blank_ballot(request, survey, context)
    context |= {
        "lines": ballot_lines(survey, choices),
        "comment": comment,
        "notes": secrecy_notes(survey),
        "error": error,
    }
    large = (request.COOKIES.get("large") == "1") != (step == "type")
    response = show(request, "assessments/vote_ballot.html", {**context, "large_type": large}, page="ballot")
    if step == "type":
        response.set_cookie("large", str(int(large)), max_age=YEAR, samesite="Lax", secure=request.is_secure())
    if step in ("type", "change") and not set(choices) - {"", *survey.rules["options"]}:
        ticket, _receipt = prepare_ballot(survey, right=right, choices=choices, comment=comment)
        keep_ticket(request, response, ticket)
    return response


def _blank_ballot(request, survey: Survey, context: dict):
    """The ballot as most voters see it: nothing ticked, nothing to be told."""
    shown = {"action": context["action"], "own_address": address_of(request, context, "ballot")}
    own = {"code": context["code"]} if "code" in context else {}

    def derived():
        return {"lines": ballot_lines(survey, [""] * len(survey.lines.all())), "notes": secrecy_notes(survey)}

    return kept_page(request, "assessments/vote_ballot.html", shown, own=own, survey=survey, derived=derived)


def _confirm(request, survey: Survey, right: Right, context: dict):
    choices, comment = sent_choices(request, survey)
    try:
        ticket, receipt = prepare_ballot(survey, right=right, choices=choices, comment=comment)
    except DomainError as error:
        return _ballot(request, survey, right, context, error=str(error))
    response = _check(request, survey, choices, comment, context | {"ticket": ticket, "receipt": receipt})
    keep_ticket(request, response, ticket)
    return response


def _check(request, survey: Survey, choices: list[str], comment: str, context: dict):
    context |= {"lines": chosen_lines(survey, choices), "comment": comment}
    return show(request, "assessments/vote_confirm.html", context, page="check")


def _cast(request, survey: Survey, right: Right, context: dict):
    try:
        receipt = cast_ticket(survey, right=right, ticket=request.POST.get("ticket", ""))
    except AlreadyVotedError:
        return _used(request, survey, right, context)
    except NotOpenError:
        return message(request, "closed", context, status=409)
    except DomainError as error:
        return _ballot(request, survey, right, context, error=str(error))
    if isinstance(right, BallotCode):
        note_public_ballot(request, survey)
    response = _receipt_page(request, survey, context, receipt)
    keep_receipt(request, response, survey, right, receipt)
    return response


def _receipt_page(request, survey: Survey, context: dict, receipt: Receipt):
    if "plain" in request.POST:
        return message(request, "done", context | _words_of(receipt))
    shown = {"state": "done", "own_address": address_of(request, context, "done")}
    own = {"csrf_token": get_token(request), **_words_of(receipt)}
    return kept_page(request, "assessments/vote_message.html", shown, own=own, survey=survey)


def _words_of(receipt: Receipt | None) -> dict[str, str]:
    return {"receipt_text": receipt.text, "receipt_signature": receipt.signature} if receipt else {}


def _used(request, survey: Survey, right: Right, context: dict):
    """Voted, or on paper. The browser that cast the ballot shows its receipt again; a second try says what it is."""
    if getattr(right, "on_paper", False):
        return message(request, "paper", context)
    receipt = receipt_of(request, survey, right)
    is_shown_again = receipt and request.GET.get("page") == "done"
    return message(request, "done" if is_shown_again else "already", context | _words_of(receipt))


def sent_choices(request, survey: Survey) -> tuple[list[str], str]:
    """The choices and the comment of the form."""
    choices = [request.POST.get(f"line{line.position}", "") for line in survey.lines.all()]
    return choices, request.POST.get("comment", "")


def _kept_choices(request, survey: Survey, right: Right) -> tuple[list[str], str]:
    """The choices of the ballot in hand, when this voter went back to it; otherwise blanks."""
    kept = read_ticket(survey, right=right, ticket=ticket_of(request))
    if kept is None:
        return [""] * len(survey.lines.all()), ""
    return list(kept[0].choices), kept[0].comment
