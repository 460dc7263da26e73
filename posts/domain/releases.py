"""The release of a decision: exactly what it will do, then all of it in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.anchors import anchor_of
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import Campaign, HolderKind, ReviewRule, User
from campaigns.permissions import nearest_holders_of, require_on_unit
from posts.domain import rights
from posts.domain.conferrals import confer
from posts.domain.guards import naming_blockers_of
from posts.domain.locks import lock_pending, lock_runs
from posts.domain.pipeline import advance
from posts.domain.places import Places, places_of, quota_hints, quota_overruns
from posts.domain.plaque_register import LETTERS, last_serial
from posts.models import (
    Ban,
    Decision,
    DecisionEffect,
    DecisionItem,
    DecisionOutcome,
    DecisionStatus,
    Nomination,
    NominationMember,
    RunStatus,
    StageRun,
)
from posts.stages.base import logic_of


@dataclass
class Line:
    """What the release does to one nomination."""

    item: DecisionItem
    nomination: Nomination
    approved: bool
    effects: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Preview:
    """Exactly what the release will do, and what forbids it."""

    decision: Decision
    lines: list[Line]
    problems: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    places: list[Places] = field(default_factory=list)

    @property
    def approved(self) -> list[Line]:
        return [line for line in self.lines if line.approved]

    @property
    def refused(self) -> list[Line]:
        return [line for line in self.lines if not line.approved]

    @property
    def all_problems(self) -> list[str]:
        texts = [f"{line.nomination}：{problem}" for line in self.lines for problem in line.problems]
        return self.problems + texts

    @property
    def is_blocked(self) -> bool:
        return bool(self.all_problems)


def preview_release(decision: Decision) -> Preview:
    """What a release would do now: for each nomination the effect, plaque number, reviews, who is told; what blocks."""
    items = decision.items.filter(is_live=True).select_related(
        "run__nomination__org_unit", "run__nomination__post_kind", "run__nomination__campaign__owner"
    )
    lines = [Line(item, item.run.nomination, item.outcome == DecisionOutcome.APPROVED) for item in items.order_by("pk")]
    preview = Preview(decision, lines)
    _find_problems(preview)
    _tell_effects(preview)
    return preview


@transaction.atomic
def release_decision(decision: Decision, *, actor: User) -> Decision:
    """Let a pending decision take effect: conferrals, moves and messages in one transaction.

    Of two officers who press at once one releases; the other gets OutOfOrderError with who and when. Raises DomainError
    with every problem when the preview is blocked: nothing happens then.
    """
    decision = lock_pending(decision)
    require_on_unit(actor, "release_decision", decision.org_unit)
    runs = lock_runs(StageRun.objects.filter(decision_items__decision=decision, decision_items__is_live=True))
    for run in runs:
        rights.require(actor, "release", run)
    # Two decisions released at once must not take the last place both: places are counted under the campaign's lock.
    Campaign.objects.select_for_update(of=("self",)).get(pk=decision.campaign_id)
    preview = preview_release(decision)
    if preview.is_blocked:
        raise DomainError(
            _("The decision cannot be released: %(problems)s") % {"problems": " ".join(preview.all_problems)}
        )
    decision.status, decision.released_by, decision.released_at = DecisionStatus.RELEASED, actor, timezone.now()
    decision.save(update_fields=["status", "released_by", "released_at"])
    numbers = {"items": len(preview.lines), "approved": len(preview.approved)}
    decision.anchor = anchor_of(record("decision_released", decision, actor=actor, **numbers))
    decision.save(update_fields=["anchor"])
    clerks: dict[int, list[User]] = {}
    for line in sorted(preview.lines, key=lambda line: line.nomination.pk):
        if line.approved:
            confer(line.nomination, decision=decision, actor=actor, run_position=line.item.run.position)
        advance(line.nomination.pk, actor=actor)
        _tell(line, decision, clerks)
    return decision


def _find_problems(preview: Preview) -> None:
    decision = preview.decision
    if not preview.lines:
        preview.problems.append(_("The decision has no items."))
        return
    kinds = [logic_of(line.item.run) for line in preview.lines]
    if any(kind.params.document for kind in kinds) and not decision.document_number:
        preview.problems.append(_("The document number is missing."))
    for line in preview.lines:
        if line.item.run.status != RunStatus.OPEN:
            line.problems.append(
                _("the step is no longer open (%(status)s)") % {"status": line.item.run.get_status_display()}
            )
    naming = [line for line in preview.approved if decision.effect == DecisionEffect.NAME]
    blockers = naming_blockers_of(line.item.run for line in naming)
    for line in naming:
        line.problems += blockers[line.item.run_id]
    _find_changed_people(preview.approved)
    approved = [line.nomination for line in preview.approved]
    preview.problems += quota_overruns(decision.campaign, approved)
    preview.hints += quota_hints(decision.campaign, approved)
    preview.places = places_of(decision.campaign, [line.nomination for line in preview.lines])


def _find_changed_people(lines: list[Line]) -> None:
    """Somebody left the roster, came under a sanction or was barred for the year since the proposal."""
    today = timezone.localdate()
    people = NominationMember.objects.filter(
        nomination__in=[line.nomination.pk for line in lines], dropped_at__isnull=True, member__isnull=False
    ).select_related("member")
    people = people.annotate(is_barred=Exists(Ban.objects.in_force().filter(member=OuterRef("member"))))
    texts: dict[int, list[str]] = {}
    for person in people:
        member = person.member
        if member.left_on is not None and member.left_on <= today:
            text = _("%(name)s has left the roster.")
        elif member.sanction_until is not None and member.sanction_until >= today:
            text = _("%(name)s is under a sanction.")
        elif person.is_barred:
            text = _("%(name)s is barred for this year.")
        else:
            continue
        texts.setdefault(person.nomination_id, []).append(text % {"name": person.name})
    for line in lines:
        line.problems += texts.get(line.nomination.pk, [])


def _tell_effects(preview: Preview) -> None:
    decision = preview.decision
    naming = decision.effect == DecisionEffect.NAME
    plaques = _plaque_runs(preview.approved)
    rules = list(decision.campaign.review_rules.exclude(cadence="none")) if naming else []
    serial = last_serial(decision.campaign)
    told: dict[int, list[str]] = {}
    holders, people = _holder_names(preview.lines), _count_people(preview.approved)
    for line in preview.lines:
        unit = line.nomination.org_unit
        if unit.pk not in told:
            told[unit.pk] = [str(user) for user in nearest_holders_of("nominate", unit)]
        line.told = list(dict.fromkeys(holders.get(line.nomination.pk, []) + told[unit.pk]))
        if not line.approved:
            line.effects.append(_("Not approved: %(reason)s") % {"reason": line.item.reason})
            continue
        line.effects.append(_conferral_text(line, naming))
        if run := plaques.get(line.nomination.pk):
            number = people.get(line.nomination.pk, 1) if logic_of(run).params.per == "holder" else 1
            line.effects.append(_plaque_text(line.nomination, run, range(serial + 1, serial + number + 1)))
            serial += number
        line.effects += [_review_text(rule) for rule in rules if _holds_for(rule, line.nomination)]


def _conferral_text(line: Line, naming: bool) -> str:
    nomination = line.nomination
    facts = {"honour": nomination.post_kind.plaque.get("honour") or nomination.campaign.honour}
    if naming:
        return _("Is named “%(honour)s”.") % facts
    return _("Is admitted to the creation of “%(honour)s”.") % facts


def _plaque_text(nomination: Nomination, run: StageRun, serials: range) -> str:
    owner, year = nomination.campaign.owner, nomination.campaign.year
    letter = LETTERS[HolderKind(nomination.post_kind.holder)]
    number = "、".join(f"{owner.code}-{year}-{letter}-{serial:03}" for serial in serials)
    if logic_of(run).params.plaque_kind == "creating":
        return _("Creating plaque, expected number %(number)s.") % {"number": number}
    return _("Plaque, expected number %(number)s.") % {"number": number}


def _review_text(rule: ReviewRule) -> str:
    return _("“%(review)s” begins with the display.") % {"review": rule.label}


def _holds_for(rule: ReviewRule, nomination: Nomination) -> bool:
    return not rule.kinds or nomination.post_kind.code in rule.kinds


def _plaque_runs(lines: Iterable[Line]) -> dict[int, StageRun]:
    """The plaque step that opens next, by nomination."""
    positions = {line.nomination.pk: line.item.run.position for line in lines}
    waiting = StageRun.objects.filter(nomination__in=positions, status=RunStatus.PENDING).order_by("-position")
    following: dict[int, StageRun] = {}
    for run in waiting:
        if run.position > positions[run.nomination_id]:
            following[run.nomination_id] = run
    return {pk: run for pk, run in following.items() if run.kind == "plaque"}


def _holder_names(lines: Iterable[Line]) -> dict[int, list[str]]:
    people = NominationMember.objects.filter(
        nomination__in=[line.nomination.pk for line in lines], dropped_at__isnull=True, member__user__isnull=False
    )
    names: dict[int, list[str]] = {}
    for pk, name in people.values_list("nomination", "name"):
        names.setdefault(pk, []).append(name)
    return names


def _count_people(lines: Iterable[Line]) -> dict[int, int]:
    people = NominationMember.objects.filter(
        nomination__in=[line.nomination.pk for line in lines], dropped_at__isnull=True
    )
    return dict(people.order_by().values_list("nomination").annotate(Count("pk")))


def _tell(line: Line, decision: Decision, clerks: dict[int, list[User]]) -> None:
    nomination, unit = line.nomination, line.nomination.org_unit
    if unit.pk not in clerks:
        clerks[unit.pk] = list(nearest_holders_of("nominate", unit))
    holders = User.objects.filter(
        member__nominated_as__nomination=nomination, member__nominated_as__dropped_at__isnull=True, is_active=True
    )
    users = {user.pk: user for user in [*holders, *clerks[unit.pk]]}
    if line.approved and decision.effect == DecisionEffect.NAME:
        title = _("Named: %(post)s")
    elif line.approved:
        title = _("Admitted to the creation: %(post)s")
    else:
        title = _("Not approved: %(post)s")
    tell(
        users.values(),
        key=f"decision-{decision.pk}-{nomination.pk}",
        title=title % {"post": nomination},
        body=line.item.reason or decision.document_number,
        url=reverse("posts:nomination_detail", args=[nomination.pk]),
    )
