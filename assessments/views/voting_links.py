"""Personal voting links on the side of those who make them: chosen, made, printed or sent, and forgotten."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from assessments.documents import link_slips, slip_warnings
from assessments.domain.voting_links import MOST_LINKS, make_links, require_link_maker
from assessments.forms.surveys import VotingLinksForm
from assessments.models import Survey
from assessments.views.oversight import load_survey
from campaigns.forms.base import posted, run


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def voting_links(request, pk):
    """The answer to the POST has the links, as slips or as a list to send: shown this once and kept nowhere."""
    survey = load_survey(request, pk)
    require_link_maker(request.user, survey)
    form = VotingLinksForm(posted(request), survey=survey)
    warnings = slip_warnings(survey, [entry.member for entry in form.fields["entries"].queryset])
    if request.method == "POST" and form.is_valid():
        links = run(form, make_links, survey, actor=request.user, **form.for_call())
        if links:
            return _slips(survey, links) if "print" in request.POST else _list(request, survey, links)
    context = {"survey": survey, "form": form, "most": MOST_LINKS, "warnings": warnings}
    return render(request, "assessments/voting_links.html", context, status=400 if form.is_bound else 200)


def _slips(survey: Survey, links) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="voting-links-{survey.pk}.pdf"'}
    return HttpResponse(link_slips(survey, links), content_type="application/pdf", headers=headers)


def _list(request, survey: Survey, links) -> HttpResponse:
    address = settings.SITE_URL + reverse("assessments:vote_entry")
    return render(request, "assessments/voting_links_made.html", {"survey": survey, "links": links, "address": address})
