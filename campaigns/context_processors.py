from django.conf import settings


def site(request):
    """What every page needs."""
    return {
        "SITE_NAME": settings.SITE_NAME,
        "DEMO": settings.DEMO,
        "large_type": request.COOKIES.get("large") == "1",
    }
