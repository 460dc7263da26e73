"""A wrong revocation put right 纠正撤销决定: the title lives again, and both decisions stay readable."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import HolderKind, User
from campaigns.permissions import may_on_unit
from posts.domain.conferrals import page_of, people_of
from posts.domain.locks import lock_conferral
from posts.domain.member_rules import Problem, other_post_problems
from posts.domain.pipeline import advance, take_up_again
from posts.domain.plaque_register import issue_plaque, undo_recall
from posts.domain.quotas import QuotaStatus, overfilled_by
from posts.domain.repairs import look_at_members
from posts.domain.rights import own_case
from posts.domain.rosters import roster_of
from posts.domain.stake import is_holder
from posts.models import Ban, Conferral, ConferralStatus, Holder, Plaque, PlaqueStatus, Revocation

#: Called with the conferral and the revocation when a title lives again; in the same transaction.
on_restored: list[Callable[[Conferral, Revocation], None]] = []


@dataclass(frozen=True)
class SetAsidePreview:
    """Exactly what setting the revocation aside will do; shown before it is confirmed."""

    lives: bool
    returning: list[str]
    gone: list[str]
    hang_again: list[str]
    made_anew: list[str]
    freed: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def standing_revocation(conferral: Conferral) -> Revocation | None:
    """The revocation that holds today, if any."""
    return conferral.revocations.standing().select_related("decided_by").first()


@dataclass(frozen=True)
class Conflicts:
    """What the title, given back, would break of the scheme: places filled and posts taken in the meantime."""

    quotas: list[QuotaStatus]
    people: list[Problem]

    @property
    def sentences(self) -> list[str]:
        """Each as a sentence, with its clause."""
        full = _("%(unit)s has %(limit)s places and %(used)s of them are taken; this post is one more. %(explanation)s")
        told = [
            full
            % {"unit": status.unit, "limit": status.maximum, "used": status.used, "explanation": status.explanation}
            for status in self.quotas
        ]
        return [text.strip() for text in told] + [str(problem) for problem in self.people]


def conflicts_of(revocation: Revocation) -> Conflicts:
    """What giving the title back would break today; nothing where it stays ended."""
    back, paper = _returning(revocation), revocation.conferral.nomination
    if not _lives(revocation, back):
        return Conflicts([], [])
    return Conflicts(overfilled_by(paper), list(other_post_problems(paper, back)))


def why_not_set_aside(user: User, conferral: Conferral) -> str:
    """Why the user may not set the revocation aside; empty when he may.

    The deciding body does, by another person than who revoked; nobody of the post, then or now.
    """
    if not may_on_unit(user, "decide_veto", conferral.org_unit):
        return _("The deciding body sets a revocation aside; your role does not allow it.")
    if is_holder(user, conferral):
        return own_case()
    revocation = standing_revocation(conferral)
    if revocation is not None and revocation.decided_by_id == user.pk:
        return _("You have decided on the revocation yourself; somebody else has to set it aside.")
    return ""


def preview_set_aside(revocation: Revocation) -> SetAsidePreview:
    """What confirming will change, read from the same rows."""
    conferral = revocation.conferral
    back = _returning(revocation)
    everybody = list(revocation.holders.all())
    plaques = list(revocation.plaques.all()) if _lives(revocation, back) else []
    return SetAsidePreview(
        lives=_lives(revocation, back),
        returning=[holder.name for holder in back],
        gone=[holder.name for holder in everybody if holder not in back],
        hang_again=[p.number for p in plaques if p.status == PlaqueStatus.RECALLED and _is_wanted(p, back)],
        made_anew=[p.number for p in plaques if p.status != PlaqueStatus.RECALLED and _is_wanted(p, back)],
        freed=[str(ban.member or conferral) for ban in _bans_of(revocation).select_related("member")],
        conflicts=conflicts_of(revocation).sentences,
    )


@transaction.atomic
def set_aside_revocation(
    conferral: Conferral, *, actor: User, reason: str, document: str, despite: bool = False
) -> Conferral:
    """Put a wrong revocation right by a new decision: title, people, plaques, bans, nomination; all or nothing.

    Of a post whose only people have left meanwhile the blame is taken, but nobody could carry the title: it stays
    ended, as expired. A wrong taken back comes before places and posts given out meanwhile, so those do not bar it;
    but whoever decides says that he knows (``despite``), and the journal keeps which they were. Raises NotAllowedError,
    OutOfOrderError when nothing is revoked or the naming itself was annulled, DomainError without a reason and a
    document, or with conflicts that are not confirmed.
    """
    conferral = lock_conferral(conferral.pk)
    revocation = _require_standing(conferral)
    if barred := why_not_set_aside(actor, conferral):
        raise NotAllowedError(barred)
    if not reason.strip():
        raise DomainError(_("Say why the revocation was wrong: the reason stays in the record."), field="reason")
    if not document.strip():
        raise DomainError(_("A revocation is set aside by a new decision: write its number."), field="document")
    conflicts = conflicts_of(revocation)
    if conflicts.sentences and not despite:
        text = _("Confirm that the title is given back although: %(conflicts)s")
        raise DomainError(text % {"conflicts": " ".join(conflicts.sentences)}, field="despite")
    revocation.set_aside_at, revocation.set_aside_by = timezone.now(), actor
    revocation.set_aside_reason, revocation.set_aside_document = reason.strip()[:300], document.strip()[:40]
    revocation.save()
    _lift_bans(revocation, actor)
    back = _returning(revocation)
    lives = _lives(revocation, back)
    if lives:
        _restore(conferral, revocation, back, actor)
    else:
        conferral.status = ConferralStatus.EXPIRED
        conferral.save(update_fields=["status"])
    facts = {"over_quota": len(conflicts.quotas), "second_post": len(conflicts.people)}
    known = {name: number for name, number in facts.items() if number}
    record("revocation_set_aside", conferral, actor=actor, revocation=revocation.pk, lives=lives, **known)
    _tell(conferral, revocation, back)
    return conferral


def _require_standing(conferral: Conferral) -> Revocation:
    revocation = standing_revocation(conferral)
    if revocation is None or conferral.status != ConferralStatus.REVOKED:
        raise OutOfOrderError(_("This title is not revoked. Reload the page to see where it stands."))
    if conferral.decision.annulled_on is not None:
        raise OutOfOrderError(_("The naming decision itself was annulled; its titles cannot be given back one by one."))
    return revocation


def _restore(conferral: Conferral, revocation: Revocation, back: list[Holder], actor: User) -> None:
    was_created = revocation.status_before == ConferralStatus.CREATING
    conferral.status = ConferralStatus.CREATING if was_created else ConferralStatus.ACTIVE
    conferral.ended_on, conferral.end_reason, conferral.end_document = None, "", ""
    conferral.save()
    Holder.objects.filter(pk__in=[holder.pk for holder in back]).update(until_on=None)
    on_its_way = take_up_again(conferral.nomination, actor=actor, reason=revocation.set_aside_reason)
    for plaque in revocation.plaques.select_for_update().order_by("pk"):
        if _is_wanted(plaque, back):
            _give_back(plaque, conferral, actor, on_its_way=on_its_way)
    if on_its_way:
        advance(conferral.nomination_id, actor=actor)
    if not was_created:
        look_at_members(conferral, cause=_("The revocation was set aside."), actor=actor)
    for call in on_restored:
        call(conferral, revocation)


def _give_back(plaque: Plaque, conferral: Conferral, actor: User, *, on_its_way: bool) -> None:
    """One that is still out hangs again; one that came back or was lost is made anew under a new number."""
    if plaque.status == PlaqueStatus.RECALLED:
        undo_recall(plaque, actor=actor)
        return
    if plaque.status == PlaqueStatus.VOID and on_its_way:
        return  # the step of the plaque, taken up again, makes its own
    if not Plaque.objects.filter(replaces=plaque).exists():
        issue_plaque(
            conferral,
            kind=plaque.kind,
            issuer=plaque.issuer,
            issuer_unit=plaque.issuer_unit,
            for_name=plaque.for_name,
            replaces=plaque,
            actor=actor,
        )


def _returning(revocation: Revocation) -> list[Holder]:
    """Who can carry the title again: those still on the unit's roster, and staff who never were on one."""
    roster = set(roster_of(revocation.conferral.org_unit).values_list("pk", flat=True))
    return [h for h in revocation.holders.order_by("pk") if h.member_id is None or h.member_id in roster]


