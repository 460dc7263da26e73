"""What is decided about a title later: a revocation set aside, another name."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from campaigns.forms.base import posted
from campaigns.forms.base import run as run_form
from posts.domain.conferrals import may_end
from posts.domain.renaming import rename_post
from posts.domain.setting_aside import (
    preview_set_aside,
    set_aside_revocation,
    standing_revocation,
    why_not_set_aside,
)
from posts.forms.revocations import RenameForm, SetAsideForm
from posts.models import Conferral


@login_required
def conferral_set_aside(request, pk):
    """One page that lists exactly what comes back, and does it on confirmation."""
    rows = Conferral.objects.visible_to(request.user)
    conferral = get_object_or_404(rows.select_related("org_unit", "campaign__owner", "post_kind", "decision"), pk=pk)
    if barred := why_not_set_aside(request.user, conferral):
        raise PermissionDenied(barred)
    revocation = standing_revocation(conferral)
    if revocation is None:
        messages.info(request, _("This title is not revoked."))
        return redirect("posts:conferral_detail", pk)
    revocation.conferral = conferral
    preview = preview_set_aside(revocation)
    form = SetAsideForm(posted(request), conflicts=preview.conflicts)
    if form.is_valid() and run_form(form, set_aside_revocation, conferral, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The revocation has been set aside."))
        return redirect("posts:conferral_detail", pk)
    context = {
        "conferral": conferral,
        "revocation": revocation,
        "form": form,
        "preview": preview,
    }
    return render(request, "posts/conferral_set_aside.html", context, status=400 if form.errors else 200)


@login_required
def conferral_rename(request, pk):
    """Another name for a post whose title goes on."""
    rows = Conferral.objects.visible_to(request.user).select_related("decision__org_unit", "org_unit")
    conferral = get_object_or_404(rows, pk=pk)
    if not may_end(request.user, conferral):
        raise PermissionDenied
    form = RenameForm(posted(request), initial={"name": conferral.name})
    if form.is_valid() and run_form(form, rename_post, conferral, actor=request.user, **form.cleaned_data):
        messages.success(request, _("The post has been renamed; have its plaques replaced."))
        return redirect("posts:conferral_detail", pk)
    context = {"conferral": conferral, "form": form}
    return render(request, "posts/conferral_rename.html", context, status=400 if form.errors else 200)
