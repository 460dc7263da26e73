"""Warnings about a campaign: those of its scheme, and those that show only with its owner, papers and roster.

They never block. Whoever opens the campaign may note on what basis a warning was accepted; the note is kept, and its
check sum stands in the journal.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from campaigns.domain.journal import record
from campaigns.domain.schemes import examine_scheme
from campaigns.models import AdviceNote, Campaign, OrgUnit, UnitKind, User
from campaigns.schemes.kinds import Kind
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Problem

FEWEST_VOTERS = 5  # below it a result may tell who voted how (domain notes 6.4)
#: The scheme's general word on naming organisations is replaced by what is missing here; figures are blockers.
SAID_OTHERWISE = frozenset({"org_naming", "open_quota"})


@dataclass(frozen=True)
class Advice:
    """A warning with its source. ``key`` is the same as long as the warning is the same."""

    key: str
    text: str
    source: str
    page: str = ""
    pk: int | None = None


@dataclass(frozen=True)
class Papers:
    """On what a campaign rests: what its form asks for."""

    basis_document: str = ""
    approving_body: str = ""
    internal_only: bool = True


def advise_campaign(campaign: Campaign) -> list[Advice]:
    """All warnings about a campaign, those that concern its own papers first."""
    examination = examine_scheme(campaign.scheme_text)
    if examination.scheme is None:
        return []
    papers = Papers(campaign.basis_document, campaign.approving_body, campaign.internal_only)
    scheme, owner = examination.scheme, campaign.owner
    return [*advise_owner(scheme, examination.warnings, owner=owner, papers=papers), *_few_voters(campaign, scheme)]


def advise_owner(scheme: Scheme, warnings: list[Problem], *, owner: OrgUnit, papers: Papers) -> list[Advice]:
    """The warnings if this organisation used the scheme; for the page on which a campaign is prepared."""
    return [
        *_authority(scheme, owner, papers),
        *_owner_kind(scheme, owner),
        *_where_to_object(scheme, owner),
        *(
            Advice(f"{problem.code}@{problem.key}", str(problem.message), str(problem.source))
            for problem in warnings
            if problem.code not in SAID_OTHERWISE
        ),
    ]


def note_advice(campaign: Campaign, notes: Mapping[str, str], *, actor: User) -> list[AdviceNote]:
    """Keep which warnings stood there at the opening, and the notes given (by key); a note is journalled.

    The caller holds the transaction.
    """
    rows = []
    for advice in advise_campaign(campaign):
        kept = {"key": advice.key[:200], "text": advice.text, "source": advice.source[:300]}
        note = notes.get(advice.key, "").strip()[:300]
        row = AdviceNote.objects.create(campaign=campaign, note=note, noted_by=actor, **kept)
        if note:
            sha256 = hashlib.sha256(f"{row.text}\n{row.note}".encode()).hexdigest()
            record("advice_noted", campaign, actor=actor, key=row.key, note=row.pk, sha256=sha256)
        rows.append(row)
    return rows


def _authority(scheme: Scheme, owner: OrgUnit, papers: Papers) -> Iterator[Advice]:
    """创建示范活动管理办法 art. 3-4: towns may not run such campaigns; one's own inner bodies are outside the rule."""
    if owner.kind == UnitKind.SUPERIOR:
        return
    kinds = [kind.label for kind in scheme.kinds if kind.holder == "org" and not _named_above(scheme, kind)]
    reasons = {
        "org_authority": _("“%(owner)s” names whole organisations itself (%(kinds)s).")
        % {"owner": owner, "kinds": "、".join(kinds)}
        if kinds
        else "",
        "outside_authority": ""
        if papers.internal_only
        else _("“%(owner)s” runs the campaign beyond its own units.") % {"owner": owner},
    }
    for code, reason in reasons.items():
        if reason:
            rule = _("Towns and sub-districts may not run such demonstration campaigns themselves.")
            source = _("Measures for demonstration campaigns (trial), articles 3 and 4")
            yield Advice(code, f"{reason} {rule} {_missing_paper(owner, papers)}", source)


def _named_above(scheme: Scheme, kind: Kind) -> bool:
    return any(
        stage.kind == "decide" and stage.params.get("effect", "name") == "name" and "superior" in stage.actor
        for stage in scheme.stages_of(kind)
    )


def _missing_paper(owner: OrgUnit, papers: Papers) -> str:
    if not papers.approving_body:
        return _("The approving body is missing: enter which county body or higher has approved it, by which document.")
    if papers.approving_body == owner.name:
        return _("The approving body is the owner itself: enter the county body or higher that has approved it.")
    if not papers.basis_document:
        return _("The document by which “%(body)s” approved it is missing.") % {"body": papers.approving_body}
    return _("Entered: “%(document)s”, approved by “%(body)s”. Make sure that this is a county body or higher.") % {
        "document": papers.basis_document,
        "body": papers.approving_body,
    }


def _owner_kind(scheme: Scheme, owner: OrgUnit) -> Iterator[Advice]:
    kinds = scheme.scheme.owner_kinds
    if kinds and owner.kind not in kinds:
        labels = "、".join(str(UnitKind(kind).label) for kind in kinds)
        text = _("The scheme is written for: %(kinds)s. “%(owner)s” is none of them.")
        yield Advice(
            "owner_kind", text % {"kinds": labels, "owner": owner}, scheme.scheme.source or _("the scheme itself")
        )


def _where_to_object(scheme: Scheme, owner: OrgUnit) -> Iterator[Advice]:
    has_notice = any(stage.kind == "notice" for kind in scheme.kinds for stage in scheme.stages_of(kind))
    missing = [
        str(label) for label, value in ((_("telephone"), owner.phone), (_("address"), owner.address)) if not value
    ]
    if has_notice and missing:
        text = _("Public notices will not say where to object: “%(owner)s” has no %(missing)s.")
        yield Advice(
            "no_contact",
            text % {"owner": owner, "missing": "、".join(missing)},
            _("Published notices name the office, its telephone, address and hours"),
            "campaigns:unit_edit",
            owner.pk,
        )


def _few_voters(campaign: Campaign, scheme: Scheme) -> Iterator[Advice]:
    """Branches in which a secret ballot among the members alone is none."""
    among_members = any(
        stage.kind == "survey" and set(stage.params.get("electorate") or ["masses"]) == {"members"}
        for kind in scheme.kinds
        for stage in scheme.stages_of(kind)
    )
    if not among_members:
        return
    active = Count("members", filter=Q(members__left_on__isnull=True))
    small = (
        campaign.units.filter(kind=UnitKind.BRANCH)
        .annotate(voters=active)
        .filter(voters__lt=FEWEST_VOTERS)
        .order_by("path")
    )
    if units := [str(unit) for unit in small]:
        text = _("Fewer than %(n)s members can vote in: %(units)s. The result may show who voted how.")
        yield Advice(
            "few_voters",
            text % {"n": FEWEST_VOTERS, "units": "、".join(units)},
            _("Ballots must be secret (People's Daily, 2018)"),
        )
