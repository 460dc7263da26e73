"""The page of a zone's tasks: what to do, what was done, what is published."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.forms.base import run as run_form
from posts.domain import zones
from posts.forms.zones import PublishForm, ResultForm, TaskForm
from posts.models import Conferral, TaskResult, ZoneTask


def _zone(request, pk):
    posts = Conferral.objects.visible_to(request.user).filter(post_kind__holder="zone")
    return get_object_or_404(posts.select_related("post_kind", "org_unit", "campaign"), pk=pk)


def _page(request, conferral, *, forms=None, failed=None):
    forms = forms or {}
    tasks = zones.tasks_with_progress(conferral)
    for task in tasks:
        task.form = forms["result"] if failed == task.pk else ResultForm(prefix=f"t{task.pk}")
    waiting = TaskResult.objects.filter(task__conferral=conferral, publication__isnull=True)
    context = {
        "conferral": conferral,
        "tasks": tasks,
        "waiting": waiting.select_related("task", "recorded_by").order_by("-on", "-pk"),
        "publications": conferral.publications.prefetch_related("results__task"),
        "may_record": zones.may_record(request.user, conferral),
        "may_manage": zones.may_manage(request.user, conferral),
        "may_publish": zones.may_publish(request.user, conferral),
        "task_form": forms.get("task") or TaskForm(),
        "publish_form": forms.get("publish") or PublishForm(),
        "publishes": conferral.post_kind.rules.get("publish_results"),
    }
    return render(request, "posts/zone_tasks.html", context, status=400 if forms else 200)


@login_required
def zone_tasks(request, pk):
    """Everybody who sees the zone reads it; the forms are there for who may use them."""
    return _page(request, _zone(request, pk))


@require_POST
@login_required
def result_add(request, pk):
    task = get_object_or_404(ZoneTask.objects.filter(conferral__in=Conferral.objects.visible_to(request.user)), pk=pk)
    conferral = _zone(request, task.conferral_id)
    form = ResultForm(request.POST, prefix=f"t{task.pk}")
    if form.is_valid() and run_form(form, zones.record_result, task, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The result has been recorded."))
        return redirect("posts:zone_tasks", conferral.pk)
    return _page(request, conferral, forms={"result": form}, failed=task.pk)


@require_POST
@login_required
def result_remove(request, pk):
    visible = Conferral.objects.visible_to(request.user)
    result = get_object_or_404(TaskResult.objects.filter(task__conferral__in=visible).select_related("task"), pk=pk)
    zones.remove_result(result, actor=request.user)
    messages.success(request, _("The entry has been taken out."))
    return redirect("posts:zone_tasks", result.task.conferral_id)


@require_POST
@login_required
def task_add(request, pk):
    conferral = _zone(request, pk)
    if not zones.may_manage(request.user, conferral):
        raise PermissionDenied
    form = TaskForm(request.POST)
    if form.is_valid() and run_form(form, zones.add_task, conferral, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The task has been added."))
        return redirect("posts:zone_tasks", pk)
    return _page(request, conferral, forms={"task": form})


@require_POST
@login_required
def task_close(request, pk):
    task = get_object_or_404(ZoneTask.objects.filter(conferral__in=Conferral.objects.visible_to(request.user)), pk=pk)
    zones.close_task(task, actor=request.user)
    messages.success(request, _("The task has been closed."))
    return redirect("posts:zone_tasks", task.conferral_id)


@require_POST
@login_required
def results_publish(request, pk):
    conferral = _zone(request, pk)
    form = PublishForm(request.POST)
    if form.is_valid() and run_form(form, zones.publish_results, conferral, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The results have been published."))
        return redirect("posts:zone_tasks", pk)
    return _page(request, conferral, forms={"publish": form})