def _lives(revocation: Revocation, back: list[Holder]) -> bool:
    if revocation.conferral.post_kind.holder == HolderKind.ORG:
        return True
    return any(holder.member_id for holder in back)


def _is_wanted(plaque: Plaque, back: list[Holder]) -> bool:
    return not plaque.for_name or plaque.for_name in {holder.name for holder in back}


def _bans_of(revocation: Revocation) -> QuerySet[Ban]:
    return revocation.conferral.bans.filter(year=revocation.revoked_on.year, lifted_at__isnull=True)


def _lift_bans(revocation: Revocation, actor: User) -> None:
    for ban in _bans_of(revocation).select_for_update(of=("self",)):
        ban.lifted_at, ban.lifted_by = revocation.set_aside_at, actor
        ban.lift_reason = _("Revocation set aside: %(document)s") % {"document": revocation.set_aside_document}
        ban.save(update_fields=["lifted_at", "lifted_by", "lift_reason"])
        record("ban_lifted", revocation.conferral, actor=actor, ban=ban.pk, year=ban.year)


def _tell(conferral: Conferral, revocation: Revocation, back: list[Holder]) -> None:
    held = User.objects.filter(is_active=True, member__held__in=revocation.holders.all())
    title = _("The revocation of “%(post)s” has been set aside (%(document)s)")
    tell(
        {*people_of(conferral), *held},
        key=f"revocation-set-aside-{revocation.pk}",
        title=title % {"post": conferral.name, "document": revocation.set_aside_document},
        body=_("The title holds again.") if conferral.is_live else _("Nobody of the post is left to carry the title."),
        url=page_of(conferral),
    )
