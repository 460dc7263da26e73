from django.urls import path

from posts.views import nominations

app_name = "posts"
urlpatterns = [
    path("nominations/<int:pk>/", nominations.nomination_detail, name="nomination_detail"),
    path("nominations/<int:pk>/edit/", nominations.nomination_detail, name="nomination_edit"),
    path("consents/<int:pk>/", nominations.nomination_detail, name="consent_answer"),
]
