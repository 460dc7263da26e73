"""What this app tells in the dossier of a post: what people said about it before and after, and what followed."""

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.tallies import told_verdict
from assessments.models import Incident, Rectification, Review, RewardPerson, RotationItem, Survey, SurveyState
from campaigns.models import User
from posts.domain.chapters import Entry, chapter
from posts.models import Conferral


@chapter("surveys", gettext_lazy("Surveys"), order=55)
def tell_surveys(conferral: Conferral, user: User) -> Iterator[Entry]:
    """Figures as far as small groups allow (domain F7); nobody's vote."""
    mine = Q(run__nomination=conferral.nomination_id) | Q(review__conferral=conferral)
    over = Survey.objects.visible_to(user).filter(mine, state__in=(SurveyState.CLOSED, SurveyState.VOID))
    for survey in over.select_related("result").order_by("closed_at", "pk"):
        facts = [(_("Opens at"), survey.opens_at), (_("Reason"), survey.void_reason)]
        if hasattr(survey, "result"):
            n_ballots, rules = survey.result.n_ballots, survey.rules
            facts.append((_("Ballots"), f"{n_ballots} / {survey.result.n_issued}"))
            facts += [
                (line["label"], told_verdict(line, n_ballots=n_ballots, rules=rules)) for line in survey.result.lines
            ]
            facts.append((_("Verdict"), survey.result.get_verdict_display()))
        url = reverse("assessments:survey_detail", args=[survey.pk])
        yield Entry(survey.title, survey.closed_at, tuple(facts), url)


@chapter("reviews", gettext_lazy("Reviews"), order=100)
def tell_reviews(conferral: Conferral, user: User) -> Iterator[Entry]:
    reviews = Review.objects.visible_to(user).filter(conferral=conferral).select_related("rule", "done_by")
    for review in reviews.order_by("period_starts_on", "pk"):
        yield Entry(
            f"{review.rule} {review.period}",
            review.done_at or review.due_on,
            (
                (_("State"), review.get_status_display()),
                (_("Outcome"), review.get_outcome_display()),
                (_("How the duties were carried out"), review.performance),
                (_("Problems found"), review.problems),
                (_("Opinions of the masses"), review.opinions),
                (_("Reasons"), review.reasons or review.missed_reason),
                (_("Done by"), review.done_by),
            ),
            reverse("assessments:review_detail", args=[review.pk]),
        )


@chapter("rectifications", gettext_lazy("Rectifications"), order=110)
def tell_rectifications(conferral: Conferral, user: User) -> Iterator[Entry]:
    rows = Rectification.objects.visible_to(user).filter(conferral=conferral).select_related("checked_by")
    for row in rows.order_by("opened_at", "pk"):
        yield Entry(
            row.finding,
            row.opened_at,
            (
                (_("What must change"), row.requirement),
                (_("Responsible"), row.responsible),
                (_("Due on"), row.due_on),
                (_("What was done"), row.proof),
                (_("Second check"), row.check_opinion),
                (_("Checked by"), row.checked_by),
                (_("State"), row.get_status_display()),
                (_("Closed at"), row.closed_at),
            ),
            reverse("assessments:rectification_detail", args=[row.pk]),
        )


@chapter("incidents", gettext_lazy("Reports and their verification"), order=120)
def tell_incidents(conferral: Conferral, user: User) -> Iterator[Entry]:
    """Only to who verifies or decides, and without the reporter."""
    rows = Incident.objects.visible_to(user).filter(conferral=conferral)
    for row in rows.select_related("ground").order_by("reported_at", "pk"):
        yield Entry(
            row.text,
            row.reported_at,
            (
                (_("Source"), row.get_source_display()),
                (_("Finding"), row.get_finding_display()),
                (_("facts found"), row.finding_text),
                (_("Veto ground"), row.ground),
                (_("Measure"), row.get_measure_display()),
                (_("Decision"), row.decision_text),
                (_("Document"), row.document_number),
                (_("State"), row.get_status_display()),
            ),
            reverse("assessments:incident_detail", args=[row.pk]),
        )


@chapter("rotations", gettext_lazy("Rotations"), order=130)
def tell_rotations(conferral: Conferral, _user: User) -> Iterator[Entry]:
    """Released ones; what is only noted is quiet until then."""
    items = RotationItem.objects.filter(conferral=conferral, rotation__released_at__isnull=False)
    for item in items.select_related("rotation", "successor").order_by("rotation__period_starts_on", "pk"):
        rotation = item.rotation
        yield Entry(
            f"{rotation.period_starts_on} ～ {rotation.period_ends_on}：{item.get_choice_display()}",
            rotation.released_at,
            (
                (_("Reason"), item.reason),
                (_("Document"), rotation.document_number),
                (_("Successor"), item.successor),
            ),
        )


@chapter("rewards", gettext_lazy("Rewards and commendations"), order=140)
def tell_rewards(conferral: Conferral, _user: User) -> Iterator[Entry]:
    rows = RewardPerson.objects.filter(conferral=conferral).select_related("reward")
    for row in rows.order_by("reward__given_on", "pk"):
        facts = ((_("Name"), row.name), (_("Document"), row.reward.document_number))
        yield Entry(f"{row.reward.get_kind_display()}：{row.reward.text}", row.reward.given_on, facts)
