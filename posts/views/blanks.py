"""The unit's own blanks: list, upload with its check, the list of fields, versions, and the filled document."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from campaigns.domain.errors import DomainError
from campaigns.permissions import may_anywhere, may_on_unit
from posts.documents.blank_starter import starter_blank
from posts.documents.blank_template import CONDITION
from posts.documents.office import no_office, office_program
from posts.domain.blank_kinds import each_blank_kind, find_blank_kind
from posts.domain.blank_prints import order_blank_pdf
from posts.domain.blanks import KEEPS, BlankFaultsError, fill_for, keep_blank, may_keep, retire_blank, versions_of
from posts.forms.blanks import BlankForm, ReplaceBlankForm
from posts.models import Blank

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class BlankList(LoginRequiredMixin, ListView):
    """The blanks in use that hold for the reader's units."""

    template_name = "posts/blank_list.html"
    context_object_name = "blanks"
    paginate_by = 30

    def get_queryset(self):
        return Blank.objects.visible_to(self.request.user).active().for_list()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        labels = {kind.code: kind.label for kind in each_blank_kind()}
        rows = [(blank, labels.get(blank.kind, blank.kind)) for blank in context["blanks"]]
        return context | {"rows": rows, "may_keep": may_anywhere(self.request.user, KEEPS), "kinds": each_blank_kind()}


@login_required
def blank_create(request):
    if not may_anywhere(request.user, KEEPS):
        raise PermissionDenied
    form = BlankForm(request.POST or None, request.FILES or None, user=request.user)
    if form.is_valid():
        blank, faults = _keep(form, request.user)
        if blank:
            messages.success(request, _("The blank has been checked and kept."))
            return redirect("posts:blank_detail", blank.pk)
    else:
        faults = []
    context = {"form": form, "faults": faults, "kinds": each_blank_kind()}
    return render(request, "posts/blank_form.html", context, status=400 if form.errors else 200)


@login_required
def blank_detail(request, pk):
    blank = get_object_or_404(Blank.objects.visible_to(request.user).for_list(), pk=pk)
    context = {
        "blank": blank,
        "kind": find_blank_kind(blank.kind),
        "versions": versions_of(blank),
        "may_keep": blank.is_active and may_keep(request.user, blank),
        "form": ReplaceBlankForm(),
        "no_office": "" if office_program() else no_office(),
    }
    return render(request, "posts/blank_detail.html", context)


@login_required
def blank_replace(request, pk):
    """The next version, checked as the first one was."""
    blank = get_object_or_404(Blank.objects.visible_to(request.user).for_list(), pk=pk)
    if not may_on_unit(request.user, KEEPS, blank.org_unit):
        raise PermissionDenied
    form, faults = ReplaceBlankForm(request.POST or None, request.FILES or None), []
    if form.is_valid():
        same = {"org_unit": blank.org_unit, "kind": blank.kind, "title": blank.title, "replaces": blank}
        fresh, faults = _keep(form, request.user, **same)
        if fresh:
            messages.success(request, _("The new version is in use; the old one stays in the history."))
            return redirect("posts:blank_detail", fresh.pk)
    context = {"form": form, "faults": faults, "blank": blank, "kinds": each_blank_kind()}
    return render(request, "posts/blank_form.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
def blank_retire(request, pk):
    blank = get_object_or_404(Blank.objects.visible_to(request.user), pk=pk)
    retire_blank(blank, actor=request.user)
    messages.success(request, _("The blank is out of use; it stays in the history."))
    return redirect("posts:blank_detail", pk)


@login_required
def blank_file(request, pk):
    """The blank itself, as it was uploaded."""
    blank = get_object_or_404(Blank.objects.visible_to(request.user), pk=pk)
    with blank.file.open("rb") as stream:
        return _send(stream.read(), blank.name)


@login_required
def blank_fields(request, kind):
    """Every field of a kind of case with its meaning and an example."""
    found = find_blank_kind(kind)
    if found is None:
        raise Http404
    context = {"kind": found, "kinds": each_blank_kind(), "condition": CONDITION}
    return render(request, "posts/blank_fields.html", context)


@login_required
def blank_starter(request, kind):
    """A Word file with all fields, to begin with."""
    found = find_blank_kind(kind)
    if found is None:
        raise Http404
    fields = [(each.name, str(each.what)) for each in found.fields]
    lists = [
        (each.name, str(each.what), [(column.name, str(column.what)) for column in each.columns])
        for each in found.lists
    ]
    return _send(starter_blank(str(found.label), fields, lists), f"{kind}.docx")


@login_required
@never_cache
def blank_fill(request, pk, case_pk, suffix):
    """The blank filled for a case, for those who see the case: as Word, or as PDF by the clock and LibreOffice."""
    blank = get_object_or_404(Blank.objects.active(), pk=pk)
    kind = find_blank_kind(blank.kind)
    if kind is None:
        raise Http404
    case = get_object_or_404(kind.rows(request.user), pk=case_pk)
    if not Blank.objects.filter(pk=pk).for_unit(kind.unit_of(case)).exists():
        raise Http404
    if suffix == "pdf":
        return redirect("posts:print_detail", order_blank_pdf(blank, case, actor=request.user).pk)
    return _send(fill_for(blank, case, user=request.user), f"{blank.title}-{case}.docx")


def _keep(form, user, **given):
    """The blank that was kept, or None with what is wrong in the form and with the marks."""
    data = {**form.cleaned_data, **given}
    unit = data.pop("org_unit")
    try:
        return keep_blank(unit, actor=user, **data), []
    except BlankFaultsError as error:
        form.add_error("upload", str(error))
        return None, error.faults
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, str(error))
        return None, []


def _send(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
