"""May this person do this now? Pages, menus and domain functions ask here, and nowhere else."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.domain.errors import NotAllowedError
from campaigns.models import Appointment, HolderKind, OrgUnit, User
from campaigns.permissions import may_on_unit, paths_for
from posts.models import Conferral, Nomination, NominationMember, RunStatus, StageRun
from posts.stages.base import each_kind, get_kind


def may(user: User, action: str, run: StageRun) -> bool:
    """The kind lists the action, the run is open, the user holds the permission on the acting unit, no own case."""
    return not why_not(user, action, run)


def why_not(user: User, action: str, run: StageRun) -> str:
    """Why the user may not; empty when he may. The sentence is for the user."""
    spec = get_kind(run.kind).actions.get(action)
    if spec is None:
        return _("This step knows no such action.")
    if run.status != RunStatus.OPEN:
        return _("This step is not open now.")
    if spec.permission is None:
        return "" if is_concerned(user, run.nomination) else _("Only the members of the post may do this.")
    unit = run.actor_unit or run.nomination.org_unit
    if not may_on_unit(user, spec.permission, unit):
        return _("Your role does not allow this in %(unit)s.") % {"unit": unit}
    if spec.conflict_free and is_concerned(user, run.nomination, acting=unit):
        return own_case()
    return ""


def own_case() -> str:
    """Why somebody may not act on his own post. The sentence is for the user."""
    return _("You are a member of this post yourself: nobody handles his own case. Ask your deputy.")


def require(user: User, action: str, run: StageRun) -> None:
    """Raise NotAllowedError with the reason unless the user may."""
    if reason := why_not(user, action, run):
        raise NotAllowedError(reason)


def is_concerned(user: User, nomination: Nomination, *, acting: OrgUnit | None = None) -> bool:
    """Whether the user is one of the people of the post.

    Where a whole organisation holds it, whoever has an office in that organisation is: for every step that another
    unit (``acting``) takes. What the organisation says about itself, its own leaders say.
    """
    if nomination.post_kind.holder == HolderKind.ORG:
        return _leads(user, nomination.org_unit, acting)
    return nomination.members.filter(member__user=user, dropped_at__isnull=True).exists()


def holds(user: User, conferral: Conferral, *, acting: OrgUnit | None = None) -> bool:
    """Whether the user carries the title today, himself or through an office in the organisation that does."""
    if conferral.post_kind.holder == HolderKind.ORG:
        return _leads(user, conferral.org_unit, acting)
    return conferral.holders.filter(member__user=user, until_on__isnull=True).exists()


def _leads(user: User, organisation: OrgUnit, acting: OrgUnit | None) -> bool:
    if acting is not None and acting.path.startswith(organisation.path):
        return False
    offices = Appointment.objects.current().filter(user=user, org_unit__path__startswith=organisation.path)
    return offices.exists()


def waiting_runs(user: User, *kinds: str, own_units: bool = False) -> QuerySet[StageRun]:
    """Open runs whose main action this user may do: one query, any number of kinds.

    With ``own_units`` only those of the units he is appointed to: a work list does not ask the committee for what
    the branch's own secretary has to do, though the committee could.
    """
    condition = Q(pk__in=[])
    for code, kind in each_kind().items():
        spec = kind.actions.get(kind.main_action)
        if spec is None or spec.permission is None or (kinds and code not in kinds):
            continue
        for path in paths_for(user, spec.permission):
            unit = {"actor_unit__path": path} if own_units else {"actor_unit__path__startswith": path}
            condition |= Q(kind=code, **unit)
    return (
        StageRun.objects.filter(condition, status=RunStatus.OPEN)
        .exclude(nomination__members__in=_own_cases(user))
        .exclude(pk__in=own_organisations(user))
        .select_related("nomination__org_unit", "nomination__post_kind", "nomination__campaign", "actor_unit")
        .order_by("opened_at", "pk")
    )


def _own_cases(user: User) -> QuerySet:
    return NominationMember.objects.filter(member__user=user, dropped_at__isnull=True)


def own_organisations(user: User) -> QuerySet:
    """Open runs of other units about an organisation in which the user has an office (see ``is_concerned``)."""
    offices = Appointment.objects.current().filter(
        user=user, org_unit__path__startswith=OuterRef("nomination__org_unit__path")
    )
    runs = StageRun.objects.filter(
        Exists(offices), status=RunStatus.OPEN, nomination__post_kind__holder=HolderKind.ORG
    ).exclude(actor_unit__path__startswith=F("nomination__org_unit__path"))
    return runs.values("pk")
