from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaigns.domain.library import find_entry, library, store_scheme
from campaigns.domain.schemes import examine_scheme
from campaigns.forms.base import run
from campaigns.forms.campaigns import SchemeUploadForm
from campaigns.permissions import may_anywhere
from campaigns.schemes.explain import explain_scheme


def _require_reader(user):
    """Schemes hold nothing personal, but they are no business of somebody without any role."""
    if not may_anywhere(user, "view_unit"):
        raise Http404


def _entry(user, code):
    _require_reader(user)
    if (entry := find_entry(code)) is None:
        raise Http404
    return entry


@login_required
def scheme_list(request):
    _require_reader(request.user)
    context = {"entries": library(), "may_manage": may_anywhere(request.user, "manage_campaign")}
    return render(request, "campaigns/scheme_list.html", context)


@login_required
def scheme_detail(request, code):
    """The scheme in plain sentences, with the clause beside each rule."""
    entry = _entry(request.user, code)
    examination = examine_scheme(entry.text, filename=f"{code}.toml")
    context = {
        "entry": entry,
        "scheme": entry.scheme,
        "sections": explain_scheme(entry.scheme),
        "warnings": examination.warnings,
        "may_manage": may_anywhere(request.user, "manage_campaign"),
    }
    return render(request, "campaigns/scheme_detail.html", context)


@login_required
def scheme_download(request, code):
    entry = _entry(request.user, code)
    headers = {"Content-Disposition": f'attachment; filename="{entry.code}.toml"'}
    return HttpResponse(entry.text, content_type="application/toml; charset=utf-8", headers=headers)


@login_required
def scheme_upload(request):
    """Check a file and keep it. With faults the text comes back with each fault at its line."""
    _require_reader(request.user)
    if not may_anywhere(request.user, "manage_campaign"):
        raise PermissionDenied
    if request.method != "POST":
        start = find_entry(request.GET.get("from", ""))
        form = SchemeUploadForm(initial={"text": start.text if start else ""})
        return render(request, "campaigns/scheme_upload.html", {"form": form})
    form = SchemeUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "campaigns/scheme_upload.html", {"form": form}, status=400)
    content, name = form.content()
    examination = examine_scheme(content, filename=name)
    if examination.scheme and (stored := run(form, store_scheme, content, actor=request.user, filename=name)):
        messages.success(request, _("“%(title)s” is in the library.") % {"title": stored.title})
        return redirect("campaigns:scheme_detail", stored.code)
    return _faulty(request, form, examination)


def _faulty(request, form, examination):
    again = SchemeUploadForm(initial={"text": examination.text})
    errors = [*form.non_field_errors(), *form.errors.get("text", [])]
    lines = ["", *examination.text.split("\n"), ""]
    problems = [(problem, lines[min(problem.line, len(lines) - 1)].strip()) for problem in examination.problems]
    context = {"form": again, "errors": errors, "problems": problems}
    return render(request, "campaigns/scheme_upload.html", context, status=400)
