from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from campaigns.domain.errors import DomainError
from campaigns.domain.ledgers import find_ledger
from campaigns.forms.ledgers import LedgerFilter
from campaigns.models import Campaign
from campaigns.views.base import require
from posts.documents.page_images import picture_pages
from posts.domain.archive_prints import may_archive
from posts.domain.ledger_prints import ledger_params
from posts.domain.print_jobs import cancel_print, order_print, print_or_order, remove_print, retry_print
from posts.domain.print_makers import PDF, PrintedFile, label_of
from posts.models import PrintJob

#: A finished paper is pictured on its page: so many pages of a file of so many bytes at the most.
PAGES_SHOWN, MOST_SHOWN = 3, 8 * 1024 * 1024


class PrintList(LoginRequiredMixin, ListView):
    """My own downloads 下载. While something is being made the page looks again by itself."""

    template_name = "posts/print_list.html"
    context_object_name = "jobs"
    paginate_by = 20

    def get_queryset(self):
        return PrintJob.objects.visible_to(self.request.user).for_list()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        rows = [(job, label_of(job.kind)) for job in context["jobs"]]
        return context | {"rows": rows, "is_busy": any(job.is_at_work for job in context["jobs"])}


class PrintDetail(LoginRequiredMixin, DetailView):
    """Progress, result or what went wrong."""

    template_name = "posts/print_detail.html"
    context_object_name = "job"

    def get_queryset(self):
        return PrintJob.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        context = {"label": label_of(self.object.kind), "pages": self._pages()}
        return super().get_context_data(**context, **kwargs)

    def _pages(self):
        """The first pages of a finished paper, to be looked at before it is printed."""
        job = self.object
        if not job.is_ready or job.content_type != PDF or job.size > MOST_SHOWN or not job.result.exists():
            return None
        return picture_pages(job.result.read_bytes(), shown=PAGES_SHOWN)


@login_required
def print_file(request, pk, as_attachment=True):
    """The finished file; a PDF can be looked at in the browser before it is taken along."""
    job = get_object_or_404(PrintJob.objects.visible_to(request.user), pk=pk)
    if not job.is_ready or not job.result.exists() or not (as_attachment or job.is_pdf):
        raise Http404
    file = job.result.open("rb")
    answer = FileResponse(file, as_attachment=as_attachment, filename=job.file_name, content_type=job.content_type)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@login_required
def print_cancel(request, pk):
    cancel_print(get_object_or_404(PrintJob.objects.visible_to(request.user), pk=pk), actor=request.user)
    messages.success(request, _("The print job has been cancelled."))
    return HttpResponseRedirect(reverse("posts:print_detail", args=[pk]))


@require_POST
@login_required
def print_retry(request, pk):
    retry_print(get_object_or_404(PrintJob.objects.visible_to(request.user), pk=pk), actor=request.user)
    return HttpResponseRedirect(reverse("posts:print_detail", args=[pk]))


@require_POST
@login_required
def print_remove(request, pk):
    remove_print(get_object_or_404(PrintJob.objects.visible_to(request.user), pk=pk), actor=request.user)
    messages.success(request, _("The file has been deleted."))
    return HttpResponseRedirect(reverse("posts:print_list"))


def answer_with_print(request, kind, params, *, title, as_attachment=True):
    """For the views of all papers: the file itself when it is small, else the page of the job that makes it."""
    made = print_or_order(kind, actor=request.user, params=params, title=title)
    if not isinstance(made, PrintedFile):
        return HttpResponseRedirect(reverse("posts:print_detail", args=[made.pk]))
    answer = HttpResponse(made.content, content_type=made.content_type)
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment, made.name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@login_required
def ledger_pdf(request, code, as_attachment=True):
    """A ledger on paper, narrowed as its page is, to take along or to look at; a long one is made by the clock."""
    entry = find_ledger(code, request.user)
    if entry is None:
        raise Http404
    form = LedgerFilter(request.GET, ledger=entry, user=request.user)
    params = ledger_params(code, form.wanted(), form.told())
    try:
        return answer_with_print(request, "ledger", params, title=str(entry.label), as_attachment=as_attachment)
    except DomainError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(f"{reverse('campaigns:ledger', args=[code])}?{request.GET.urlencode()}")


@require_POST
@login_required
def campaign_archive(request, pk):
    """Order the archive of a campaign."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    require(may_archive(request.user, campaign))
    title = _("Archive of %(campaign)s") % {"campaign": campaign}
    job = order_print("archive", actor=request.user, params={"campaign": pk}, title=title)
    return HttpResponseRedirect(reverse("posts:print_detail", args=[job.pk]))
