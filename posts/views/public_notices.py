"""What everybody may read: notices that are running, and the state of an objection for whoever has its number."""

from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from campaigns.forms.base import run as run_form
from posts.domain.notices import result_sentence
from posts.domain.objections import file_objection
from posts.forms.notices import NumberForm, ObjectionForm
from posts.models import Notice, Objection

MAX_AN_HOUR = 5


@never_cache
def public_notice_list(request):
    notices = Notice.objects.on_show().select_related("org_unit")
    return render(request, "posts/public_notice_list.html", {"notices": notices, "form": NumberForm()})


@never_cache
def public_notice(request, public_id):
    """The notice while it runs, with the form; afterwards that it is over, without the names (410)."""
    notice = get_object_or_404(Notice.objects.select_related("org_unit"), public_id=public_id)
    items = notice.items.live().select_related("run__nomination", "notice")
    form = ObjectionForm(request.POST if request.method == "POST" else None, items=items)
    if request.method == "POST":
        return _file(request, notice, items, form)
    if notice.phase != "running" or not items:
        return _closed(request, notice)
    return _page(request, notice, items, form)


@never_cache
def public_objection(request, public_id):
    objection = get_object_or_404(Objection.objects.select_related("item__notice__org_unit"), public_id=public_id)
    return render(request, "posts/public_objection.html", {"objection": objection, "notice": objection.item.notice})


@never_cache
def public_objection_search(request):
    """From the typed number to the page of the objection."""
    form = NumberForm(request.GET or None)
    if form.is_valid():
        number = form.cleaned_data["number"].strip()
        if Objection.objects.filter(public_id=number).exists():
            return redirect("posts:public_objection", number)
        form.add_error("number", _("No objection has this number. Check small and capital letters."))
    notices = Notice.objects.on_show().select_related("org_unit")
    context = {"notices": notices, "form": form}
    return render(request, "posts/public_notice_list.html", context, status=404 if form.errors else 200)


def _file(request, notice, items, form) -> HttpResponse:
    if form.is_valid() and form.is_trapped:
        return redirect("posts:public_notice_list")
    if form.is_valid() and not _may_file(request):
        form.add_error(None, _("Too many objections came from your connection in this hour. Call the office instead."))
        return _page(request, notice, items, form, status=429)
    if form.is_valid():
        found = run_form(form, file_objection, form.cleaned_data["item"], **form.wishes())
        if found:
            return redirect("posts:public_objection", found.public_id)
    return _page(request, notice, items, form, status=400)


def _page(request, notice, items, form, status=200):
    context = {"notice": notice, "items": items, "form": form, "result": result_sentence(notice)}
    return render(request, "posts/public_notice.html", context, status=status)


def _closed(request, notice):
    context = {"notice": notice, "result": result_sentence(notice) if notice.is_over else ""}
    status = 200 if notice.phase == "planned" else 410
    return render(request, "posts/public_notice_closed.html", context, status=status)


def _may_file(request) -> bool:
    """A few objections an hour from one connection. Only a keyed hash of the address is kept, for that hour."""
    address = request.META.get("REMOTE_ADDR", "")
    key = "objections:" + salted_hmac("objections", address).hexdigest()[:24]
    cache.add(key, 0, 3600)
    return cache.incr(key) <= MAX_AN_HOUR
