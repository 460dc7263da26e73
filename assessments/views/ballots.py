"""The doors to a vote: a ballot code or a personal link, or the session of a member. The steps: ``voter_walk``.

The pages are exempt from the CSRF cookie, because they need none and voters lose cookies: a ballot code is typed into
the page itself, so is the token of a personal link, and a member's ballot is taken only with a ticket that this server
sealed for his own right.
"""

from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from assessments.domain.ballots import UnknownCodeError, right_of_code, right_of_user
from assessments.domain.voting_links import link_of_token
from assessments.models import Survey
from assessments.throttle import count_wrong_code, too_many_wrong_codes
from assessments.views.kept_pages import kept_page
from assessments.views.presenters import ballot_lines
from assessments.views.voter_cookies import code_of, keep_code
from assessments.views.voter_walk import message, sent_choices, walk
from assessments.views.voting_devices import ask_device


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def vote_entry(request):
    """A voter with a ballot code or a personal link; they come by POST or from his cookie, never in an address."""
    context = {"action": reverse("assessments:vote_entry")}
    if request.method == "POST":
        if too_many_wrong_codes(request):
            return message(request, "busy", context, status=429)
        code = request.POST.get("code", "")[:200]
    else:
        code = code_of(request) if "page" in request.GET else ""
        if not code:
            return kept_page(request, "assessments/vote_entry.html", {}, own={"csrf_token": get_token(request)})
    try:
        response = _by_code(request, code, context | {"code": code})
    except UnknownCodeError as error:
        count_wrong_code(request)
        context |= {"error": error, "code": code, "own_address": context["action"]}
        return render(request, "assessments/vote_entry.html", context, status=400)
    if request.method == "POST" and not request.POST.get("step"):
        keep_code(request, response, code)
    return response


def _by_code(request, code: str, context: dict):
    """Ballot codes first, then personal links; raises UnknownCodeError when it is neither."""
    try:
        right = right_of_code(code)
    except UnknownCodeError:
        link = link_of_token(code)
        return ask_device(request, link, context) or walk(request, link.entry.survey, link.entry, context)
    return walk(request, right.survey, right, context)


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def vote(request, public_id):
    """A member on the roll. A session that ended meanwhile does not cost him his choice."""
    address = reverse("assessments:vote", args=[public_id])
    if not request.user.is_authenticated:
        return _sign_in_again(request, public_id, address)
    # Being on the roll is what makes a survey visible here; strangers get 404.
    right = right_of_user(public_id, request.user)
    if right is None:
        raise Http404
    return walk(request, right.survey, right, {"action": address})


def _sign_in_again(request, public_id: str, address: str):
    if request.method != "POST":
        return redirect_to_login(address)
    survey = get_object_or_404(Survey.objects.prefetch_related("lines"), public_id=public_id)
    choices, comment = sent_choices(request, survey)
    context = {"survey": survey, "lines": ballot_lines(survey, choices), "comment": comment, "action": address}
    return render(request, "assessments/vote_signin.html", context)
