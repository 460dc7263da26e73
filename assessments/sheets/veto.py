"""一票否决认定表: the finding about a report and the body's decision. Who reported never stands on it."""

from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext

from assessments.models import Incident
from campaigns.models import User
from posts.documents.form_sheet import Fact, FormSheet, Long, Note, Opinion, facts
from posts.domain.sheet_kinds import SheetKind, sheet_kind


def veto_sheet(incident: Incident, _user: User) -> FormSheet:
    """The post, the facts found, the ground in the scheme's words, who verified and who decided.

    The report's own words are left out: they may tell who wrote them, and this paper goes from hand to hand.
    """
    conferral = incident.conferral
    holders = conferral.holders.all()
    ground = incident.ground
    campaign = conferral.campaign
    return FormSheet(
        title=pgettext("form", "Finding on a one-vote veto"),
        left=pgettext("form", "Unit: %(unit)s") % {"unit": conferral.org_unit},
        parts=(
            facts(
                Fact(pgettext("form", "Post"), conferral.name, kept=True),
                Fact(pgettext("form", "Title conferred"), conferral.honour, kept=True),
            ),
            facts(Fact(pgettext("form", "Holders"), "、".join(holder.name for holder in holders), kept=True)),
            facts(
                (pgettext("form", "Source"), incident.get_source_display()),
                (pgettext("form", "Received on"), timezone.localdate(incident.reported_at)),
                (pgettext("form", "Verified on"), _day(incident.verified_at)),
            ),
            Long(pgettext("form", "Facts found"), incident.finding_text, least=44),
            Long(pgettext("form", "Statement of the person concerned"), incident.statement or incident.statement_note),
            facts(
                (pgettext("form", "Finding"), incident.get_finding_display()),
                (pgettext("form", "Evidence"), _evidence(incident)),
            ),
            Long(pgettext("form", "Veto ground"), ground.text if ground else "", least=12),
            facts(
                (pgettext("form", "Basis"), (ground.clause if ground else "") or campaign.basis_document),
                (pgettext("form", "Document number"), incident.document_number),
            ),
            Opinion(
                label=pgettext("form", "Verifying role"),
                text=pgettext("form", "Verified by %(name)s.") % {"name": incident.verifier}
                if incident.verified_at
                else "",
                signer=pgettext("form", "Verified by (signature):"),
                day=_day(incident.verified_at),
                sealed=False,
                least=6,
            ),
            Opinion(
                label=pgettext("form", "Decision of the deciding body"),
                text=_decided(incident),
                unit=str(campaign.owner),
                signer=pgettext("form", "Head (signature):"),
                day=_day(incident.decided_at),
                least=18,
            ),
            Note(pgettext("form", "The verifying and the deciding person are two. Who reported is not named here.")),
        ),
        foot=campaign.title,
    )


def _decided(incident: Incident) -> str:
    if not incident.decided_at:
        return ""
    measure = incident.get_measure_display() if incident.measure else ""
    return "\n".join(filter(None, (incident.get_status_display(), measure, incident.decision_text)))


def _evidence(incident: Incident) -> str:
    return "、".join(filter(None, (incident.evidence_reference, *(file.name for file in incident.files.all()))))


def _day(moment):
    return timezone.localdate(moment) if moment else None


sheet_kind(
    SheetKind(
        "veto",
        gettext_lazy("Finding on a one-vote veto"),
        rows=lambda user: Incident.objects.visible_to(user).select_related(
            "conferral__campaign__owner", "conferral__org_unit", "ground", "verifier"
        ),
        make=veto_sheet,
        fits=lambda incident, user: incident.conferral.campaign.veto_grounds.exists(),
        order=10,
        has_blank=True,
        page="assessments:incident_detail",
    )
)
