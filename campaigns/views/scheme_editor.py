"""Writing a scheme with forms. Every button sends the page; it is kept as a draft before anything else happens."""

from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.domain.errors import DomainError
from campaigns.domain.scheme_drafts import (
    discard_draft,
    draft_from_text,
    drafts_of,
    edit_draft,
    examine_draft,
    mark_checked,
    raw_of,
    start_draft,
    store_draft,
    text_of,
    title_of,
    undo_removal,
)
from campaigns.domain.schemes import SchemeError
from campaigns.presenters_schemes import editor_page, reading_page
from campaigns.schemes.places import find_place
from campaigns.views.schemes import entry_or_404, require_manager


def _address(draft, where="", anchor=""):
    args = [draft.pk, where] if where else [draft.pk]
    return reverse("campaigns:scheme_edit", args=args) + (f"#{anchor}" if anchor else "")


def _draft(request, pk):
    require_manager(request.user)
    return get_object_or_404(drafts_of(request.user), pk=pk)


@login_required
@require_POST
def scheme_draft_start(request):
    """A copy of a scheme, an own scheme itself, a faulty text, or an empty one."""
    require_manager(request.user)
    if "text" in request.POST:
        draft = draft_from_text(request.POST["text"].replace("\r\n", "\n"), actor=request.user)
    else:
        code = request.POST.get("from", "")
        entry = entry_or_404(request.user, code) if code else None
        draft = start_draft(actor=request.user, entry=entry, in_place="in_place" in request.POST)
    return redirect(_address(draft))


@login_required
def scheme_edit(request, pk, where=""):
    draft = _draft(request, pk)
    place = find_place(raw_of(draft), where)
    if place is None:
        raise Http404
    if request.method == "POST":
        return _take_over(request, draft, place)
    context = editor_page(draft, place, examine_draft(draft)) | {"window": uuid4().hex}
    return render(request, "campaigns/scheme_edit.html", context)


def _take_over(request, draft, place):
    data = request.POST
    version = int(data["version"]) if data.get("version", "").isdecimal() else 0
    here = {"place": place, "version": version, "window": data.get("window", "")}
    draft, edit = edit_draft(draft, actor=request.user, data=data, **here)
    if request.htmx:
        context = {"draft": draft, "window": draft.window}
        return render(request, "campaigns/includes/_scheme_live.html", context)
    for note in edit.notes:
        messages.info(request, note)
    match data.get("do"):
        case "undo":
            undo_removal(draft, actor=request.user)
        case "check":
            return _check(request, draft, edit)
        case "store":
            return _store(request, draft, edit)
        case "keep":
            messages.success(request, _("The draft is kept."))
    return redirect(_address(draft, edit.address, edit.anchor))


def _check(request, draft, edit):
    mark_checked(draft, actor=request.user)
    if not examine_draft(draft).problems:
        messages.success(request, _("No faults. The scheme can be stored."))
    return redirect(_address(draft, edit.address, "summary"))


def _store(request, draft, edit):
    try:
        stored = store_draft(draft, actor=request.user)
    except SchemeError:
        mark_checked(draft, actor=request.user)
        return redirect(_address(draft, edit.address, "summary"))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(_address(draft, edit.address))
    messages.success(request, _("“%(title)s” is in the library.") % {"title": stored.title})
    return redirect("campaigns:scheme_detail", stored.code)


@login_required
def scheme_draft_read(request, pk):
    """The draft as a page to read; with faults it cannot be read yet."""
    draft = _draft(request, pk)
    examination = examine_draft(draft)
    if examination.scheme is None:
        mark_checked(draft, actor=request.user)
        messages.error(request, _("A scheme with faults cannot be read as a page yet."))
        return redirect(_address(draft, "", "summary"))
    context = reading_page(examination.scheme, examination.warnings) | {"draft": draft, "title": title_of(draft)}
    return render(request, "campaigns/scheme_read.html", context)


@login_required
def scheme_draft_download(request, pk):
    draft = _draft(request, pk)
    headers = {"Content-Disposition": 'attachment; filename="draft.toml"'}
    return HttpResponse(text_of(draft), content_type="application/toml; charset=utf-8", headers=headers)


@login_required
@require_POST
def scheme_draft_discard(request, pk):
    draft = _draft(request, pk)
    title = title_of(draft)
    discard_draft(draft, actor=request.user)
    messages.success(request, _("The draft “%(title)s” was thrown away.") % {"title": title})
    return redirect("campaigns:scheme_list")
