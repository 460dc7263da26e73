"""How many posts a unit may have, with the sum written out (domain F11: the base is full members only)."""

from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaigns.models import Campaign, Member, OrgUnit, PostKind, Quota, UnitKind
from posts.domain.windows import is_reopened
from posts.models import Nomination, NominationStatus
from posts.models.conferral import LIVE_CONFERRALS

FLOOR, CEIL, ROUND = "floor", "ceil", "round"
ROUNDINGS = {
    FLOOR: gettext_lazy("rounded down"),
    CEIL: gettext_lazy("rounded up"),
    ROUND: gettext_lazy("rounded to the nearest"),
}
BASES = {
    "formal_members": pgettext_lazy("quota", "full members"),
    "members": pgettext_lazy("quota", "members"),
    "villages": pgettext_lazy("quota", "villages"),
    "units": pgettext_lazy("quota", "participating units"),
}


#: Nominations that take a place: submitted and on their way, or named and still held.
TAKES_A_PLACE = Q(status__in=(NominationStatus.IN_PROGRESS, NominationStatus.RETURNED)) | Q(
    status=NominationStatus.COMPLETED, conferral__status__in=LIVE_CONFERRALS
)


@dataclass(frozen=True)
class QuotaStatus:
    """The places of one quota for one unit."""

    unit: OrgUnit
    minimum: int | None
    maximum: int | None  # None: no upper limit
    spare: int  # how many more may be nominated than there are places 差额
    used: int
    enforced: bool
    explanation: str
    clause: str = ""
    code: str = ""
    kinds: tuple[str, ...] = ()  # empty: all kinds of the campaign

    @property
    def limit(self) -> int | None:
        return None if self.maximum is None else self.maximum + self.spare

    @property
    def left(self) -> int | None:
        return None if self.limit is None else self.limit - self.used

    @property
    def is_full(self) -> bool:
        return self.left is not None and self.left <= 0

    @property
    def missing(self) -> int:
        """How many nominations are still wanted for the minimum."""
        return max(0, (self.minimum or 0) - self.used)

    @property
    def is_without_places(self) -> bool:
        """Rounded down, or a share of nobody: there is no place at all (domain F11)."""
        return self.maximum == 0

    def counts(self, nomination: Nomination) -> bool:
        """Whether the nomination takes one of these places."""
        in_unit = nomination.org_unit.path.startswith(self.unit.path)
        return in_unit and (not self.kinds or nomination.post_kind.code in self.kinds)

    @property
    def percent_used(self) -> int:
        """For a bar; at most 100."""
        return min(100, 100 * self.used // self.limit) if self.limit else 100

    @property
    def problem(self) -> str:
        """The sentence for a nomination that finds no place; empty while there is one."""
        if not self.is_full:
            return ""
        text = _("%(unit)s has %(limit)s places and %(used)s nominations on their way. %(explanation)s")
        if self.is_without_places and not self.spare:
            text = _("%(unit)s has no place. %(explanation)s")
        values = {"unit": self.unit, "limit": self.limit, "used": self.used, "explanation": self.explanation}
        return text % values + (_(" (%(clause)s)") % {"clause": self.clause} if self.clause else "")


def quota_status(campaign: Campaign, org_unit: OrgUnit, post_kind: PostKind) -> list[QuotaStatus]:
    """Every quota of the campaign that counts a nomination of this kind from this unit."""
    quotas = [quota for quota in campaign.quotas.all() if not quota.kinds or post_kind.code in quota.kinds]
    statuses = []
    for quota in quotas:
        unit = _counting_unit(quota, campaign, org_unit)
        if unit is not None:
            statuses.append(_status(quota, campaign, unit))
    return statuses


def quota_problems(nomination: Nomination) -> list[str]:
    """Why the nomination finds no place, where the scheme enforces its quota. Called under the campaign's lock."""
    if counts_already(nomination) or is_reopened(nomination.post_kind):
        return []
    statuses = quota_status(nomination.campaign, nomination.org_unit, nomination.post_kind)
    return [status.problem for status in statuses if status.enforced and status.problem]


def overfilled_by(nomination: Nomination) -> list[QuotaStatus]:
    """The quotas that one more post of this nomination would overfill; a spare place is for papers, not for titles."""
    statuses = quota_status(nomination.campaign, nomination.org_unit, nomination.post_kind)
    return [status for status in statuses if status.maximum is not None and status.used >= status.maximum]


def counts_already(nomination: Nomination) -> bool:
    """A returned paper kept its place."""
    return nomination.status == NominationStatus.RETURNED


def places(params: dict, base: int) -> tuple[int | None, int | None]:
    """(minimum, maximum) from the parameters and the number of people or units counted; exact, no floats."""
    minimum, maximum = params.get("min"), params.get("max")
    if params.get("percent") is not None:
        share = _rounded(Fraction(str(params["percent"])) * base / 100, params.get("rounding") or FLOOR)
        maximum = share if maximum is None else min(maximum, share)
    if tier := _tier(params, base):
        maximum = tier["max"] if maximum is None else min(maximum, tier["max"])
    return minimum, maximum


def explain_places(params: dict, base: int) -> str:
    """The sum in words: ``10 % × 9 名正式党员 = 0.9，向下取整为 0 个``."""
    minimum, maximum = places(params, base)
    base_name = BASES.get(params.get("base") or "formal_members", params.get("base"))
    sentences = []
    if params.get("percent") is not None:
        rounding = params.get("rounding") or FLOOR
        exact = Fraction(str(params["percent"])) * base / 100
        sentences.append(
            _("%(percent)s %% × %(base)s %(name)s = %(exact)s, %(rounding)s: %(places)s places.")
            % {
                "percent": params["percent"],
                "base": base,
                "name": base_name,
                "exact": _decimal(exact),
                "rounding": ROUNDINGS[rounding],
                "places": _rounded(exact, rounding),
            }
        )
    if tier := _tier(params, base):
        sentences.append(
            _("With %(base)s %(name)s: %(places)s places.") % {"base": base, "name": base_name, "places": tier["max"]}
        )
    if params.get("max") is not None:
        sentences.append(_("At most %(places)s places.") % {"places": params["max"]})
    if minimum:
        sentences.append(_("At least %(places)s posts are expected.") % {"places": minimum})
    if params.get("spare"):
        sentences.append(_("%(n)s more may be nominated than there are places.") % {"n": params["spare"]})
    return " ".join(sentences) if maximum is not None or minimum else ""


def _status(quota: Quota, campaign: Campaign, unit: OrgUnit) -> QuotaStatus:
    return status_of(quota, unit, base=_base(quota, campaign, unit), used=_used(quota, campaign, unit))


def status_of(quota: Quota, unit: OrgUnit, *, base: int, used: int) -> QuotaStatus:
    """The places of a unit, once its people (or villages, or units) and its nominations are counted."""
    minimum, maximum = places(quota.params, base)
    return QuotaStatus(
        unit=unit,
        minimum=minimum,
        maximum=maximum,
        spare=quota.params.get("spare") or 0,
        used=used,
        enforced=bool(quota.params.get("enforce", True)),
        explanation=explain_places(quota.params, base),
        clause=quota.clause,
        code=quota.code,
        kinds=tuple(quota.kinds),
    )


def _counting_unit(quota: Quota, campaign: Campaign, org_unit: OrgUnit) -> OrgUnit | None:
    """The unit whose places are used: the owner for the whole campaign, else the nearest one of the quota's kind."""
    if quota.scope == "campaign":
        return campaign.owner
    return next((unit for unit in org_unit.lineage() if unit.kind == quota.scope), None)


def _base(quota: Quota, campaign: Campaign, unit: OrgUnit) -> int:
    base = quota.params.get("base") or "formal_members"
    if base == "units":
        return campaign.units.count()
    if base in ("villages", "village_organisations"):
        return OrgUnit.objects.within([unit.path]).filter(kind=UnitKind.VILLAGE, is_active=True).count()
    members = Member.objects.active().within(unit)
    return (members.full() if base == "formal_members" else members).count()


def _used(quota: Quota, campaign: Campaign, unit: OrgUnit) -> int:
    taken = Nomination.objects.filter(TAKES_A_PLACE, campaign=campaign, org_unit__path__startswith=unit.path)
    if quota.kinds:
        taken = taken.filter(post_kind__code__in=quota.kinds)
    return taken.count()


def _tier(params: dict, base: int) -> dict | None:
    """The first tier ``{"up_to": 10, "max": 1}`` that fits; the last one may have no ``up_to``."""
    tiers = params.get("tiers") or []
    return next((tier for tier in tiers if tier.get("up_to") is None or base <= tier["up_to"]), None)


def _rounded(exact: Fraction, rounding: str) -> int:
    down = exact.numerator // exact.denominator
    if rounding == CEIL:
        return down if exact.denominator == 1 else down + 1
    if rounding == ROUND:
        return down + (2 * (exact - down) >= 1)
    return down


def _decimal(exact: Fraction) -> str:
    hundredths = round(exact * 100)
    text = f"{hundredths // 100}.{hundredths % 100:02}"
    return text.rstrip("0").rstrip(".")
