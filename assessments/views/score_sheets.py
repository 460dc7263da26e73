"""The score sheet as a page: an assessor's own, and the applicant's self-score."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.generic import FormView

from assessments.domain.assessing import may_self_score, save_score_sheet, save_self_score
from assessments.domain.assessment_results import score_state
from assessments.domain.rubrics import Entry, add_up, mark_of
from assessments.domain.score_sheets import (
    SheetFaultsError,
    entries_of,
    former_sheet,
    rubric_of_self_score,
    self_sheet_of,
)
from assessments.forms.assess import SheetForm
from assessments.models import Review, ScoreSheet
from assessments.views.score_rows import running_totals
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.schemes.afterwards import Rubric
from posts.domain.pipeline import not_open
from posts.domain.proposing import may_edit
from posts.domain.rights import require
from posts.models import Conferral, Nomination, RunStatus
from posts.views.stages import load_run


@dataclass(frozen=True)
class Task:
    """Which sheet is filled in, by which call it is saved, and where one goes afterwards."""

    subject: Nomination | Review
    rubric: Rubric
    sheet: ScoreSheet | None
    save: Callable[..., ScoreSheet]
    target: Any
    back: str
    earlier: ScoreSheet | None = None  # what a new sheet starts from
    own: ScoreSheet | None = None  # the self-score, shown beside
    is_self: bool = False

    @property
    def post(self) -> Nomination | Conferral:
        """What is scored."""
        return self.subject.conferral if isinstance(self.subject, Review) else self.subject

    @property
    def version(self) -> int:
        return self.sheet.version if self.sheet else 0


class SheetView(LoginRequiredMixin, FormView):
    """One form for the whole sheet. Typing adds up on the server and saves nothing; the buttons save."""

    form_class = SheetForm
    template_name = "assessments/score_sheet.html"
    typed = None

    def load(self) -> Task:
        raise NotImplementedError

    def begin_with(self, entries: list[Entry]) -> list[Entry]:
        """What stands on the form at first."""
        return entries

    def get_form_kwargs(self):
        self.task = self.load()
        entries = self.begin_with(entries_of(self.task.sheet or self.task.earlier))
        more = {"rubric": self.task.rubric, "entries": entries, "version": self.task.version}
        return {**super().get_form_kwargs(), **more}

    def post(self, request, *args, **kwargs):
        form = self.get_form()
        if request.htmx:
            form.is_valid()
            return render(request, f"{self.template_name}#totals", {"totals": self._totals(form.entries())})
        return self.form_valid(form) if form.is_valid() else self.form_invalid(form)

    def form_valid(self, form):
        submit = "submit" in self.request.POST
        if not self._save(form, submit=submit):
            return self.form_invalid(form)
        messages.success(self.request, _("The sheet is submitted.") if submit else _("The draft has been saved."))
        return redirect(self.task.back, self.task.subject.pk) if submit else redirect(self.request.path)

    def _save(self, form, *, submit):
        """Make the domain call; its sentences go to the items they are about."""
        self.typed = form.entries()  # before a fault takes a value out of the form
        call = {"entries": self.typed, "submit": submit, "version": form.cleaned_data["version"]}
        try:
            self.task.save(self.task.target, actor=self.request.user, **call)
        except NotAllowedError:
            raise
        except SheetFaultsError as error:
            form.add_faults(error.faults)
        except DomainError as error:
            form.add_error(None, str(error))
            form.data = form.data.copy()
            form.data["version"] = self.task.version  # whoever was overtaken may save what he sees now
        return not form.errors

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        form, task = context["form"], self.task
        own = {entry.number: entry for entry in entries_of(task.own)}
        rows = [
            (section, [(row, own.get(row.item.number), mark_of(own.get(row.item.number))) for row in rows])
            for section, rows in form.sections()
        ]
        entries = self.typed or (form.entries() if form.is_bound else entries_of(task.sheet or task.earlier))
        more = {"sections": rows, "totals": self._totals(entries), "task": task, "nomination": task.post}
        return {**context, **more}

    def _totals(self, entries):
        return running_totals(self.task.rubric, add_up(self.task.rubric, entries), self.task.own)


class ScoreView(SheetView):
    """An assessor's own sheet, with the applicant's self-score beside it."""

    def load(self):
        user = self.request.user
        run = load_run(user, self.kwargs["pk"])
        if run.status != RunStatus.OPEN:
            raise not_open(run)
        require(user, "score", run)
        run.assessment.run = run
        state = score_state(run.assessment)
        if state is None:
            raise Http404
        return Task(
            subject=run.nomination,
            rubric=state.rubric,
            sheet=next((row.sheet for row in state.sheets if row.sheet.assessor_id == user.pk), None),
            save=save_score_sheet,
            target=run,
            back="posts:nomination_detail",
            earlier=former_sheet(run, user),
            own=state.own.sheet if state.own else None,
        )


class SelfScoreView(SheetView):
    """The applicant scores himself; the branch may do it on his behalf."""

    def load(self):
        user = self.request.user
        nomination = get_object_or_404(Nomination.objects.visible_to(user), pk=self.kwargs["pk"])
        rubric = rubric_of_self_score(nomination)
        if rubric is None:
            raise Http404
        if not may_self_score(user, nomination):
            raise NotAllowedError(_("Only the applicant, or who writes the paper for him, fills in the self-score."))
        back = "posts:nomination_edit" if may_edit(user, nomination) else "posts:nomination_detail"
        sheet = self_sheet_of(nomination)
        return Task(nomination, rubric, sheet, save_self_score, nomination, back, is_self=True)

    def get(self, request, *args, **kwargs):
        response = super().get(request, *args, **kwargs)
        if not self.task.subject.is_editable:
            return redirect("posts:nomination_detail", self.task.subject.pk)
        return response
