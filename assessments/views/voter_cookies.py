"""What a voter's own browser keeps between two pages, so that back, forward and reload show the page and not an error.

Three cookies for the pages of the vote only, gone with the browser's session, which scripts cannot read: the code that
was typed, the ticket of the ballot in hand, the receipt. Each is sealed by this server for one right, so that the next
voter on the same phone gets nothing of it. The server itself keeps none of this.
"""

from assessments.domain import sealing
from assessments.domain.ballots import Receipt, Right, ticket_context
from assessments.models import Survey

_CODE, _TICKET, _RECEIPT = "vote-code", "vote-ballot", "vote-receipt"
_PATH = "/v/"


def keep_code(request, response, code: str) -> None:
    _keep(request, response, _CODE, sealing.lock_text(code, context="code"))


def code_of(request) -> str:
    """The code that was typed on this device last; empty when there is none."""
    return _open(request, _CODE, "code")


def keep_ticket(request, response, ticket: str) -> None:
    """The ticket is sealed already (``prepare_ballot``)."""
    _keep(request, response, _TICKET, ticket)


def ticket_of(request) -> str:
    return request.COOKIES.get(_TICKET, "")


def keep_receipt(request, response, survey: Survey, right: Right, receipt: Receipt) -> None:
    """The ballot is in the box: the receipt takes the place of its ticket."""
    text = "|".join((receipt.text, receipt.leaf, receipt.signature))
    _keep(request, response, _RECEIPT, sealing.lock_text(text, context=ticket_context(survey, right)))
    response.delete_cookie(_TICKET, path=_PATH)


def receipt_of(request, survey: Survey, right: Right) -> Receipt | None:
    """The receipt of the ballot that was cast with this right on this device."""
    parts = _open(request, _RECEIPT, ticket_context(survey, right)).split("|")
    return Receipt(*parts) if len(parts) == 3 else None


def _keep(request, response, name: str, value: str) -> None:
    response.set_cookie(name, value, path=_PATH, httponly=True, samesite="Lax", secure=request.is_secure())


def _open(request, name: str, context: str) -> str:
    try:
        return sealing.open_text(request.COOKIES.get(name, ""), context=context)
    except sealing.BrokenSealError:
        return ""
