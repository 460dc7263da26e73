"""Who may do what with a report. The verifying and the deciding person are two, and neither has a stake."""

from django.utils.translation import gettext as _

from assessments.models import Incident, IncidentReporter
from assessments.models.incident import staked_conferrals
from campaigns.domain.errors import NotAllowedError
from campaigns.models import User
from campaigns.permissions import may_on_unit


def has_stake(user: User, incident: Incident) -> bool:
    """A person of the post, who runs its branch or unit, or who reported himself."""
    reported = IncidentReporter.objects.filter(incident=incident, user=user).exists()
    return reported or staked_conferrals(user).filter(pk=incident.conferral_id).exists()


def may_see_reporter(user: User, incident: Incident) -> bool:
    """The reporter's name is for the verifying role only, not even for those who decide (domain 2.7)."""
    return IncidentReporter.objects.visible_to(user).filter(incident=incident).exists()


def why_not_verify(user: User, incident: Incident) -> str:
    """Why the user may not verify; empty when he may. The sentence is for the user."""
    if not may_on_unit(user, "verify_incident", incident.conferral.org_unit):
        return _("Reports are verified by the discipline commissioner; your role does not allow it.")
    if has_stake(user, incident):
        return _("You have a stake in this report; somebody else has to verify it.")
    return ""


def why_not_decide(user: User, incident: Incident) -> str:
    """Why the user may not decide; empty when he may."""
    if not may_on_unit(user, "decide_veto", incident.conferral.org_unit):
        return _("The deciding body decides on this; your role does not allow it.")
    if incident.verifier_id == user.pk:
        return _("You have verified this report yourself; somebody else has to decide.")
    if has_stake(user, incident):
        return _("You have a stake in this report; somebody else has to decide.")
    return ""


def why_not_confirm(user: User, incident: Incident) -> str:
    """Why the user may not confirm that a report is closed as not true; empty when he may: a second person does."""
    rights = ("verify_incident", "decide_veto")
    if not any(may_on_unit(user, right, incident.conferral.org_unit) for right in rights):
        return _("Another person of the verifying or the deciding role confirms this; your role does not allow it.")
    if incident.verifier_id == user.pk:
        return _("You have verified this report yourself; somebody else has to confirm that it is closed.")
    if has_stake(user, incident):
        return _("You have a stake in this report; somebody else has to confirm.")
    return ""


def require_verify(user: User, incident: Incident) -> None:
    """Raise NotAllowedError with the reason unless the user may verify."""
    if reason := why_not_verify(user, incident):
        raise NotAllowedError(reason)


def require_decide(user: User, incident: Incident) -> None:
    """Raise NotAllowedError with the reason unless the user may decide."""
    if reason := why_not_decide(user, incident):
        raise NotAllowedError(reason)
