"""Which objects of assessments have a history, what of them belongs to a post or a campaign, and who reads what.

Reports never appear but on their own page, which only those see who verify or decide (retaliation guard).
"""

from assessments.domain.assessment_page import is_insider
from assessments.models import (
    Assessment,
    Commendation,
    Incident,
    Proposal,
    Rectification,
    Review,
    Reward,
    Rotation,
    Survey,
)
from campaigns.domain.history import Part, belongs, guard, history_page
from campaigns.models import Campaign, User
from posts.models import Conferral, Nomination

for _slug, _model, _address in (
    ("survey", Survey, "survey_detail"),
    ("review", Review, "review_detail"),
    ("rectification", Rectification, "rectification_detail"),
    ("proposal", Proposal, "proposal_detail"),
    ("incident", Incident, "incident_detail"),
    ("rotation", Rotation, "rotation_detail"),
    ("commendation", Commendation, "commendation_detail"),
):
    history_page(
        _slug,
        _model,
        addresses=(f"assessments:{_address}",),
    )


def _reviews(conferral: Conferral, user: User) -> Part:
    rows = Review.objects.visible_to(user).filter(conferral=conferral).select_related("rule")
    return Part(Review, {row.pk: f"{row.rule.label} {row.period}" for row in rows})


def _rectifications(conferral: Conferral, user: User) -> Part:
    rows = Rectification.objects.visible_to(user).filter(conferral=conferral)
    return Part(Rectification, dict.fromkeys(rows.values_list("pk", flat=True), ""))


def _proposals(conferral: Conferral, user: User) -> Part:
    rows = Proposal.objects.visible_to(user).filter(conferral=conferral)
    return Part(Proposal, dict.fromkeys(rows.values_list("pk", flat=True), ""))


def _surveys(nomination: Nomination, user: User) -> Part:
    rows = Survey.objects.visible_to(user).filter(run__nomination=nomination)
    return Part(Survey, dict(rows.values_list("pk", "title")))


def _surveys_of_reviews(conferral: Conferral, user: User) -> Part:
    rows = Survey.objects.visible_to(user).filter(review__conferral=conferral)
    return Part(Survey, dict(rows.values_list("pk", "title")))


def _rewards(campaign: Campaign, user: User) -> Part:
    rows = Reward.objects.visible_to(user).filter(campaign=campaign)
    return Part(Reward, dict(rows.values_list("pk", "text")))


def _commendations(campaign: Campaign, user: User) -> Part:
    rows = Commendation.objects.visible_to(user).filter(campaign=campaign)
    return Part(Commendation, dict(rows.values_list("pk", "label")))


def _assesses(nomination: Nomination, user: User) -> bool:
    """Single score sheets are seen by those who assess only."""
    for assessment in Assessment.objects.filter(run__nomination=nomination).select_related("run__actor_unit"):
        assessment.run.nomination = nomination
        if is_insider(user, assessment.run):
            return True
    return False


belongs("post", _reviews)
belongs("post", _rectifications)
belongs("post", _proposals)
belongs("post", _surveys_of_reviews)
belongs("nomination", _surveys)
belongs("campaign", _rewards)
belongs("campaign", _commendations)
guard("nomination", ("score_submitted", "score_taken_back"), _assesses)
