"""Evidence leaves the server through here only: seen by whoever sees the nomination, never run by the browser."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import get_object_or_404

from posts.models import Evidence, Nomination


@login_required
def evidence_download(request, pk):
    """The file as an attachment with the type told from its content."""
    visible = Nomination.objects.visible_to(request.user)
    evidence = get_object_or_404(Evidence.objects.filter(nomination__in=visible), pk=pk)
    response = FileResponse(
        evidence.file.open("rb"), as_attachment=True, filename=evidence.name, content_type=evidence.content_type
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
