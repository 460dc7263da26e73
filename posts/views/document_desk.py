"""Work on a draft: the editor, the issue with its confirmation, giving it up; and the register of numbers."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.forms.base import posted
from campaigns.forms.base import run as run_form
from campaigns.permissions import may_anywhere, units_for
from posts.domain.document_issue import fixed_number, hindrances_of, issue_document
from posts.domain.document_numbers import gaps_of, next_number, note_number, number_text
from posts.domain.document_papers import paper_of, rare_in
from posts.domain.drafting import token
from posts.domain.official_documents import (
    case_of,
    discard_document,
    maker_of,
    save_document,
    why_not_issue,
    why_not_write,
)
from posts.forms.documents import DocumentForm, IssueForm, NoteNumberForm
from posts.models import DocumentNumber, NumberSeries, OfficialDocument
from posts.views.documents import RELATED


@login_required
def document_edit(request, pk):
    """Text on the left, the facts that stand fixed on the right. Two windows never undo each other silently."""
    document = _get(request, pk)
    if barred := why_not_write(request.user, document.org_unit, document.conferral):
        raise PermissionDenied(barred)
    if not document.is_draft:
        return redirect("posts:document_detail", pk)
    form = DocumentForm(posted(request), instance=document)
    if form.is_valid():
        wishes = {"version": form.cleaned_data["version"], "fields": form.wishes()}
        if run_form(form, save_document, document, actor=request.user, **wishes):
            messages.success(request, _("The draft has been saved."))
            return redirect("posts:document_detail", pk)
    stale = form.is_bound and _look_again(document, form)
    context = {"document": document, "form": form, "maker": maker_of(document), "stale": stale, **_facts(document)}
    status = 409 if stale else 400 if form.errors else 200
    return render(request, "posts/document_edit.html", context, status=status)


def _look_again(document, form):
    """Whether another window has saved meanwhile: its text is shown beside this one, and the next press overrides."""
    document.refresh_from_db()
    if str(document.version) == form.data.get("version"):
        return False
    form.data = form.data.copy()
    form.data["version"] = document.version
    return True


def _facts(document):
    case = case_of(document)
    rows = [(fact.name, token(fact.name), fact.value, fact.is_needed) for fact in case.facts if fact.value]
    return {"facts": rows, "annexes": case.annexes}


@login_required
def document_issue(request, pk):
    """The page that says what will be frozen, and does it on confirmation."""
    document = _get(request, pk)
    if barred := why_not_issue(request.user, document):
        raise PermissionDenied(barred)
    if not document.is_draft:
        return redirect("posts:document_detail", pk)
    case = case_of(document)
    form = IssueForm(posted(request), case=case, asks_number=bool(document.code) and not fixed_number(document, case))
    if form.is_valid() and run_form(form, issue_document, document, actor=request.user, **form.wishes()):
        messages.success(request, _("The document has been issued and frozen."))
        return redirect("posts:document_detail", pk)
    context = {
        "document": document,
        "form": form,
        "case": case,
        "maker": maker_of(document),
        "hindrances": hindrances_of(document, case),
        "number": fixed_number(document, case) or _next(document),
        "warnings": rare_in(paper_of(document, case)),
    }
    return render(request, "posts/document_issue.html", context, status=400 if form.errors else 200)


def _next(document):
    year = timezone.localdate().year
    if not document.code:
        return ""
    return number_text(document.code, year, next_number(document.org_unit, document.code, year))


@login_required
@require_POST
def document_discard(request, pk):
    discard_document(_get(request, pk), actor=request.user)
    messages.success(request, _("The draft has been discarded."))
    return redirect("posts:document_list")


@login_required
def document_numbers(request):
    """The register: every number that was given, and the gaps; a number of a paper outside is entered here."""
    if not may_anywhere(request.user, "issue_document"):
        raise PermissionDenied
    units = units_for(request.user, "issue_document")
    form = NoteNumberForm(posted(request), units=units)
    if form.is_valid():
        data = dict(form.cleaned_data)
        if run_form(form, note_number, data.pop("org_unit"), actor=request.user, **data):
            messages.success(request, _("The number has been entered."))
            return redirect("posts:document_numbers")
    all_series = NumberSeries.objects.filter(org_unit__in=units).select_related("org_unit")
    all_series = list(all_series.annotate(given=Count("numbers")))
    chosen = next(
        (s for s in all_series if str(s.pk) == request.GET.get("series")), all_series[0] if all_series else None
    )
    rows = DocumentNumber.objects.filter(series=chosen).select_related("document", "given_by", "series")
    context = {
        "form": form,
        "all_series": all_series,
        "chosen": chosen,
        "numbers": rows.order_by("-serial") if chosen else [],
        "gaps": gaps_of(chosen) if chosen else [],
    }
    return render(request, "posts/document_numbers.html", context, status=400 if form.errors else 200)


def _get(request, pk):
    return get_object_or_404(OfficialDocument.objects.visible_to(request.user).select_related(*RELATED), pk=pk)
