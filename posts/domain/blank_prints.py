"""A filled blank as PDF: LibreOffice takes seconds and a lot of memory, so the clock starts it and no request waits."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.models import User
from posts.documents.office import docx_to_pdf, no_office, office_program
from posts.domain.blank_kinds import find_blank_kind
from posts.domain.blanks import fill_for
from posts.domain.print_jobs import order_print
from posts.domain.print_makers import PrintedFile, printer
from posts.models import Blank, PrintJob

KIND = "blank"


def order_blank_pdf(blank: Blank, case: Model, *, actor: User) -> PrintJob:
    """Order the filled blank as PDF. Raises DomainError at once on a server without LibreOffice."""
    if not office_program():
        raise DomainError(no_office())
    return order_print(KIND, actor=actor, params={"blank": blank.pk, "case": case.pk}, title=f"{blank.title} {case}")


@printer(KIND, gettext_lazy("Our own blank as PDF"))
def print_blank(actor: User, params: Mapping[str, Any]) -> PrintedFile:
    """``params``: blank, case. Reads both again as who ordered it may see them now."""
    blank = Blank.objects.active().filter(pk=params["blank"]).first()
    kind = find_blank_kind(blank.kind) if blank else None
    case = kind.rows(actor).filter(pk=params["case"]).first() if kind else None
    if blank is None or case is None:
        raise NotAllowedError(_("The blank is out of use, or you do not see the case any more."))
    return PrintedFile(f"{blank.title}-{case}.pdf", docx_to_pdf(fill_for(blank, case, user=actor)))
