"""What everybody may see of a post: the page behind the QR code of its plaque."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from posts.domain.public_notes import public_notes
from posts.domain.public_state import public_state
from posts.domain.zones import is_zone
from posts.models import Conferral

PUBLISHED = 4  # the newest publications of a zone; the earlier ones stay in the register


@never_cache
@require_safe
def public_post(request, public_id):
    """The live state; there is no list of posts to read through, and a wrong address is a 404."""
    conferral = get_object_or_404(
        Conferral.objects.select_related("campaign__owner", "org_unit", "post_kind", "nomination"), public_id=public_id
    )
    context = {"conferral": conferral, "state": public_state(conferral), "set_aside": conferral.revocations.set_aside()}
    if is_zone(conferral):
        context["tasks"] = conferral.tasks.filter(closed_on__isnull=True)
        context["publications"] = conferral.publications.prefetch_related("results__task")[:PUBLISHED]
    context["notes"] = public_notes(conferral)
    return render(request, "posts/public_post.html", context)
