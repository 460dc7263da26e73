"""The library: find, read, compare, add and remove schemes."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from campaigns.domain.history import recent_lines
from campaigns.domain.library import examined, find_entry, library, remove_scheme, store_scheme
from campaigns.domain.page_parts import actions_of_scheme
from campaigns.domain.rule_files import rules_as_file
from campaigns.domain.scheme_drafts import drafts_of, title_of
from campaigns.domain.schemes import examine_scheme
from campaigns.forms.base import run
from campaigns.forms.campaigns import SchemeUploadForm
from campaigns.models import Campaign
from campaigns.models import Scheme as StoredScheme
from campaigns.permissions import may_anywhere
from campaigns.presenters_schemes import compare_page, library_page, reading_page


def require_reader(user):
    """Schemes hold nothing personal, but they are no business of somebody without any role."""
    if not may_anywhere(user, "view_unit"):
        raise Http404


def require_manager(user):
    require_reader(user)
    if not may_anywhere(user, "manage_campaign"):
        raise PermissionDenied


def entry_or_404(user, code):
    require_reader(user)
    if (entry := find_entry(code)) is None:
        raise Http404
    return entry


@login_required
def scheme_list(request):
    require_reader(request.user)
    context = library_page(library(), request.GET) | {
        "may_manage": may_anywhere(request.user, "manage_campaign"),
        "drafts": [(draft, title_of(draft)) for draft in drafts_of(request.user)],
    }
    return render(request, "campaigns/scheme_list.html", context)


@login_required
def scheme_detail(request, code):
    """The scheme in plain sentences, with the clause beside each rule."""
    entry = entry_or_404(request.user, code)
    examination = examined(entry.text)
    stored = StoredScheme.objects.filter(code=code).first()
    context = reading_page(examination.scheme, examination.warnings) | {
        "entry": entry,
        "title": entry.title,
        "history": recent_lines(stored, request.user) if stored else [],
        "others": [other for other in library() if other.code != code],
        "may_manage": may_anywhere(request.user, "manage_campaign"),
        "actions": actions_of_scheme(code, request.user),
    }
    return render(request, "campaigns/scheme_read.html", context)


@login_required
def scheme_compare(request):
    """Two schemes side by side. Without a choice: the form to choose them."""
    require_reader(request.user)
    entries = library()
    codes = [request.GET.get("a", ""), request.GET.get("b", "")]
    chosen = [next((entry for entry in entries if entry.code == code), None) for code in codes]
    if any(code and entry is None for code, entry in zip(codes, chosen, strict=True)):
        raise Http404
    only = "only" in request.GET
    return render(request, "campaigns/scheme_compare.html", compare_page(entries, *chosen, only=only))


@login_required
def scheme_download(request, code):
    entry = entry_or_404(request.user, code)
    headers = {"Content-Disposition": f'attachment; filename="{entry.code}.toml"'}
    return HttpResponse(entry.text, content_type="application/toml; charset=utf-8", headers=headers)


@login_required
def campaign_rules(request, pk):
    """The rules of a campaign, with its own figures and dates, as a scheme file."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user), pk=pk)
    if not campaign.scheme_text:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{campaign.scheme_code}-{campaign.year}.toml"'}
    return HttpResponse(rules_as_file(campaign), content_type="application/toml; charset=utf-8", headers=headers)


@login_required
def scheme_remove(request, code):
    require_manager(request.user)
    stored = get_object_or_404(StoredScheme, code=code)
    if request.method == "POST":
        remove_scheme(stored, actor=request.user, sha256=request.POST.get("sha256", ""))
        messages.success(request, _("“%(title)s” was removed from the library.") % {"title": stored.title})
        return redirect("campaigns:scheme_list")
    return render(request, "campaigns/scheme_remove.html", {"stored": stored})


@login_required
def scheme_upload(request):
    """Check a file and keep it. With faults the text comes back with each fault at its line."""
    require_manager(request.user)
    form = SchemeUploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        status = 400 if request.method == "POST" else 200
        return render(request, "campaigns/scheme_upload.html", {"form": form}, status=status)
    content, name = form.content()
    examination = examine_scheme(content, filename=name)
    if examination.scheme is None:
        return _faulty(request, form, examination)
    old = StoredScheme.objects.filter(code=examination.scheme.scheme.code).first()
    replaces = request.POST.get("replaces", "")
    if old and not replaces and old.text != examination.text:
        return _ask_to_replace(request, old, examination)
    replaces = old.sha256 if old and not replaces else replaces
    if stored := run(form, store_scheme, content, actor=request.user, filename=name, replaces=replaces):
        messages.success(request, _("“%(title)s” is in the library.") % {"title": stored.title})
        return redirect("campaigns:scheme_detail", stored.code)
    return _faulty(request, form, examination)


def _ask_to_replace(request, old, examination):
    """Show what would become different before an own scheme is replaced."""
    new = examination.scheme.scheme
    context = compare_page([], examined(old.text).scheme, examination.scheme, only=True)
    context |= {"old": old, "text": examination.text, "title": new.title}
    return render(request, "campaigns/scheme_replace.html", context)


def _faulty(request, form, examination):
    again = SchemeUploadForm(initial={"text": examination.text})
    errors = [*form.non_field_errors(), *form.errors.get("text", [])]
    lines = ["", *examination.text.split("\n"), ""]
    problems = [(problem, lines[min(problem.line, len(lines) - 1)].strip()) for problem in examination.problems]
    is_toml = bool(problems) and all(problem.path not in {(), ("",)} for problem, _line in problems)
    context = {"form": again, "errors": errors, "problems": problems, "text": examination.text if is_toml else ""}
    return render(request, "campaigns/scheme_upload.html", context, status=400)
