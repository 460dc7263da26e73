"""The phone pages of a vote: entry, ballot, confirmation, receipt.

They are exempt from the CSRF cookie, because they need none and voters lose cookies: a ballot code is typed into the
page itself, so is the token of a personal link, and a member's ballot is taken only with a ticket that this server
sealed for his own right.
"""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assessments.domain.ballots import (
    AlreadyVotedError,
    NotOpenError,
    Right,
    UnknownCodeError,
    cast_ticket,
    is_used,
    prepare_ballot,
    right_of_code,
    right_of_member,
    takes_ballots,
)
from assessments.domain.voting_links import link_of_token
from assessments.models import Survey
from assessments.throttle import count_wrong_code, too_many_wrong_codes
from assessments.views.presenters import ballot_lines, chosen_lines, secrecy_notes
from assessments.views.voting_devices import ask_device
from campaigns.domain.errors import DomainError
from campaigns.views.home import YEAR


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def vote_entry(request):
    """A voter with a ballot code or a personal link; they come by POST only, never in an address."""
    if request.method != "POST":
        return render(request, "assessments/vote_entry.html")
    if too_many_wrong_codes(request):
        return _message(request, "busy", status=429)
    code = request.POST.get("code", "")[:200]
    context = {"code": code, "action": reverse("assessments:vote_entry")}
    try:
        right = _right_of_code(code)
        return _walk(request, right.survey, right, context) if right else _by_link(request, code, context)
    except UnknownCodeError as error:
        count_wrong_code(request)
        return render(request, "assessments/vote_entry.html", {"error": error, "code": code}, status=400)


def _right_of_code(code: str):
    try:
        return right_of_code(code)
    except UnknownCodeError:
        return None


def _by_link(request, token: str, context: dict):
    """The owner of a personal link; raises UnknownCodeError when it is none."""
    link = link_of_token(token)
    return ask_device(request, link, token) or _walk(request, link.entry.survey, link.entry, context)


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request, public_id):
    """A member on the roll. A session that ended meanwhile does not cost him his choice."""
    address = reverse("assessments:vote", args=[public_id])
    if not request.user.is_authenticated:
        if request.method != "POST":
            return redirect_to_login(address)
        survey = get_object_or_404(Survey.objects.prefetch_related("lines"), public_id=public_id)
        context = {"survey": survey, "lines": _lines(request, survey), "comment": _comment(request), "action": address}
        return render(request, "assessments/vote_signin.html", context)
    # Being on the roll is what makes a survey visible here; strangers get 404.
    survey = Survey.objects.prefetch_related("lines").select_related("org_unit").filter(public_id=public_id).first()
    right = survey and right_of_member(survey, request.user)
    if right is None:
        raise Http404
    return _walk(request, survey, right, {"action": address})


def _walk(request, survey: Survey, right: Right, context: dict):
    """Ballot → confirmation → receipt. Every step can be repeated, and says calmly what is the case."""
    step = request.POST.get("step", "")
    if is_used(right):
        return _message(request, "paper" if getattr(right, "on_paper", False) else "already", survey)
    if not takes_ballots(survey):
        return _message(request, survey.state, survey, status=409 if step else 200)
    context |= {"survey": survey}
    if step == "cast":
        return _cast(request, survey, right, context)
    if step == "confirm":
        return _confirm(request, survey, right, context)
    return _ballot(request, survey, context, switch_type=step == "type")


def _ballot(request, survey: Survey, context: dict, *, error: str = "", switch_type: bool = False):
    context |= {
        "lines": _lines(request, survey),
        "comment": _comment(request),
        "notes": secrecy_notes(survey),
        "error": error,
    }
    if not switch_type:
        return render(request, "assessments/vote_ballot.html", context)
    large = request.COOKIES.get("large") != "1"
    response = render(request, "assessments/vote_ballot.html", {**context, "large_type": large})
    response.set_cookie("large", str(int(large)), max_age=YEAR, samesite="Lax", secure=request.is_secure())
    return response


def _confirm(request, survey: Survey, right: Right, context: dict):
    choices, comment = _choices(request, survey), _comment(request)
    try:
        ticket, receipt = prepare_ballot(survey, right=right, choices=choices, comment=comment)
    except DomainError as error:
        return _ballot(request, survey, context, error=str(error))
    context |= {"lines": chosen_lines(survey, choices), "comment": comment, "ticket": ticket, "receipt": receipt}
    return render(request, "assessments/vote_confirm.html", context)


def _cast(request, survey: Survey, right: Right, context: dict):
    try:
        receipt = cast_ticket(survey, right=right, ticket=request.POST.get("ticket", ""))
    except AlreadyVotedError:
        return _message(request, "already", survey)
    except NotOpenError:
        return _message(request, "closed", survey, status=409)
    except DomainError as error:
        return _ballot(request, survey, context, error=str(error))
    return _message(request, "done", survey, receipt=receipt)


def _message(request, state: str, survey: Survey | None = None, *, status: int = 200, **context):
    context |= {"state": state, "survey": survey}
    return render(request, "assessments/vote_message.html", context, status=status)


def _choices(request, survey: Survey) -> list[str]:
    return [request.POST.get(f"line{line.position}", "") for line in survey.lines.all()]


def _lines(request, survey: Survey) -> list[dict]:
    return ballot_lines(survey, _choices(request, survey))


def _comment(request) -> str:
    return request.POST.get("comment", "")
