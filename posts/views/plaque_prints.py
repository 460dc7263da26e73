"""Printing plaques: choose, look at a preview, then have the file made."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from posts.domain.plaque_prints import KIND, make_pdf, print_problems, print_warnings, printable, wanted_for
from posts.forms.plaques import PlaqueFilter, PlaquePrintForm
from posts.models import Plaque, PlaqueStatus
from posts.views.prints import answer_with_print

PREVIEWED = 8
CHECKED = 300


@login_required
def plaque_print(request):
    """The form, with what does not fit; ``do=preview`` answers with a PDF to look at, ``do=print`` has it made."""
    form = PlaquePrintForm(request.POST or None)
    if not form.is_bound:
        if not {"plaque", "all"} & set(request.GET):
            messages.error(request, _("Tick at least one plaque."))
            return redirect("posts:plaque_list")
        plaques = printable(request.user, _asked_for(request))
        form = PlaquePrintForm(initial={"plaques": ",".join(str(plaque.pk) for plaque in plaques)})
        return _show(request, form, plaques)
    if not form.is_valid():
        plaques = printable(request.user, Plaque.objects.visible_to(request.user).filter(pk__in=_numbers(request)))
        return _show(request, form, plaques, status=400)
    plaques = printable(request.user, Plaque.objects.visible_to(request.user).filter(pk__in=form.chosen))
    plaques = wanted_for(plaques, form.cleaned_data["form"])
    if problems := print_problems(plaques, form.cleaned_data["form"], form.look):
        return _show(request, form, plaques, problems=problems, status=400)
    if request.POST.get("do") == "preview":
        return _preview(form, plaques)
    title = ngettext("%(n)s plaque", "%(n)s plaques", len(plaques)) % {"n": len(plaques)}
    return answer_with_print(request, KIND, form.params, title=title, as_attachment=form.cleaned_data["each"])


def _asked_for(request):
    """The ticked ones, or with ``all`` the whole list as it is narrowed."""
    visible = Plaque.objects.visible_to(request.user)
    if "all" not in request.GET:
        return visible.filter(pk__in=[int(each) for each in request.GET.getlist("plaque") if each.isdecimal()])
    status = request.GET.get("status", "")
    rows = visible.filter(status=status) if status in PlaqueStatus.values else visible
    return PlaqueFilter(request.GET, queryset=rows).qs


def _numbers(request):
    return [int(each) for each in request.POST.get("plaques", "").split(",") if each.isdecimal()]


def _show(request, form, plaques, *, problems=(), status=200):
    context = {"form": form, "plaques": plaques, "problems": problems, "warnings": print_warnings(plaques[:CHECKED])}
    return render(request, "posts/plaque_print.html", context, status=status)


def _preview(form, plaques):
    content = make_pdf(plaques[:PREVIEWED], form.cleaned_data["form"], form.look)
    headers = {"Content-Disposition": 'inline; filename="preview.pdf"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
