from django.urls import include, path

from campaigns.views.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("", include("assessments.urls")),  # first, because the pages of a vote are: they have to be the quickest
    path("", include("campaigns.urls")),
    path("", include("posts.urls")),
]
handler404 = "campaigns.views.errors.not_found"
handler403 = "campaigns.views.errors.forbidden"
handler400 = "campaigns.views.errors.bad_request"
handler500 = "campaigns.views.errors.server_error"
