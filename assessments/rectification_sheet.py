"""The order to rectify 限期整改通知书 on paper (domain notes 3.11)."""

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Rectification
from posts.documents.letter import letter_pdf
from posts.domain.notice_texts import formal_date


def rectification_pdf(rectification: Rectification) -> bytes:
    """What was found, what must change, who answers for it, until when, and what follows otherwise."""
    conferral = rectification.conferral
    campaign = conferral.campaign
    basis = campaign.basis_document or f"《{campaign.title}》"
    paragraphs = [
        _("It was found: %(finding)s") % {"finding": rectification.finding},
        _("What must change: %(requirement)s") % {"requirement": rectification.requirement},
        _("Responsible: %(name)s. To be settled by %(day)s; hand in what was done, with what shows it.")
        % {"name": rectification.responsible, "day": formal_date(rectification.due_on)},
        _("What is not done in time, or does not stand the second check, is dealt with according to %(basis)s.")
        % {"basis": basis},
        _("The post may state its case before that day."),
    ]
    return letter_pdf(
        _("Order to rectify within a time limit"),
        paragraphs,
        addressee=f"{conferral.org_unit} {conferral.name}",
        signed=rectification.checking_unit.name,
        day=timezone.localdate(rectification.opened_at),
    )
