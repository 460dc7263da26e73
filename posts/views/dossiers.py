from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from posts.domain.chapters import dossier_of
from posts.models import Conferral
from posts.views.prints import answer_with_print


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


@login_required
def dossier_pdf(request, pk):
    """The same as one file with its papers, made by the clock."""
    post = get_object_or_404(Conferral.objects.visible_to(request.user), pk=pk)
    title = _("Dossier of %(conferral)s") % {"conferral": post}
    return answer_with_print(request, "dossier", {"conferral": pk}, title=title)
