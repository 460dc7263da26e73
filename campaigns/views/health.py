from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.domain.health import check_health, is_healthy


@require_safe
@never_cache
def healthz(request):
    """200 when database, broker, worker and clock are well, else 503; for the proxy and the watchdog."""
    report = check_health()
    healthy = is_healthy(report)
    return JsonResponse({"status": "ok" if healthy else "degraded", **report}, status=200 if healthy else 503)
