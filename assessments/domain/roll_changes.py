"""Changes of a survey after its opening: more time, another name on the roll. The second needs two people."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.ballots import oversees
from assessments.domain.closing import CLOSE, turnout_of
from assessments.domain.reminders import schedule_reminder
from assessments.domain.rules import MAX_OPEN, hash_roll, hash_rules
from assessments.domain.survey_subjects import has_stake, require_run
from assessments.domain.surveys import eligible_voters, lock_open_survey
from assessments.models import RequestState, RollChange, RollEntry, Survey
from campaigns.domain.clock import schedule
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.guards import maintenance
from campaigns.models import Member, User


@transaction.atomic
def extend_survey(survey: Survey, *, actor: User, closes_at: datetime, reason: str) -> Survey:
    """Give an open survey more time because too few have voted, as often as the scheme allows.

    The rules are hashed anew with the new end; the journal has both. Raises DomainError when enough have voted, when
    it was extended often enough, or for a time that is not later.
    """
    survey = lock_open_survey(survey)
    require_run(actor, survey, "close_survey")
    if why := why_not_extend(survey):
        raise DomainError(why)
    if not reason.strip():
        raise DomainError(_("Say why the survey needs more time: the voters read it."), field="reason")
    if closes_at <= survey.closes_at:
        raise DomainError(_("The new end must be later than the present one."), field="closes_at")
    if closes_at > timezone.now() + MAX_OPEN:
        raise DomainError(_("The survey may stay open for 30 days at most."), field="closes_at")
    before, survey.closes_at = survey.rules_sha256, closes_at
    survey.n_extensions += 1
    survey.rules_sha256 = hash_rules(survey)
    survey.save(update_fields=["closes_at", "n_extensions", "rules_sha256"])
    schedule(CLOSE, survey.pk, due_at=closes_at)
    schedule_reminder(survey)
    record("survey_extended", survey, actor=actor, rules_before=before, rules=survey.rules_sha256)
    _tell_of_extension(survey, reason.strip())
    return survey


def why_not_extend(survey: Survey) -> str:
    """Why an open survey gets no more time; empty when it may be extended."""
    allowed = survey.rules.get("max_extensions", 0)
    if survey.n_extensions >= allowed:
        return _("The scheme allows %(n)s extensions; they are used up.") % {"n": allowed}
    voted, entitled = turnout_of(survey).base
    if 100 * voted >= survey.rules["min_turnout_percent"] * entitled:
        return _("Enough people have voted already; the survey ends at its time.")
    return ""


def _tell_of_extension(survey: Survey, reason: str) -> None:
    waiting = User.objects.filter(is_active=True, member__in=survey.roll.unused().values("member"))
    end = timezone.localtime(survey.closes_at).strftime("%Y-%m-%d %H:%M")
    tell(
        waiting,
        key=f"survey-extended:{survey.pk}:{survey.n_extensions}",
        title=_("You can vote longer: %s") % survey.title,
        body=_("The survey closes at %(end)s. %(reason)s") % {"end": end, "reason": reason},
        url=reverse("assessments:vote", args=[survey.public_id]),
    )


@transaction.atomic
def ask_roll_change(survey: Survey, *, actor: User, member: Member, adds: bool, reason: str) -> RollChange:
    """Ask that somebody is put on the frozen roll or taken off it; the level above confirms it.

    Raises DomainError for somebody who stands on the roll already (or does not), has voted, or may not stand on it.
    """
    survey = lock_open_survey(survey)
    require_run(actor, survey, "close_survey")
    if not reason.strip():
        raise DomainError(_("Say why the roll has to be changed."), field="reason")
    _check_change(survey, member, adds=adds)
    if survey.roll_changes.filter(member=member, state=RequestState.ASKED).exists():
        raise DomainError(_("A change for this person waits already."), field="member")
    change = RollChange.objects.create(survey=survey, member=member, adds=adds, asked_by=actor, reason=reason.strip())
    record("roll_change_asked", survey, actor=actor, member=member.pk, adds=adds)
    return change


@transaction.atomic
def settle_roll_change(change: RollChange, *, actor: User, confirm: bool) -> RollChange:
    """Confirm or refuse a change of the roll; somebody else than who asked, from the level above."""
    survey = lock_open_survey(change.survey)
    change = RollChange.objects.select_for_update(of=("self",)).select_related("member").get(pk=change.pk)
    _require_second(actor, change, survey)
    if change.state != RequestState.ASKED:
        raise OutOfOrderError(_("This request was settled already."))
    before = survey.roll_sha256
    if confirm:
        _apply(change, survey)
    change.state = RequestState.DONE if confirm else RequestState.REFUSED
    change.settled_by, change.settled_at = actor, timezone.now()
    change.save(update_fields=["state", "settled_by", "settled_at"])
    kind = "roll_changed" if confirm else "roll_change_refused"
    facts = {"member": change.member_id, "adds": change.adds, "roll_before": before, "roll": survey.roll_sha256}
    record(kind, survey, actor=actor, **facts)
    return change


def may_settle(user: User, change: RollChange, survey: Survey) -> bool:
    """Whether this user is a possible second person for the change."""
    return change.asked_by_id != user.pk and oversees(user, survey) and not has_stake(user, survey)


def _require_second(actor: User, change: RollChange, survey: Survey) -> None:
    if not may_settle(actor, change, survey):
        raise NotAllowedError(_("A second person one level above, without a stake in the survey, has to confirm this."))


def _check_change(survey: Survey, member: Member, *, adds: bool) -> None:
    entry = survey.roll.filter(member=member).first()
    if adds and entry:
        raise DomainError(_("%(name)s stands on the roll already.") % {"name": member}, field="member")
    if adds and not eligible_voters(survey).filter(pk=member.pk).exists():
        text = _("%(name)s may not vote in this survey: not an active member of the unit, or one of the post.")
        raise DomainError(text % {"name": member}, field="member")
    if not adds and entry is None:
        raise DomainError(_("%(name)s does not stand on the roll.") % {"name": member}, field="member")


def _apply(change: RollChange, survey: Survey) -> None:
    """A right that was used meanwhile stays: whose ballot it is nobody knows."""
    _check_change(survey, change.member, adds=change.adds)
    with maintenance():  # two people have agreed: the one way past the frozen roll
        if change.adds:
            RollEntry.objects.create(survey=survey, member=change.member)
            gone = 0
        else:
            gone = survey.roll.unused().filter(member=change.member).delete()[0]
    if not (change.adds or gone):
        raise DomainError(_("%(name)s has voted already and stays on the roll.") % {"name": change.member})
    survey.roll_sha256 = hash_roll(survey)
    survey.save(update_fields=["roll_sha256"])
