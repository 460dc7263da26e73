from django.urls import path

from assessments.views import ballots

app_name = "assessments"
urlpatterns = [
    path("v/", ballots.vote_entry, name="vote_entry"),
    path("v/<str:public_id>/", ballots.vote, name="vote"),
]
