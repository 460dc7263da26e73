import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import get_object_or_404, render

from benchmarks.bare_site.models import Ballot, Right, Survey

OPTIONS = ["satisfied", "basically_satisfied", "dissatisfied", "unknown"]


@login_required
def vote(request, pk):
    survey = get_object_or_404(Survey, pk=pk)
    if request.method != "POST":
        return render(request, "bare_form.html", {"survey": survey, "options": OPTIONS})
    with transaction.atomic():
        accepted = Right.objects.filter(survey=survey, user=request.user, voted=False).update(voted=True) == 1
        if accepted:
            choice = request.POST["choice"].encode()
            Ballot.objects.create(survey=survey, box=choice + secrets.token_bytes(settings.BOX_BYTES - len(choice)))
    return render(request, "bare_done.html", {"survey": survey, "accepted": accepted})
