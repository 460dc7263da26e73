from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from campaigns.domain.errors import StaleError
from campaigns.domain.exports import XLSX, Column, write_xlsx
from campaigns.domain.imports.jobs import LISTS, confirm_import, discard_import, start_import
from campaigns.domain.imports.template import export_workbook, template_workbook
from campaigns.forms.imports import ImportForm, scopes
from campaigns.models import ImportJob, ImportState
from campaigns.permissions import may_anywhere, require_on_unit
from campaigns.tasks import nudge
from campaigns.views.base import RuleFormView, require


class ImportList(LoginRequiredMixin, ListView):
    """What can be taken in and out, and what was."""

    template_name = "campaigns/importjob_list.html"
    context_object_name = "jobs"
    paginate_by = 20

    def get_queryset(self):
        return ImportJob.objects.visible_to(self.request.user).for_list()

    def get_context_data(self, **kwargs):
        user = self.request.user
        lists = [kind for kind in LISTS.values() if may_anywhere(user, kind.permission)]
        require(bool(lists))
        return super().get_context_data(lists=lists, **kwargs)


class ImportCreate(RuleFormView):
    """Upload a workbook."""

    form_class = ImportForm
    template_name = "campaigns/importjob_form.html"

    def load(self):
        return _list(self.kwargs["kind"])

    def check_right(self):
        require(may_anywhere(self.request.user, self.object.permission))

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user, "kind": self.object.code}

    def act(self, form):
        data = form.cleaned_data
        job = start_import(data["file"], kind=self.object.code, org_unit=data["org_unit"], actor=self.request.user)
        nudge()
        return job

    def success_url_for(self, result):
        return reverse("campaigns:import_detail", args=[result.pk])


class ImportDetail(LoginRequiredMixin, DetailView):
    """Progress, preview, errors, result. While the clock is at work the page looks again by itself."""

    template_name = "campaigns/importjob_detail.html"
    context_object_name = "job"

    def get_queryset(self):
        return ImportJob.objects.visible_to(self.request.user).select_related("org_unit", "created_by")

    def get_context_data(self, **kwargs):
        return super().get_context_data(list=LISTS[self.object.kind], states=ImportState, **kwargs)


@require_POST
@login_required
def confirm(request, pk):
    job = get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk)
    try:
        job = confirm_import(job, actor=request.user)
    except StaleError as error:
        messages.warning(request, str(error))
    if job.state == ImportState.WRITTEN:
        messages.success(request, _("The list has been written."))
    nudge()
    return HttpResponseRedirect(reverse("campaigns:import_detail", args=[pk]))


@require_POST
@login_required
def discard(request, pk):
    discard_import(get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk), actor=request.user)
    messages.success(request, _("The list has been discarded; its file is deleted."))
    return HttpResponseRedirect(reverse("campaigns:import_list"))


@login_required
def errors(request, pk):
    """The wrong cells as a workbook, to work them off one by one."""
    job = get_object_or_404(ImportJob.objects.visible_to(request.user), pk=pk)
    columns = [Column("行", 8), Column("列", 16), Column("内容", 30), Column("问题", 80)]
    rows = ([e["row"], e["column"], e["value"], e["error"]] for e in job.errors)
    return _download(write_xlsx(columns, rows, title="问题清单"), f"errors-{job.pk}")


@login_required
def template(request, kind):
    list_class = _list(kind)
    require(may_anywhere(request.user, list_class.permission))
    return _download(template_workbook(list_class), f"{list_class.sheet}-模板")


@login_required
def export(request, kind):
    list_class = _list(kind)
    offered = scopes(request.user, list_class.code)
    unit = (
        get_object_or_404(offered, pk=request.GET["unit"]) if request.GET.get("unit", "").isdigit() else offered.first()
    )
    require(unit is not None)
    require_on_unit(request.user, list_class.permission, unit)
    data = export_workbook(list_class, org_unit=unit, actor=request.user)
    return _download(data, f"{list_class.sheet}-{unit.code}-{timezone.localdate()}")


def _list(kind):
    if kind not in LISTS:
        raise Http404
    return LISTS[kind]


def _download(data, name):
    response = HttpResponse(data, content_type=XLSX)
    response.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=f"{name}.xlsx")
    return response
