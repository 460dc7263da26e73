"""Who stands in a named post today, and how that begins and ends."""

from datetime import date

from django.utils.translation import gettext as _

from campaigns.domain.journal import record
from campaigns.models import Member, User
from campaigns.permissions import nearest_holders_of
from posts.domain.member_rules import standing_problems
from posts.domain.plaque_register import issue_plaque, open_recall, void_plaque
from posts.models import AdjustmentLine, Conferral, Holder, PlaqueKind, PlaqueStatus


def current_holders(conferral: Conferral) -> list[Holder]:
    """The people of the post today, with their members."""
    return list(conferral.holders.filter(until_on__isnull=True).select_related("member__branch"))


def post_problems(conferral: Conferral) -> list[str]:
    """Which rules about its people the post breaks today, as sentences; empty when it may stand as it is."""
    return [str(problem) for problem in standing_problems(conferral.post_kind, current_holders(conferral))]


def end_holding(conferral: Conferral, holder: Holder, *, on: date, why: str, actor: User | None) -> None:
    """One person leaves the post; a plaque that bears only his name is called back. Needs the post's lock."""
    holder.until_on = max(holder.from_on, on)
    holder.save(update_fields=["until_on"])
    own = conferral.plaques.select_for_update().filter(for_name=holder.name).exclude(for_name="")
    for plaque in own.filter(status=PlaqueStatus.DISPLAYED):
        open_recall(plaque, conferral, reason=why, actor=actor)
    for plaque in own.filter(status=PlaqueStatus.TO_PRINT):
        void_plaque(plaque, reason=why, actor=actor)
    record("holder_left", conferral, actor=actor, holder=holder.pk, on=holder.until_on)


def begin_holding(
    conferral: Conferral, member: Member, *, line: AdjustmentLine, on: date, actor: User | None
) -> Holder:
    """One person joins the post; where every holder has a plaque of his own, he gets one. Needs the post's lock."""
    holder = Holder.objects.create(
        conferral=conferral, member=member, name=member.name, duty=line.duty, shared=line.shared, from_on=on
    )
    sample = conferral.plaques.filter(kind=PlaqueKind.NAMED).exclude(for_name="").order_by("pk").first()
    if sample is not None:
        issue_plaque(
            conferral,
            kind=PlaqueKind.NAMED,
            issuer=sample.issuer,
            issuer_unit=sample.issuer_unit,
            for_name=member.name,
            actor=actor,
        )
    record("holder_joined", conferral, actor=actor, holder=holder.pk, on=on)
    return holder


def branch_of(conferral: Conferral) -> list[User]:
    """Those who answer for the post in its own unit."""
    return list(nearest_holders_of("nominate", conferral.org_unit))


def plaque_hint(conferral: Conferral) -> str:
    """What to do with a plaque that names people who have changed; empty when none does."""
    content = conferral.post_kind.plaque.get("content") or ["names"]
    out = conferral.plaques.filter(status=PlaqueStatus.DISPLAYED, for_name="")
    if not ({"names", "party_member_count"} & set(content)) or not out.exists():
        return ""
    return _("The plaque names its members: have it replaced on the page of the post.")
