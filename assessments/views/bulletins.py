"""What everybody may check of a closed survey, and what protects a vote."""

from pathlib import Path

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from assessments import verify_bulletin
from assessments.domain.bulletins import bulletin_json, find_receipt
from assessments.models import Bulletin
from assessments.views.presenters import result_context


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bulletin(request, public_id):
    """The bulletin, and a box to look for one's own ballot: by POST, so that no receipt stands in an address."""
    latest = _latest(public_id)
    context = result_context(latest.survey, full=False) | {
        "bulletin": latest,
        "versions": latest.survey.bulletins.order_by("version"),
        "receipt": request.POST.get("receipt", "")[:40],
        "signature": request.POST.get("signature", "")[:120],
    }
    if request.method == "POST":
        found = find_receipt(latest.survey, receipt=context["receipt"], signature=context["signature"])
        context |= {"found": found, "searched": True}
    return render(request, "assessments/bulletin.html", context)


@never_cache
@require_safe
def bulletin_file(request, public_id):
    """The bulletin as the file that ``verify_bulletin.py`` reads."""
    latest = _latest(public_id)
    response = StreamingHttpResponse(bulletin_json(latest), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bulletin-{public_id}-{latest.version}.json"'
    return response


@require_safe
def bulletin_checker(request):
    """The program that checks a bulletin, as it lies here."""
    source = Path(verify_bulletin.__file__).read_text(encoding="utf-8")
    headers = {"Content-Disposition": 'attachment; filename="verify_bulletin.py"'}
    return HttpResponse(source, content_type="text/x-python; charset=utf-8", headers=headers)


@require_safe
def protection(request):
    """How a vote is protected, and against what it is not."""
    return render(request, "assessments/protection.html")


def _latest(public_id: str) -> Bulletin:
    bulletins = Bulletin.objects.filter(survey__public_id=public_id).order_by("-version")
    return get_object_or_404(bulletins.select_related("survey__org_unit", "survey__result")[:1])
