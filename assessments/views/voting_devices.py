"""A personal voting link in the hands of its owner: one click opens it, on one device.

Fetching the page opens nothing, nor does sending the token: programs that preview links do the first, and browsers
that follow the QR code do the second. Only the button does. The device gets its cookie before that click, so that a
double click, a lost answer or a reload find it known.
"""

from assessments.domain.ballots import takes_ballots
from assessments.domain.voting_links import OpenedElsewhereError, is_opened_on, new_device, open_link
from assessments.models import Survey, VotingLink
from assessments.views.voter_walk import message, show

# Longer than any survey stays open, extended or not; after the close the cookie opens nothing.
KEEP = 90 * 24 * 3600


def ask_device(request, link: VotingLink, context: dict):
    """The page that stands before the ballot, or None when the link is open on this device."""
    survey: Survey = link.entry.survey
    device = _device(request, survey)
    if device and is_opened_on(link, device):
        return None
    context = {**context, "survey": survey, "member": link.entry.member, "by_link": True}
    opens = request.POST.get("step") == "open"
    if problem := _problem(link, survey, has_device=bool(device) or not opens):
        return message(request, problem, context, status=409)
    if not opens:
        return _ask(request, survey, context, device or new_device())
    try:
        open_link(link, device=device)
    except OpenedElsewhereError:
        return message(request, "elsewhere", context, status=409)
    return None


def _problem(link: VotingLink, survey: Survey, *, has_device: bool) -> str:
    """Why the link cannot be opened here. Whether its owner has voted is said on his own device only."""
    if not takes_ballots(survey):
        return survey.state
    if link.device_hash is not None:
        return "elsewhere"
    return "" if has_device else "cookies"


def _ask(request, survey: Survey, context: dict, device: str):
    response = show(request, "assessments/vote_link.html", context, page="link")
    response.set_signed_cookie(
        _cookie(survey), device, salt=survey.public_id, max_age=KEEP, path="/v/", httponly=True, samesite="Lax",
        secure=request.is_secure(),
    )  # fmt: skip
    return response


def _device(request, survey: Survey) -> str:
    """The secret of this device in this survey; empty when it has none, or somebody made one up."""
    return request.get_signed_cookie(_cookie(survey), default="", salt=survey.public_id)


def _cookie(survey: Survey) -> str:
    return f"vote-{survey.public_id}"
