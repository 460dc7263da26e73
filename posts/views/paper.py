"""Writing the paper: every button saves first, and typing saves by itself."""

import secrets

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views import View

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from posts.domain.dossier import paper_parts_of
from posts.domain.eligibility import wanted_evidence
from posts.domain.evidence import add_evidence, remove_evidence
from posts.domain.nominations import save_draft, submit_nomination
from posts.domain.paper_check import check_paper
from posts.domain.progress import last_return
from posts.domain.proposing import applies_himself, require_may_edit
from posts.forms.nominations import NominationForm
from posts.models import Nomination

TEMPLATE = "posts/nomination_edit.html"


class NominationEditView(LoginRequiredMixin, View):
    """One page for text, people, files and the submission. Two windows never undo each other silently."""

    def get(self, request, pk):
        nomination = self._load(pk)
        if not nomination.is_editable:
            return redirect("posts:nomination_detail", pk)
        return self._page(nomination, self._fresh_form(nomination))

    def post(self, request, pk):
        nomination = self._load(pk)
        fresh, search = Nomination.objects.get(pk=pk), request.POST.get("q", "")
        form = NominationForm(request.POST, instance=fresh, search=search, himself=self._himself(fresh))
        error = None
        if form.is_valid():
            try:
                nomination = self._save(nomination, form)
            except NotAllowedError:
                raise
            except DomainError as problem:
                error = problem
        if request.htmx:
            return self._live(nomination, form, error)
        if error or not form.is_valid():
            return self._refused(nomination, form, error)
        return self._act(nomination, form)

    def _load(self, pk):
        nomination = get_object_or_404(Nomination.objects.visible_to(self.request.user), pk=pk)
        require_may_edit(self.request.user, nomination)
        return nomination

    def _fresh_form(self, nomination):
        initial = {"version": nomination.version, "window": secrets.token_urlsafe(12)}
        search, himself = self.request.GET.get("q", ""), self._himself(nomination)
        return NominationForm(instance=nomination, initial=initial, search=search, himself=himself)

    def _himself(self, nomination):
        return self.request.user if applies_himself(self.request.user, nomination) else None

    def _save(self, nomination, form):
        return save_draft(
            nomination,
            actor=self.request.user,
            version=form.cleaned_data["version"],
            fields=form.typed(),
            members=form.chosen(),
            window=form.cleaned_data["window"],
            automatic=bool(self.request.htmx),
        )

    def _act(self, nomination, form):
        """What the button wanted beyond saving."""
        data = self.request.POST
        try:
            if upload := self.request.FILES.get("upload"):
                about = {"purpose": data.get("purpose", ""), "sealed": "sealed" in data}
                add_evidence(nomination, upload=upload, actor=self.request.user, **about)
            elif data.get("remove", "").isdecimal():
                evidence = get_object_or_404(nomination.evidence, pk=data["remove"])
                remove_evidence(evidence, actor=self.request.user)
            elif "submit" in data:
                submit_nomination(nomination, actor=self.request.user)
                messages.success(self.request, _("The nomination has been submitted."))
                return redirect("posts:nomination_detail", nomination.pk)
        except (NotAllowedError, OutOfOrderError):
            raise
        except DomainError as error:
            return self._page(nomination, self._fresh_form(nomination), error=error, status=400)
        if "search" in data:
            return self._page(nomination, self._searched(nomination))
        messages.success(self.request, _("The draft has been saved."))
        return redirect("posts:nomination_edit", nomination.pk)

    def _searched(self, nomination):
        form = self._fresh_form(nomination)
        form.search = self.request.POST.get("q", "")
        return form

    def _refused(self, nomination, form, error):
        """Nothing was saved: show what was typed, and what the other window saved."""
        differences = []
        if isinstance(error, OutOfOrderError):
            nomination.refresh_from_db()
            if not form.differences(nomination):  # the button was pressed twice
                return redirect("posts:nomination_detail", nomination.pk)
            return self._page(nomination, form, error=error, status=409)
        if isinstance(error, StaleError):
            nomination.refresh_from_db()
            differences = form.differences(nomination)
            form.data = form.data.copy()
            form.data["version"] = nomination.version
        elif error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        status = 409 if differences or isinstance(error, StaleError) else 400
        return self._page(
            nomination, form, conflict=error if status == 409 else None, differences=differences, status=status
        )

    def _live(self, nomination, form, error):
        context = {
            **self._context(nomination, form),
            "live_error": error,
            "stale": isinstance(error, StaleError),
            "saved": not error and form.is_valid(),
        }
        return render(self.request, f"{TEMPLATE}#live", context)

    def _page(self, nomination, form, *, status=200, **more):
        return render(self.request, TEMPLATE, {**self._context(nomination, form), **more}, status=status)

    def _context(self, nomination, form):
        return {
            "nomination": nomination,
            "form": form,
            "check": check_paper(nomination),
            "evidence": nomination.evidence.all(),
            "wanted": wanted_evidence(nomination.post_kind),
            "returned": last_return(nomination),
            "parts": paper_parts_of(nomination, self.request.user),
        }
