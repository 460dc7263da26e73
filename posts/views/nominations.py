from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render

from posts.models import Nomination


@login_required
def nomination_detail(request, pk):
    nomination = get_object_or_404(Nomination.objects.visible_to(request.user), pk=pk)
    return render(request, "posts/nomination_detail.html", {"nomination": nomination})
