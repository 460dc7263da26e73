"""The emblem on plaques: upload, look at, take off."""

import base64

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.forms.base import run as run_form
from campaigns.permissions import units_for
from posts.domain.emblems import remove_emblem, set_emblem
from posts.forms.plaques import EmblemForm
from posts.models import Emblem


@login_required
def emblem_list(request):
    """What is in use for the units whose plaques this user issues, and the form for another."""
    units = units_for(request.user, "issue_plaque")
    if not units.exists():
        raise PermissionDenied
    form = EmblemForm(request.POST or None, request.FILES or None, units=units)
    if form.is_valid():
        data = dict(form.cleaned_data)
        if run_form(form, set_emblem, data.pop("org_unit"), actor=request.user, **data) is not None:
            messages.success(request, _("Plaques are printed with this emblem from now on."))
            return redirect("posts:emblem_list")
    emblems = list(Emblem.objects.visible_to(request.user).in_use().select_related("org_unit", "uploaded_by"))
    for emblem in emblems:
        emblem.address = f"data:{emblem.content_type};base64,{base64.b64encode(emblem.content).decode()}"
    return render(
        request, "posts/emblem_list.html", {"form": form, "emblems": emblems}, status=400 if form.errors else 200
    )


@login_required
@require_POST
def emblem_remove(request):
    number = request.POST.get("emblem", "")
    emblems = Emblem.objects.visible_to(request.user).in_use().select_related("org_unit")
    remove_emblem(get_object_or_404(emblems, pk=number if number.isdecimal() else 0), actor=request.user)
    messages.success(request, _("The emblem has been taken off."))
    return redirect("posts:emblem_list")
