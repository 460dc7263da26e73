"""The paper: opened, saved as one types, submitted, returned, resubmitted, withdrawn."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Length
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.journal import history_of, record
from campaigns.domain.messages import tell
from campaigns.models import Campaign, CampaignStatus, HolderKind, Member, OrgUnit, PostKind, User
from posts.domain import pipeline
from posts.domain.batches import require_kind_open
from posts.domain.eligibility import find_problems
from posts.domain.members import Chosen, choose_members
from posts.domain.own_papers import require_no_other_paper, require_only_himself
from posts.domain.proposing import applies_himself, may_propose, require_may_edit
from posts.domain.quotas import quota_problems
from posts.domain.rights import require
from posts.domain.windows import is_reopened
from posts.models import Nomination, NominationMember, NominationStatus, StageRun

#: What the person who fills in the paper writes; everything else belongs to the procedure.
DRAFT_FIELDS = (
    "name",
    "category",
    "place",
    "duties",
    "commitment",
    "reasons",
    "staff_total",
    "contact_phone",
    "area",
    "own_tasks",
)


@transaction.atomic
def create_nomination(
    campaign: Campaign, *, post_kind: PostKind, org_unit: OrgUnit, actor: User, **fields: object
) -> Nomination:
    """Open the draft of a nomination and its way.

    Raises DomainError when the campaign or the kind of post does not take nominations now, NotAllowedError when the
    actor may not nominate for the unit.
    """
    _require_open_campaign(campaign, late=is_reopened(post_kind))
    if post_kind.campaign_id != campaign.pk:
        raise DomainError(_("This kind of post belongs to another campaign."), field="post_kind")
    if not may_propose(actor, post_kind, org_unit):
        raise NotAllowedError(
            _("You may not nominate “%(kind)s” for %(unit)s.") % {"kind": post_kind, "unit": org_unit}
        )
    if not post_kind.stages.exists():
        raise DomainError(_("This kind of post has no steps yet."), field="post_kind")
    require_kind_open(post_kind)
    fields.setdefault("contact_phone", _phone_of(org_unit))
    if post_kind.holder == HolderKind.ORG:
        fields.setdefault("name", org_unit.name[:60])
    nomination = Nomination(
        campaign=campaign, post_kind=post_kind, org_unit=org_unit, proposer=actor, edited_by=actor, **fields
    )
    himself = applies_himself(actor, nomination)
    if himself:
        require_no_other_paper(actor, post_kind)
    nomination.save()
    if himself:
        choose_members(nomination, [Chosen(member=actor.member.pk)], actor=actor)
    if post_kind.holder == HolderKind.ORG:
        # The organisation itself stands where other posts have their people: nobody lists its members.
        NominationMember.objects.create(nomination=nomination, name=org_unit.name[:60])
    pipeline.start(nomination, actor=actor)
    return nomination


@transaction.atomic
def save_draft(
    nomination: Nomination,
    *,
    actor: User,
    version: int,
    fields: dict,
    members: Iterable[Chosen] | None = None,
    window: str = "",
    automatic: bool = False,
) -> Nomination:
    """Save what was typed. ``version`` is the one the typing started from, ``window`` the browser window it is
    typed in. What the same window saved ``automatic``ally meanwhile is no conflict for the button.

    Raises StaleError when somebody else saved meanwhile (nothing is written; the page shows both texts),
    NotAllowedError, OutOfOrderError when the paper has been submitted, DomainError for a person not on the roster.
    """
    nomination = _lock_editable(nomination, actor)
    own_window = bool(window) and nomination.edited_in == window and not automatic
    if nomination.version != version and not own_window:
        raise StaleError(
            _("%(name)s saved this paper at %(time)s, after you opened it. Both texts are shown; nothing is lost.")
            % {"name": nomination.edited_by or "--", "time": f"{timezone.localtime(nomination.updated_at):%H:%M}"}
        )
    for name in DRAFT_FIELDS:
        if name in fields:
            setattr(nomination, name, fields[name])
    if members is not None:
        members = list(members)
        if applies_himself(actor, nomination):
            require_only_himself(actor, members)
        choose_members(nomination, members, actor=actor)
    _note_editor(nomination, actor)
    nomination.version += 1
    nomination.edited_by, nomination.edited_in = actor, window
    nomination.save()
    return nomination


@transaction.atomic
def submit_nomination(nomination: Nomination, *, actor: User) -> Nomination:
    """Hand the paper in: complete, eligible, within the quota. It gets its number the first time.

    The campaign's row is locked too, so that two papers cannot take the last place or the same number. Raises
    DomainError with every reason at once.
    """
    # Members first, as a transfer does: either it sees the paper on its way, or the paper sees the transfer.
    list(Member.objects.select_for_update().filter(nominated_as__nomination=nomination).order_by("pk"))
    nomination = _lock_editable(nomination, actor)
    returned = nomination.status == NominationStatus.RETURNED
    _require_open_campaign(nomination.campaign, late=returned or is_reopened(nomination.post_kind))
    if not returned:
        require_kind_open(nomination.post_kind)
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("owner").get(pk=nomination.campaign_id)
    problems = [str(problem) for problem in find_problems(nomination)] + quota_problems(nomination)
    if problems:
        raise DomainError(_("It cannot be submitted yet: ") + _("; ").join(problems))
    if not nomination.number:
        nomination.number = _next_number(campaign)
        nomination.save(update_fields=["number"])
    # The paper says beside the button that submitting confirms them.
    nomination.declared, nomination.declared_by = nomination.post_kind.rules.get("conditions") or [], actor
    nomination.save(update_fields=["declared", "declared_by"])
    pipeline.mark_submitted(nomination, actor=actor)
    nomination.refresh_from_db()
    return nomination


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, actor: User, reason: str) -> None:
    """Take the paper back with a reason. Raises NotAllowedError, OutOfOrderError, DomainError."""
    nomination = pipeline.lock_nomination(nomination.pk)
    require_may_edit(actor, nomination)
    pipeline.withdraw(nomination, actor=actor, reason=reason)


@transaction.atomic
def return_nomination(run: StageRun, *, actor: User, reason: str, redo: bool = False) -> StageRun:
    """Send the paper back for correction from an open step and tell the proposer.

    ``redo``: after the resubmission all steps are walked again, not only this one.
    """
    run = pipeline.require_open(run)
    require(actor, "return", run)
    if run.nomination.submitted_at is None:
        raise OutOfOrderError(_("The paper lies with its author already; there is nothing to return."))
    fresh = pipeline.return_for_correction(run, actor=actor, reason=reason, redo=redo)
    tell_returned(run, reason=reason)
    return fresh


def tell_returned(run: StageRun, *, reason: str) -> None:
    """Tell the author what has to be corrected."""
    nomination = run.nomination
    tell(
        [nomination.proposer],
        key=f"returned:{run.pk}",
        title=_("“%(post)s” was returned for correction") % {"post": nomination},
        body=reason,
        url=reverse("posts:nomination_edit", args=[nomination.pk]),
    )


def _lock_editable(nomination: Nomination, actor: User) -> Nomination:
    fresh = pipeline.lock_nomination(nomination.pk)
    require_may_edit(actor, fresh)
    if not fresh.is_editable:
        raise OutOfOrderError(
            _("The paper has been submitted (%(status)s) and can no longer be changed.")
            % {"status": fresh.get_status_display()}
        )
    return fresh


def _require_open_campaign(campaign: Campaign, *, late: bool = False) -> None:
    if campaign.status != CampaignStatus.OPEN:
        raise DomainError(_("The campaign is not open: %(status)s.") % {"status": campaign.get_status_display()})
    until = campaign.nominations_until
    if until and until < timezone.localdate() and not late:
        raise DomainError(_("Nominations were taken until %(day)s.") % {"day": until})


def _note_editor(nomination: Nomination, actor: User) -> None:
    """One journal entry per author and sitting, not one per autosave."""
    last = history_of(nomination).last()
    if last is None or last.kind != "draft_edited" or last.actor_id != actor.pk:
        record("draft_edited", nomination, actor=actor, version=nomination.version)


def _next_number(campaign: Campaign) -> str:
    """The campaign's next running number; the caller holds the campaign's lock."""
    numbers = Nomination.objects.filter(campaign=campaign).exclude(number="").values_list("number", flat=True)
    last = numbers.order_by(Length("number").desc(), "-number").first()
    n = int(last.rsplit("-", 1)[1]) + 1 if last else 1
    return f"{campaign.owner.code}-{campaign.year}-{n:04}"


def _phone_of(unit: OrgUnit) -> str:
    return next((u.phone for u in unit.lineage() if u.phone), "")
