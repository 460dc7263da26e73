"""Public notices at the office and in the branch."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import DetailView, ListView

from campaigns.forms.base import run as run_form
from campaigns.permissions import may_anywhere, may_on_unit, require_on_unit
from posts.documents.fonts import FANGSONG
from posts.documents.rare import rare_warnings
from posts.domain.document_papers import notice_pdf
from posts.domain.notices import draft_notice, publish_notice, result_sentence, runs_to_publish, withdraw_notice
from posts.forms.notices import NoticeForm, WithdrawForm
from posts.models import Notice
from posts.models.notice import OPEN_OBJECTIONS
from posts.views.look_first import look_first


class NoticeListView(LoginRequiredMixin, ListView):
    template_name = "posts/notice_list.html"
    paginate_by = 20

    def get_queryset(self):
        today = timezone.localdate()
        found = Notice.objects.visible_to(self.request.user).select_related("campaign", "org_unit")
        state = self.request.GET.get("state")
        if state == "running":
            found = found.filter(ends_on__gte=today, withdrawn_at__isnull=True)
        elif state == "over":
            found = found.filter(Q(ends_on__lt=today) | Q(withdrawn_at__isnull=False))
        waiting = Count("items__objections", filter=Q(items__objections__status__in=OPEN_OBJECTIONS), distinct=True)
        found = found.annotate(posts=Count("items", distinct=True), open_objections=waiting)
        return found.order_by("-starts_on", "-pk")

    def get_context_data(self, **kwargs):
        groups: dict = {}
        for run in runs_to_publish(self.request.user):
            groups.setdefault((run.actor_unit or run.nomination.org_unit, run.nomination.campaign), []).append(run)
        waiting = [{"unit": unit, "campaign": campaign, "runs": runs} for (unit, campaign), runs in groups.items()]
        may_handle = may_anywhere(self.request.user, "handle_objection")
        state = self.request.GET.get("state", "")
        return super().get_context_data(waiting=waiting, state=state, may_handle=may_handle, **kwargs)


class NoticeDetailView(LoginRequiredMixin, DetailView):
    template_name = "posts/notice_detail.html"

    def get_queryset(self):
        return Notice.objects.visible_to(self.request.user).select_related("campaign", "org_unit", "published_by")

    def get_context_data(self, **kwargs):
        notice, user = self.object, self.request.user
        may_publish = may_on_unit(user, "publish_notice", notice.org_unit)
        items = notice.items.select_related("run__nomination")
        return super().get_context_data(
            items=items,
            annex=[(number, item.snapshot) for number, item in enumerate(items, 1)],
            result=result_sentence(notice),
            can_withdraw=may_publish and notice.phase in {"planned", "running"},
            can_register=may_on_unit(user, "handle_objection", notice.org_unit) and not notice.withdrawn_at,
            **kwargs,
        )


@login_required
def notice_create(request):
    """The form with a preview of the sheet; published only by the second button."""
    ids = [int(pk) for pk in request.GET.getlist("run") + request.POST.getlist("run") if pk.isdigit()]
    runs = list(
        runs_to_publish(request.user)
        .filter(pk__in=ids)
        .prefetch_related("nomination__members__member", "nomination__runs")
        .select_related("nomination__campaign__owner", "nomination__post_kind", "nomination__org_unit")
    )
    if not runs:
        raise Http404
    if request.method != "POST":
        draft = draft_notice(runs)
        return _draft_page(request, NoticeForm(initial=NoticeForm.initial_of(draft)), draft)
    form = NoticeForm(request.POST)
    if not form.is_valid():
        return _draft_page(request, form, draft_notice(runs), status=400)
    if request.POST.get("action") != "publish":
        draft = run_form(form, draft_notice, runs, **form.wishes())
        if draft:
            return _draft_page(request, NoticeForm(initial=NoticeForm.initial_of(draft)), draft)
        return _draft_page(request, form, draft_notice(runs), status=400)
    notice = run_form(form, publish_notice, runs, actor=request.user, **form.wishes())
    if notice is None:
        return _draft_page(request, form, draft_notice(runs), status=400)
    messages.success(request, _("The notice is published. Print the sheet and hang it up."))
    return redirect("posts:notice_detail", notice.pk)


def _draft_page(request, form, draft, status=200):
    first = draft.runs[0]
    context = {
        "form": form,
        "draft": draft,
        "annex": list(enumerate(draft.snapshots, 1)),
        "unit": first.actor_unit or first.nomination.org_unit,
    }
    return render(request, "posts/notice_form.html", context, status=status)


@login_required
def notice_withdraw(request, pk):
    notice = get_object_or_404(Notice.objects.visible_to(request.user).select_related("org_unit"), pk=pk)
    require_on_unit(request.user, "publish_notice", notice.org_unit)
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        run_form(form, withdraw_notice, notice, actor=request.user, reason=form.cleaned_data["reason"])
        if form.is_valid():
            messages.success(request, _("The notice is withdrawn; its nominations wait for a new one."))
            return redirect("posts:notice_detail", pk)
    status = 400 if form.errors else 200
    return render(request, "posts/notice_withdraw.html", {"form": form, "notice": notice}, status=status)


@login_required
def notice_sheet(request, pk):
    """The printable sheet, as it was published."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user).select_related("org_unit"), pk=pk)
    if answer := look_first(request, notice.title, rare_warnings([notice.title, notice.text], family=FANGSONG)):
        return answer
    response = HttpResponse(notice_pdf(notice), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="notice-{notice.pk}.pdf"'
    return response
