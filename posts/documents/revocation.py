"""The decision that revokes a title 撤销决定, and the one that sets it aside 纠正决定, for the seal."""

from django.utils.translation import gettext as _

from posts.documents.letter import letter_pdf
from posts.domain.notice_texts import formal_date
from posts.models import Revocation


def revocation_pdf(revocation: Revocation) -> bytes:
    """What domain 3.11 asks of it: the facts, the basis, what is withdrawn, what comes back and by when, the appeal."""
    facts = _facts(revocation)
    numbers = [plaque.number for plaque in revocation.plaques.all() if plaque.issued_on]
    basis = _("According to %(basis)s the title “%(honour)s” of “%(post)s” is revoked; this takes effect at once.")
    plaque = _("Plaque %(numbers)s is called back and is to be handed in by %(day)s.")
    ban = _("The people of the post are neither nominated nor commended in %(year)s.")
    paragraphs = [
        _("It was found: %(reason)s") % {"reason": revocation.reason},
        basis % facts,
        plaque % {"numbers": "、".join(numbers), "day": formal_date(_due_on(revocation))} if numbers else "",
        ban % {"year": revocation.revoked_on.year} if _bars(revocation) else "",
        _("Whoever holds this decision to be wrong may say so to %(owner)s.") % facts,
    ]
    title = _("%(owner)s: decision to revoke the title “%(honour)s” of “%(post)s”") % facts
    return letter_pdf(title, paragraphs, number=revocation.document, signed=facts["owner"], day=revocation.revoked_on)


def set_aside_pdf(revocation: Revocation) -> bytes:
    """The later decision: which one it puts right, why, and what is given back."""
    facts = _facts(revocation)
    paragraphs = [
        _("On %(day)s the title “%(honour)s” of “%(post)s” was revoked (%(document)s).") % facts,
        _("A second examination found: %(reason)s") % {"reason": revocation.set_aside_reason},
        _("That revocation is set aside. Title, plaque and the eligibility of the people concerned are restored."),
        _("Both decisions stay in the record."),
    ]
    title = _("%(owner)s: decision to set aside the revocation of the title of “%(post)s”") % facts
    return letter_pdf(
        title,
        paragraphs,
        number=revocation.set_aside_document,
        signed=facts["owner"],
        day=revocation.set_aside_at.date(),
    )


def _facts(revocation: Revocation) -> dict[str, str]:
    conferral = revocation.conferral
    campaign = conferral.campaign
    return {
        "owner": campaign.owner.name,
        "honour": conferral.honour,
        "post": conferral.name,
        "basis": campaign.basis_document or f"《{campaign.title}》",
        "day": formal_date(revocation.revoked_on),
        "document": revocation.document or "—",
    }


def _due_on(revocation: Revocation):
    days = [plaque.recall_due_on for plaque in revocation.plaques.all() if plaque.recall_due_on]
    return max(days, default=revocation.revoked_on)


def _bars(revocation: Revocation) -> bool:
    return revocation.conferral.bans.filter(year=revocation.revoked_on.year).exists()
