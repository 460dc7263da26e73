"""Pages on which the voices of a review are given."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assessments.domain.review_rights import fellow_member, fellow_members, require_open, why_not_review, why_not_speak
from assessments.domain.review_rules import voice_rules
from assessments.domain.voices import assess_as_peer, count_peers, give_statement, prepare_review_survey
from assessments.forms.voices import PeerCountForm, PeerForm, StatementForm
from assessments.models import PeerTurn, Review, ReviewPhoto, ReviewStatus, Statement, Voice
from assessments.views.voice_rows import voice_panel
from campaigns.forms.base import posted, run


def load_review(request, pk) -> Review:
    """A review that the user sees, or 404."""
    related = ("conferral__post_kind", "conferral__campaign", "rule__campaign")
    return get_object_or_404(Review.objects.visible_to(request.user).for_list().select_related(*related), pk=pk)


def load_spoken_review(request, pk, voice) -> Review:
    """A review in which the user may give this voice; fellow members need not see reviews otherwise."""
    if voice not in Voice.values or voice == Voice.MASS:
        raise Http404
    if voice == Voice.PEER:
        review = get_object_or_404(Review.objects.for_list().select_related("conferral__post_kind"), pk=pk)
        visible = Review.objects.visible_to(request.user).filter(pk=pk).exists()
        if not visible and (review.unannounced or fellow_member(request.user, review) is None):
            raise Http404
    else:
        review = load_review(request, pk)
    if reason := why_not_speak(request.user, review, voice):
        raise PermissionDenied(reason)
    require_open(review)
    return review


@login_required
@require_http_methods(["GET", "POST"])
def voice_give(request, pk, voice):
    """Say something in a review."""
    review = load_spoken_review(request, pk, voice)
    if voice == Voice.PEER:
        return _peer(request, review)
    said = Statement.objects.filter(review=review, voice=voice, given_by=request.user).first()
    kept = ("text", "grade", "speaker", "aspects")
    initial = {name: getattr(said, name) for name in kept} if said else {}
    form = StatementForm(
        posted(request), asks_speaker=voice == Voice.LEADER, rules=voice_rules(review.rule), initial=initial
    )
    if form.is_valid() and run(form, give_statement, review, voice=voice, actor=request.user, **form.said):
        messages.success(request, _("Recorded. It can be changed until the result of the review is recorded."))
        return redirect("assessments:review_detail", pk)
    return _form(request, review, form, voice)


def _peer(request, review: Review):
    if PeerTurn.objects.filter(review=review, member__user=request.user).exists():
        return render(request, "assessments/voice_done.html", {"review": review})
    form = PeerForm(posted(request), rules=voice_rules(review.rule))
    if form.is_valid():
        run(form, assess_as_peer, review, actor=request.user, **form.said)
        if not form.errors:
            return render(request, "assessments/voice_done.html", {"review": review})
    return _form(request, review, form, Voice.PEER)


@login_required
@require_http_methods(["GET", "POST"])
def peers_count(request, pk):
    """The papers of fellow members at a meeting."""
    review = load_review(request, pk)
    if reason := why_not_review(request.user, review):
        raise PermissionDenied(reason)
    require_open(review)
    form = PeerCountForm(posted(request), rules=voice_rules(review.rule))
    if form.is_valid():
        data = {"held_on": form.cleaned_data["held_on"], "place": form.cleaned_data["place"]}
        data |= {"counts": form.counts, "aspects": form.aspects}
        if run(form, count_peers, review, actor=request.user, **data):
            messages.success(request, _("The papers are counted."))
            return redirect("assessments:review_detail", pk)
    return _form(request, review, form, Voice.PEER, counts=True)


@login_required
@require_POST
def review_survey(request, pk):
    """Prepare the secret survey of a review."""
    survey = prepare_review_survey(load_review(request, pk), actor=request.user)
    messages.success(request, _("The survey is prepared. Check it and open it."))
    return redirect("assessments:survey_detail", survey.pk)


@login_required
@require_safe
def review_notice(request, pk):
    """The notice of a result, to print and hand out."""
    review = load_review(request, pk)
    if review.status != ReviewStatus.DONE:
        raise Http404
    panel = voice_panel(review, request.user)
    context = {"review": review, "panel": panel, "holders": review.people()}
    return render(request, "assessments/review_notice.html", context)


@login_required
@never_cache
@require_safe
def review_photo(request, pk):
    """A photograph of a plaque, for those who see the review."""
    photo = get_object_or_404(ReviewPhoto, pk=pk, review__in=Review.objects.visible_to(request.user))
    response = FileResponse(photo.file.open("rb"), content_type=photo.content_type, filename=photo.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _form(request, review: Review, form, voice: str, *, counts: bool = False):
    rules = voice_rules(review.rule)
    context = {
        "review": review,
        "form": form,
        "voice": voice,
        "name": rules.name(voice),
        "counts": counts,
        "fellows": fellow_members(review).count() if counts else 0,
        "sees_review": Review.objects.visible_to(request.user).filter(pk=review.pk).exists(),
    }
    return render(request, "assessments/voice_form.html", context, status=400 if form.errors else 200)
