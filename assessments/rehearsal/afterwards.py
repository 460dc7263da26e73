"""After the naming: reviews, rectifications, proposals to end a title, reports, plaques that come back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.proposals import decide_proposal, why_not_decide
from assessments.domain.rectifications import (
    check_rectification,
    proposable_ends,
    submit_rectification,
    why_not_check,
    why_not_submit,
)
from assessments.domain.review_rights import why_not_review
from assessments.domain.review_state import review_state
from assessments.domain.reviews import record_review
from assessments.models import (
    Incident,
    Proposal,
    ProposalStatus,
    Rectification,
    RectificationStatus,
    Review,
    ReviewOutcome,
    Rotation,
)
from assessments.rehearsal.case import Case, somebody
from assessments.rehearsal.happenings import let_happen
from assessments.rehearsal.report import DONE, FAILED, PASSED
from assessments.rehearsal.script import Event
from assessments.rehearsal.turns import take_turns
from assessments.rehearsal.voice_moves import is_ready
from posts.domain.plaques import return_plaque
from posts.models import Conferral, Plaque, PlaqueStatus, RepairStatus, RepairTask

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play

PASSES = Event("review", outcome=ReviewOutcome.PASS)


class Afterwards:
    """Does on each working day what waits for people after the naming."""

    def __init__(self, play: Play) -> None:
        self.play = play
        self.of_review: dict[int, Event] = {}  # what a review's rectification comes to
        self.surveys: dict[int, int] = {}  # how many surveys were held in reviews of a rule

    def one_day(self) -> None:
        cases = {case.nomination.pk: case for case in self.play.cases if case.nomination}
        for name in ("_reviews", "_rectifications", "_proposals", "_plaques"):
            for case, act in list(getattr(self, name)(cases)):
                self.play.guard(case, act)
        let_happen(self.play, cases)
        take_turns(self.play, cases)
        self._forget_ended(cases)

    def is_busy(self) -> bool:
        """Whether something is under way that still ends."""
        return (
            Rectification.objects.running().exists()
            or Proposal.objects.filter(status=ProposalStatus.OPEN).exists()
            or Incident.objects.open().exists()
            or Plaque.objects.filter(status=PlaqueStatus.RECALLED).exists()
            or Rotation.objects.open().exists()
            or RepairTask.objects.filter(status=RepairStatus.OPEN).exists()
        )

    def _forget_ended(self, cases) -> None:
        """What can no longer come, because the title has ended or was never conferred."""
        waiting = {pk for pk, case in cases.items() if case.is_over and case.waiting}
        if waiting:
            live = set(Conferral.objects.live().filter(nomination__in=waiting).values_list("nomination", flat=True))
            for pk in waiting - live:
                cases[pk].waiting = []

    def _reviews(self, cases):
        waiting = Review.objects.open().select_related("rule__campaign", "reviewer_unit", "conferral__org_unit")
        for review in waiting.filter(conferral__nomination__in=cases):
            case = cases[review.conferral.nomination_id]
            yield case, lambda case=case, review=review: self._review(case, review)

    def _review(self, case: Case, review: Review) -> None:
        event = self._coming_review(case, review)
        if not is_ready(self.play, case, review, good=event.outcome == ReviewOutcome.PASS):
            return
        self._done_with(case, event)
        url = reverse("assessments:review_detail", args=[review.pk])
        key = ("review", review.rule_id, case.site.nominating.kind)
        if (
            Review.objects.open()
            .filter(rule=review.rule, period=review.period, reviewer_unit=review.reviewer_unit)
            .count()
            > 3
        ):
            url = reverse("assessments:review_list")
        self.play.watch.look_for(
            case, key, review.rule.label, url=url, unit=review.reviewer_unit, permissions=["review_post"]
        )
        fits = lambda user: not why_not_review(user, review)  # noqa: E731
        actor = somebody("review_post", review.reviewer_unit, fits, what=review.rule.label)
        good = event.outcome == ReviewOutcome.PASS
        rectifies = event.outcome == ReviewOutcome.RECTIFY
        record_review(
            review,
            actor=actor,
            outcome=event.outcome,
            performance="履职践诺情况良好，承诺事项全部兑现。" if good else "承诺事项完成情况不够好。",
            opinions="群众反映良好。" if good else "群众有意见。",
            problems="" if good else event.text or "第三项承诺滞后，台账不完整。",
            reasons="按方案处理。" if not good or review_state(review).proposed not in ("", event.outcome) else "",
            requirement="补齐台账，重新作出可量化的承诺。" if rectifies else "",
            responsible=self._responsible(review.conferral) if rectifies else "",
        )
        self.of_review[review.pk] = event
        label = ReviewOutcome(event.outcome).label
        said = _("%(rule)s for %(period)s: %(outcome)s.") % {
            "rule": review.rule.label,
            "period": review.period,
            "outcome": label,
        }
        self.play.say(case, actor, f"review:{review.rule.code}", PASSED if good else FAILED, said)

    def _coming_review(self, case: Case, review: Review) -> Event:
        """What the script has this review come to; nothing said: up to standard."""
        if case.waiting and case.waiting[0].what == "review" and case.waiting[0].rule == review.rule.code:
            return case.waiting[0]
        return PASSES

    def _done_with(self, case: Case, event: Event) -> None:
        if event is not PASSES:
            case.waiting.pop(0)

    def _responsible(self, conferral: Conferral) -> str:
        first = conferral.holders.filter(until_on__isnull=True).first()
        return first.name if first else str(conferral.org_unit)

    def _rectifications(self, cases):
        running = Rectification.objects.running().select_related(
            "conferral__org_unit", "checking_unit", "conferral__campaign"
        )
        for rectification in running.filter(conferral__nomination__in=cases):
            case = cases[rectification.conferral.nomination_id]
            event = self.of_review.get(rectification.review_id or 0, PASSES)
            if rectification.status == RectificationStatus.SUBMITTED or rectification.is_overdue:
                yield case, lambda c=case, r=rectification, e=event: self._check(c, r, done=e.done)
            elif event.done and timezone.localdate(rectification.opened_at) < self.play.today:
                yield case, lambda c=case, r=rectification: self._submit(c, r)

    def _submit(self, case: Case, rectification: Rectification) -> None:
        self._watch_rectification(case, rectification, rectification.conferral.org_unit)
        fits = lambda user: not why_not_submit(user, rectification)  # noqa: E731
        actor = somebody("review_post", rectification.conferral.org_unit, fits, what=_("rectification"))
        submit_rectification(rectification, actor=actor, proof="台账已补齐，承诺已重新公示。")
        self.play.say(case, actor, "rectification_handed_in", DONE, _("The rectification is handed in."))

    def _check(self, case: Case, rectification: Rectification, *, done: bool) -> None:
        if rectification.status == RectificationStatus.SUBMITTED:
            self._watch_rectification(case, rectification, rectification.checking_unit)
        fits = lambda user: not why_not_check(user, rectification)  # noqa: E731
        actor = somebody("review_post", rectification.checking_unit, fits, what=_("second check"))
        end = "" if done else next(iter(proposable_ends(rectification)), "")
        opinion = "复核：整改到位。" if done else "到期未整改。"
        check_rectification(rectification, actor=actor, passed=done, opinion=opinion, proposed_end=end)
        said = _("The rectification is settled.") if done else _("The rectification was not done in time.")
        self.play.say(case, actor, "rectification_checked", PASSED if done else FAILED, said)

    def _watch_rectification(self, case: Case, rectification: Rectification, unit) -> None:
        url = reverse("assessments:rectification_detail", args=[rectification.pk])
        key = ("rectification", rectification.status, case.site.nominating.kind)
        self.play.watch.look_for(case, key, _("rectification"), url=url, unit=unit, permissions=["review_post"])

    def _proposals(self, cases):
        waiting = Proposal.objects.filter(status=ProposalStatus.OPEN, conferral__nomination__in=cases)
        for proposal in waiting.select_related("conferral__org_unit", "deciding_unit"):
            if timezone.localdate(proposal.proposed_at) < self.play.today:
                case = cases[proposal.conferral.nomination_id]
                yield case, lambda c=case, p=proposal: self._decide(c, p)

    def _decide(self, case: Case, proposal: Proposal) -> None:
        permission = "decide_veto" if proposal.end == "revoke" else "release_decision"
        unit = proposal.conferral.org_unit if proposal.end == "revoke" else proposal.deciding_unit
        url = reverse("assessments:proposal_detail", args=[proposal.pk])
        key = ("proposal", proposal.end, proposal.deciding_unit.kind)
        label = proposal.get_end_display()
        self.play.watch.look_for(case, key, label, url=url, unit=unit, permissions=[permission])
        actor = somebody(permission, unit, lambda user: not why_not_decide(user, proposal), what=label)
        number = self.play.document_number()
        decide_proposal(proposal, actor=actor, accept=True, decision_text="经研究，同意。", document_number=number)
        said = _("The title is ended: %(end)s, %(number)s.") % {"end": label, "number": number}
        self.play.say(case, actor, f"ended:{proposal.end}", DONE, said)

    def _plaques(self, cases):
        out = Plaque.objects.filter(status=PlaqueStatus.RECALLED, conferral__nomination__in=cases)
        for plaque in out.select_related("conferral__org_unit", "issuer_unit"):
            if plaque.recalled_at is None or timezone.localdate(plaque.recalled_at) < self.play.today:
                case = cases[plaque.conferral.nomination_id]
                yield case, lambda c=case, p=plaque: self._take_back(c, p)

    def _take_back(self, case: Case, plaque: Plaque) -> None:
        unit = plaque.issuer_unit or self.play.campaign.owner
        actor = somebody("issue_plaque", unit, lambda _user: True, what=_("take a plaque back"))
        return_plaque(plaque, actor=actor, returned_by=actor.name)
        self.play.say(case, actor, "plaque_back", DONE, _("Plaque %(number)s is back.") % {"number": plaque.number})
