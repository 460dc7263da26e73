"""A change of the members of a named post 调整: the branch proposes, who comes agrees, the body that named confirms."""

from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import HolderKind, Member, User
from campaigns.permissions import may_on_unit, nearest_holders_of
from posts.domain.conferrals import may_end, page_of
from posts.domain.holdings import begin_holding, branch_of, current_holders, end_holding, plaque_hint
from posts.domain.locks import lock_conferral
from posts.domain.member_rules import number_problems, person_problems, standing_problems
from posts.domain.members import Chosen
from posts.domain.repairs import look_again, look_at_members
from posts.models import (
    Adjustment,
    AdjustmentLine,
    AdjustmentStatus,
    Conferral,
    ConferralStatus,
    ConsentAnswer,
    Holder,
    NominationMember,
)

ADJUSTABLE = (HolderKind.TEAM, HolderKind.ZONE)
NAMED = (ConferralStatus.ACTIVE, ConferralStatus.RECTIFYING)


def may_propose(user: User, conferral: Conferral) -> bool:
    """Whether the user may propose other members: of a named collective post or zone, for its own unit."""
    fits = conferral.post_kind.holder in ADJUSTABLE and conferral.status in NAMED
    return fits and may_on_unit(user, "nominate", conferral.org_unit)


def may_decide(user: User, adjustment: Adjustment) -> bool:
    """Whether the user may confirm or refuse: for the body that named the post, and neither a holder nor coming."""
    own = adjustment.lines.filter(member__user=user).exists()
    return may_end(user, adjustment.conferral) and not own


@transaction.atomic
def propose_adjustment(
    conferral: Conferral, *, actor: User, coming: Sequence[Chosen], going: Sequence[int], reason: str
) -> Adjustment:
    """Propose who comes and who goes (``going``: keys of holders); those who come are asked.

    After the change every rule of the kind must hold again. Raises DomainError with all that is wrong, OutOfOrderError
    while another change waits.
    """
    members = _lock_members([person.member for person in coming if person.member])
    conferral = lock_conferral(conferral.pk)
    if not may_propose(actor, conferral):
        raise NotAllowedError(_("Changes are proposed by the unit of the post, while the title holds."))
    if conferral.adjustments.open().exists():
        raise OutOfOrderError(_("A change of members waits already; it has to be settled or withdrawn first."))
    leaving = [holder for holder in current_holders(conferral) if holder.pk in set(going)]
    if not reason.strip() or not (members or leaving):
        raise DomainError(_("Choose who comes or goes, and say why."), field="reason")
    _refuse(conferral, list(members.values()), leaving)
    adjustment = Adjustment.objects.create(
        conferral=conferral, reason=reason.strip()[:300], proposed_by=actor, proposed_at=timezone.now()
    )
    for holder in leaving:
        AdjustmentLine.objects.create(adjustment=adjustment, holder=holder, name=holder.name)
    for person in coming:
        if member := members.get(person.member or 0):
            duty = person.duty.strip()[:120]
            line = AdjustmentLine.objects.create(
                adjustment=adjustment, member=member, name=member.name, duty=duty, shared=person.shared
            )
            _ask(line, member)
    record("adjustment_proposed", conferral, actor=actor, adjustment=adjustment.pk)
    _tell_body(adjustment)
    return adjustment


@transaction.atomic
def answer_adjustment(line: AdjustmentLine, *, actor: User, answer: str) -> AdjustmentLine:
    """Agree or decline for oneself; may be changed until the body decides. One refusal ends the proposal."""
    adjustment = _lock(line.adjustment)
    if line.member is None or line.member.user_id != actor.pk:
        raise NotAllowedError(_("Only %(name)s himself may answer here.") % {"name": line})
    return _answer(adjustment, line, actor=actor, answer=answer, recorded_by=None)


@transaction.atomic
def record_adjustment_consent(line: AdjustmentLine, *, actor: User, answer: str) -> AdjustmentLine:
    """Enter what somebody signed on paper; one's own answer is given in person."""
    adjustment = _lock(line.adjustment)
    if not may_propose(actor, adjustment.conferral) or line.member is None or line.member.user_id == actor.pk:
        raise NotAllowedError(_("A signed answer is entered by the unit of the post, and nobody enters his own."))
    return _answer(adjustment, line, actor=actor, answer=answer, recorded_by=actor)


@transaction.atomic
def confirm_adjustment(adjustment: Adjustment, *, actor: User, remark: str = "") -> Adjustment:
    """Let the change take effect: holders end and begin today, plaques follow, the repair closes.

    Raises NotAllowedError, OutOfOrderError when it no longer waits or the title has ended, DomainError while an answer
    is missing or a rule would be broken.
    """
    coming = list(adjustment.lines.filter(member__isnull=False))
    members = _lock_members([line.member_id for line in coming if line.member_id])
    adjustment = _lock(adjustment)
    conferral = adjustment.conferral
    _require_deciding(actor, adjustment)
    if missing := [line.name for line in adjustment.lines.all() if line.comes and line.consent != ConsentAnswer.AGREED]:
        raise DomainError(_("The consent of %(names)s is missing.") % {"names": "、".join(missing)})
    leaving = [line.holder for line in adjustment.lines.select_related("holder") if line.holder]
    leaving = [holder for holder in leaving if holder.until_on is None]
    _refuse(conferral, list(members.values()), leaving)
    today = timezone.localdate()
    for holder in leaving:
        end_holding(conferral, holder, on=today, why=adjustment.reason, actor=actor)
    for line in coming:
        begin_holding(conferral, members[line.member_id or 0], line=line, on=today, actor=actor)
    look_at_members(conferral, cause=adjustment.reason, actor=actor)
    return _settle(adjustment, AdjustmentStatus.CONFIRMED, actor=actor, answer=remark)


