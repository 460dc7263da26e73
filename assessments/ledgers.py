"""The ledgers of surveys, reviews, rectifications, incidents, opinions of the masses, and rewards."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from assessments.domain.tallies import told_verdict
from assessments.models import (
    Incident,
    IncidentSource,
    IncidentStatus,
    Rectification,
    RectificationStatus,
    Review,
    ReviewStatus,
    Reward,
    RewardKind,
    RewardPerson,
    Survey,
    SurveyState,
)
from campaigns.domain.ledgers import Ledger, LedgerColumn, ledger
from campaigns.navigation import needs


def _result(survey: Survey, name: str) -> object:
    return getattr(survey.result, name) if hasattr(survey, "result") else ""


def _lines(survey: Survey) -> str:
    """Each line with its figures, as far as small groups allow (domain F7)."""
    if not hasattr(survey, "result"):
        return ""
    n_ballots = survey.result.n_ballots
    lines, rules = survey.result.lines, survey.rules
    return "；".join(f"{line['label']}：{told_verdict(line, n_ballots=n_ballots, rules=rules)}" for line in lines)


def _verdict(survey: Survey) -> str:
    return survey.result.get_verdict_display() if hasattr(survey, "result") else ""


ledger(
    Ledger(
        code="surveys",
        label=gettext_lazy("Ledger of surveys"),
        hint=gettext_lazy("Who could vote, how many did, and what came out; nobody's vote."),
        icon="vote",
        order=25,
        rows=lambda user: (
            Survey.objects.visible_to(user).select_related("org_unit", "run__nomination", "result").order_by("-pk")
        ),
        campaign=("run__nomination__campaign", "review__conferral__campaign"),
        day="closes_at__date",
        state="state",
        states=SurveyState.choices,
        search=("title", "org_unit__name", "run__nomination__name"),
        page_of=lambda survey: reverse("assessments:survey_detail", args=[survey.pk]),
        columns=(
            LedgerColumn(gettext_lazy("Survey"), lambda each: each.title, 36),
            LedgerColumn(gettext_lazy("Unit"), lambda each: each.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Opens at"), lambda each: each.opens_at, 16),
            LedgerColumn(gettext_lazy("Closes at"), lambda each: each.closes_at, 16),
            LedgerColumn(gettext_lazy("State"), lambda each: each.get_state_display(), 12),
            LedgerColumn(gettext_lazy("Entitled members"), lambda each: _result(each, "n_roll"), 10),
            LedgerColumn(gettext_lazy("Ballots issued"), lambda each: _result(each, "n_issued"), 10),
            LedgerColumn(gettext_lazy("Ballots returned"), lambda each: _result(each, "n_ballots"), 10),
            LedgerColumn(gettext_lazy("Result"), _lines, 40),
            LedgerColumn(gettext_lazy("Verdict"), _verdict, 14),
            LedgerColumn(gettext_lazy("Reason"), lambda each: _result(each, "reason") or each.void_reason, 30),
        ),
    )
)

ledger(
    Ledger(
        code="reviews",
        label=gettext_lazy("Ledger of reviews"),
        hint=gettext_lazy("Every review of every post, with problems and outcome."),
        icon="clipboard-check",
        order=60,
        rows=lambda user: (
            Review.objects.visible_to(user)
            .select_related("conferral__org_unit", "conferral__campaign", "rule", "reviewer_unit", "done_by")
            .order_by("-due_on", "pk")
        ),
        campaign="conferral__campaign",
        unit="conferral__org_unit",
        day="due_on",
        state="status",
        states=ReviewStatus.choices,
        search=("conferral__name", "conferral__org_unit__name", "rule__label"),
        page_of=lambda review: reverse("assessments:review_detail", args=[review.pk]),
        columns=(
            LedgerColumn(gettext_lazy("Post"), lambda each: each.conferral.name, 24),
            LedgerColumn(gettext_lazy("Unit"), lambda each: each.conferral.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Review"), lambda each: each.rule.label, 16),
            LedgerColumn(gettext_lazy("Period"), lambda each: each.period, 12),
            LedgerColumn(gettext_lazy("Reviewing unit"), lambda each: each.reviewer_unit.name, 24),
            LedgerColumn(gettext_lazy("Due on"), lambda each: each.due_on, 14),
            LedgerColumn(gettext_lazy("State"), lambda each: each.get_status_display(), 12),
            LedgerColumn(gettext_lazy("Outcome"), lambda each: each.get_outcome_display(), 14),
            LedgerColumn(gettext_lazy("Problems found"), lambda each: each.problems, 40),
            LedgerColumn(gettext_lazy("Opinions of the masses"), lambda each: each.opinions, 40),
            LedgerColumn(gettext_lazy("Reasons"), lambda each: each.reasons or each.missed_reason, 30),
            LedgerColumn(gettext_lazy("Done by"), lambda each: each.done_by.name if each.done_by else "", 14),
            LedgerColumn(gettext_lazy("Done at"), lambda each: each.done_at, 16),
        ),
    )
)

ledger(
    Ledger(
        code="rectifications",
        label=gettext_lazy("Ledger of rectifications"),
        hint=gettext_lazy("What was found, by when it must be mended, whether it was settled."),
        icon="wrench",
        order=70,
        rows=lambda user: (
            Rectification.objects.visible_to(user)
            .select_related("conferral__org_unit", "checking_unit", "checked_by")
            .order_by("-due_on", "pk")
        ),
        campaign="conferral__campaign",
        unit="conferral__org_unit",
        day="due_on",
        state="status",
        states=RectificationStatus.choices,
        search=("conferral__name", "conferral__org_unit__name", "finding", "responsible"),
        page_of=lambda each: reverse("assessments:rectification_detail", args=[each.pk]),
        columns=(
            LedgerColumn(gettext_lazy("Post"), lambda each: each.conferral.name, 24),
            LedgerColumn(gettext_lazy("Unit"), lambda each: each.conferral.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Opened at"), lambda each: each.opened_at, 16),
            LedgerColumn(gettext_lazy("Problems found"), lambda each: each.finding, 40),
            LedgerColumn(gettext_lazy("What must change"), lambda each: each.requirement, 40),
            LedgerColumn(gettext_lazy("Responsible"), lambda each: each.responsible, 14),
            LedgerColumn(gettext_lazy("Due on"), lambda each: each.due_on, 14),
            LedgerColumn(gettext_lazy("What was done"), lambda each: each.proof, 40),
            LedgerColumn(gettext_lazy("Handed in at"), lambda each: each.submitted_at, 16),
            LedgerColumn(gettext_lazy("Second check"), lambda each: each.check_opinion, 30),
            LedgerColumn(gettext_lazy("Checked by"), lambda each: each.checked_by.name if each.checked_by else "", 14),
            LedgerColumn(gettext_lazy("State"), lambda each: each.get_status_display(), 14),
            LedgerColumn(gettext_lazy("Closed at"), lambda each: each.closed_at, 16),
        ),
    )
)


def _incidents(user):
    related = ("conferral__org_unit", "ground", "verifier", "decided_by")
    rows = Incident.objects.visible_to(user).select_related(*related)
    return rows.order_by("-reported_at", "-pk")


_FACTS = (
    LedgerColumn(gettext_lazy("Post"), lambda each: each.conferral.name, 24),
    LedgerColumn(gettext_lazy("Unit"), lambda each: each.conferral.org_unit.name, 28),
    LedgerColumn(gettext_lazy("Reported at"), lambda each: each.reported_at, 16),
    LedgerColumn(gettext_lazy("Source"), lambda each: each.get_source_display(), 14),
    LedgerColumn(gettext_lazy("What happened"), lambda each: each.text, 40),
    LedgerColumn(gettext_lazy("Verified by"), lambda each: each.verifier.name if each.verifier else "", 14),
    LedgerColumn(gettext_lazy("To be verified by"), lambda each: each.verify_due_on, 14),
    LedgerColumn(gettext_lazy("Finding"), lambda each: each.get_finding_display(), 14),
)
_SAME = {
    "visible": needs("verify_incident", "decide_veto"),
    "campaign": "conferral__campaign",
    "unit": "conferral__org_unit",
    "day": "reported_at__date",
    "state": "status",
    "states": IncidentStatus.choices,
    "search": ("conferral__name", "conferral__org_unit__name", "text"),
    "page_of": lambda each: reverse("assessments:incident_detail", args=[each.pk]),
}

ledger(
    Ledger(
        code="incidents",
        label=gettext_lazy("Ledger of vetoes and revocations"),
        hint=gettext_lazy("Reports of members, inspections, superior bodies, and every veto; without the reporters."),
        icon="shield-alert",
        order=80,
        rows=lambda user: _incidents(user).filter(~Q(source=IncidentSource.PUBLIC) | Q(ground__isnull=False)),
        columns=(
            *_FACTS,
            LedgerColumn(gettext_lazy("Veto ground"), lambda each: str(each.ground or ""), 30),
            LedgerColumn(gettext_lazy("Evidence"), lambda each: each.evidence_reference, 24),
            LedgerColumn(gettext_lazy("State"), lambda each: each.get_status_display(), 16),
            LedgerColumn(gettext_lazy("Decision"), lambda each: each.decision_text, 40),
            LedgerColumn(gettext_lazy("Document"), lambda each: each.document_number, 22),
            LedgerColumn(gettext_lazy("Decided at"), lambda each: each.decided_at, 16),
        ),
        **_SAME,
    )
)

ledger(
    Ledger(
        code="opinions",
        label=gettext_lazy("Ledger of the masses' opinions"),
        hint=gettext_lazy("What came in by the public page and what was done about it; without the reporters."),
        icon="messages-square",
        order=85,
        rows=lambda user: _incidents(user).filter(source=IncidentSource.PUBLIC),
        columns=(
            *_FACTS,
            LedgerColumn(gettext_lazy("Measure"), lambda each: each.get_measure_display(), 18),
            LedgerColumn(gettext_lazy("State"), lambda each: each.get_status_display(), 16),
            LedgerColumn(gettext_lazy("Verified at"), lambda each: each.verified_at, 16),
        ),
        **_SAME,
    )
)

ledger(
    Ledger(
        code="rewards",
        label=gettext_lazy("Ledger of rewards"),
        hint=gettext_lazy("Who was commended or rewarded, for which post, on which document."),
        icon="medal",
        order=90,
        rows=lambda user: (
            RewardPerson.objects.filter(reward__in=Reward.objects.visible_to(user))
            .select_related("reward__campaign", "conferral__org_unit")
            .order_by("-reward__given_on", "-reward", "pk")
        ),
        campaign="reward__campaign",
        unit="conferral__org_unit",
        day="reward__given_on",
        state="reward__kind",
        states=RewardKind.choices,
        search=("name", "conferral__name", "reward__text", "reward__document_number"),
        page_of=lambda each: reverse("posts:conferral_detail", args=[each.conferral_id]),
        columns=(
            LedgerColumn(gettext_lazy("Name"), lambda each: each.name or each.conferral.name, 18),
            LedgerColumn(gettext_lazy("Post"), lambda each: each.conferral.name, 24),
            LedgerColumn(gettext_lazy("Unit"), lambda each: each.conferral.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Kind"), lambda each: each.reward.get_kind_display(), 18),
            LedgerColumn(gettext_lazy("What it is"), lambda each: each.reward.text, 40),
            LedgerColumn(gettext_lazy("Date"), lambda each: each.reward.given_on, 14),
            LedgerColumn(gettext_lazy("Document"), lambda each: each.reward.document_number, 22),
            LedgerColumn(gettext_lazy("Campaign"), lambda each: each.reward.campaign.title, 30),
        ),
    )
)
