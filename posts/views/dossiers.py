from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from posts.domain.chapters import dossier_of
from posts.models import Conferral


@login_required
def dossier(request, pk):
    """Everything about one post in order, for the screen and for paper."""
    related = ("campaign", "post_kind", "org_unit", "decision", "nomination")
    conferral = get_object_or_404(Conferral.objects.visible_to(request.user).select_related(*related), pk=pk)
    context = {
        "conferral": conferral,
        "chapters": dossier_of(conferral, request.user),
        "printed_at": timezone.now(),
    }
    return render(request, "posts/dossier.html", context)
