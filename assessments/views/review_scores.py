"""The score sheet in a review: an assessor's own, and the post's about itself; the same page as in an assessment."""

from functools import partial

from django.core.exceptions import PermissionDenied
from django.http import Http404

from assessments.domain.review_rights import require_open, why_not_speak
from assessments.domain.review_sheets import counted_answers, rubric_of_review, save_review_sheet, with_survey
from assessments.models import Review, Voice
from assessments.views.review_voices import load_review
from assessments.views.score_sheets import SheetView, Task


class ReviewScoreView(SheetView):
    """An assessor's own sheet, with the self-score beside it."""

    voice = Voice.ORGANISATION

    def load(self) -> Task:
        review = load_review(self.request, self.kwargs["pk"])
        rubric = rubric_of_review(review)
        if rubric is None:
            raise Http404
        if reason := why_not_speak(self.request.user, review, self.voice):
            raise PermissionDenied(reason)
        require_open(review)
        is_self = self.voice == Voice.SELF
        sheets = review.sheets.prefetch_related("items")
        own = sheets.filter(is_self=True).first()
        other = own if own is not None and own.is_submitted and not is_self else None
        return Task(
            subject=review,
            rubric=rubric,
            sheet=own if is_self else sheets.filter(is_self=False, assessor=self.request.user).first(),
            save=partial(save_review_sheet, is_self=is_self),
            target=review,
            back="assessments:review_detail",
            own=other,
            is_self=is_self,
        )

    def begin_with(self, entries):
        return with_survey(self.review, self.task.rubric, entries)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "counted": counted_answers(self.review) is not None}

    @property
    def review(self) -> Review:
        assert isinstance(self.task.subject, Review)  # noqa: S101  load() has made it so
        return self.task.subject


class ReviewSelfScoreView(ReviewScoreView):
    """The post scores itself; its unit may do it on its behalf."""

    voice = Voice.SELF