@transaction.atomic
def refuse_adjustment(adjustment: Adjustment, *, actor: User, reason: str) -> Adjustment:
    """Say no, with a reason; the branch may propose again while the repair runs."""
    adjustment = _lock(adjustment)
    _require_deciding(actor, adjustment)
    if not reason.strip():
        raise DomainError(_("Say why the change is not confirmed."), field="reason")
    return _settle(adjustment, AdjustmentStatus.REFUSED, actor=actor, answer=reason)


@transaction.atomic
def withdraw_adjustment(adjustment: Adjustment, *, actor: User) -> Adjustment:
    """Take the proposal back."""
    adjustment = _lock(adjustment)
    if not may_propose(actor, adjustment.conferral):
        raise NotAllowedError(_("Changes are proposed by the unit of the post, while the title holds."))
    return _settle(adjustment, AdjustmentStatus.WITHDRAWN, actor=actor, answer="")


def _refuse(conferral: Conferral, coming: list[Member], leaving: list[Holder]) -> None:
    """Raise DomainError with every rule that the change would break."""
    staying = [holder for holder in current_holders(conferral) if holder not in leaving]
    there = {holder.member_id for holder in staying}
    new = [NominationMember(nomination=conferral.nomination, member=member, name=member.name) for member in coming]
    people: list[NominationMember | Holder] = [*staying, *new]
    problems = [_("%(name)s is in this post already") % {"name": member} for member in coming if member.pk in there]
    rules = [*number_problems(conferral.post_kind, people), *person_problems(conferral.nomination, new)]
    rules += [problem for problem in standing_problems(conferral.post_kind, people) if problem not in rules]
    problems += [str(problem) for problem in rules]
    if problems:
        raise DomainError(_("The change cannot be made: ") + _("; ").join(problems))


def _answer(
    adjustment: Adjustment, line: AdjustmentLine, *, actor: User, answer: str, recorded_by: User | None
) -> AdjustmentLine:
    if answer not in (ConsentAnswer.AGREED, ConsentAnswer.REFUSED):
        raise DomainError(_("Choose one of the two answers."), field="answer")
    line.consent, line.answered_at, line.recorded_by = answer, timezone.now(), recorded_by
    line.save(update_fields=["consent", "answered_at", "recorded_by"])
    record("adjustment_answered", adjustment.conferral, actor=actor, line=line.pk, answer=answer)
    if answer == ConsentAnswer.REFUSED:
        _settle(adjustment, AdjustmentStatus.WITHDRAWN, actor=actor, answer=_("%(name)s declined.") % {"name": line})
    else:
        _tell_body(adjustment)
    return line


def _settle(adjustment: Adjustment, status: str, *, actor: User, answer: str) -> Adjustment:
    adjustment.status, adjustment.answer = status, answer.strip()[:300]
    adjustment.decided_by, adjustment.decided_at = actor, timezone.now()
    adjustment.save()
    conferral = adjustment.conferral
    record(f"adjustment_{status}", conferral, actor=actor, adjustment=adjustment.pk)
    if status != AdjustmentStatus.CONFIRMED:
        look_again(conferral)
    new = [line.member.user for line in adjustment.lines.select_related("member__user") if line.member]
    hint = plaque_hint(conferral) if status == AdjustmentStatus.CONFIRMED else ""
    office = nearest_holders_of("issue_plaque", conferral.campaign.owner) if hint else []
    tell(
        {user for user in [*branch_of(conferral), *new, *office] if user is not None},
        key=f"adjustment:{adjustment.pk}",
        title=_("Change of members of “%(post)s”: %(status)s")
        % {"post": conferral, "status": adjustment.get_status_display()},
        body=" ".join(part for part in (adjustment.answer, hint) if part),
        url=page_of(conferral),
    )
    return adjustment


def _require_deciding(actor: User, adjustment: Adjustment) -> None:
    if not may_decide(actor, adjustment):
        raise NotAllowedError(_("The body that named the post confirms its change, and nobody in his own case."))


def _lock(adjustment: Adjustment) -> Adjustment:
    conferral = lock_conferral(adjustment.conferral_id)
    fresh = Adjustment.objects.select_for_update(of=("self",)).get(pk=adjustment.pk)
    fresh.conferral = conferral
    if fresh.status != AdjustmentStatus.OPEN or not conferral.is_live:
        raise OutOfOrderError(_("This change no longer waits (%(status)s).") % {"status": fresh.get_status_display()})
    return fresh


def _lock_members(wanted: list[int]) -> dict[int, Member]:
    """Members before posts, as a transfer locks them: so nobody joins a post while he is being transferred."""
    return {m.pk: m for m in Member.objects.select_for_update(of=("self",)).filter(pk__in=wanted).order_by("pk")}


def _ask(line: AdjustmentLine, member: Member) -> None:
    if member.user is not None:
        tell(
            [member.user],
            key=f"join:{line.pk}",
            title=_("Do you agree to hold the post “%(post)s”?") % {"post": line.adjustment.conferral},
            url=reverse("posts:adjustment_answer", args=[line.pk]),
        )


def _tell_body(adjustment: Adjustment) -> None:
    """Tell those who confirm, once everybody who comes has agreed."""
    conferral = adjustment.conferral
    if adjustment.lines.filter(member__isnull=False).exclude(consent=ConsentAnswer.AGREED).exists():
        return
    tell(
        nearest_holders_of("release_decision", conferral.decision.org_unit),
        key=f"adjustment_ready:{adjustment.pk}",
        title=_("Change of members of “%(post)s” waits for confirmation") % {"post": conferral},
        body=adjustment.reason,
        url=reverse("posts:adjustment_detail", args=[adjustment.pk]),
    )
