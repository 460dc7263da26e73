from django.urls import path

from posts.views import evidence, nominations, paper, stages

app_name = "posts"
urlpatterns = [
    path("nominations/", nominations.NominationListView.as_view(), name="nomination_list"),
    path("nominations/new/", nominations.NominationStartView.as_view(), name="nomination_create"),
    path("nominations/<int:pk>/", nominations.NominationDetailView.as_view(), name="nomination_detail"),
    path("nominations/<int:pk>/edit/", paper.NominationEditView.as_view(), name="nomination_edit"),
    path("nominations/<int:pk>/withdraw/", nominations.nomination_withdraw, name="nomination_withdraw"),
    path("runs/<int:pk>/meeting/", stages.MeetingView.as_view(), name="meeting_create"),
    path("runs/<int:pk>/endorse/", stages.EndorseView.as_view(), name="run_endorse"),
    path("runs/<int:pk>/return/", stages.ReturnView.as_view(), name="run_return"),
    path("consents/<int:pk>/", stages.consent_answer, name="consent_answer"),
    path("consents/<int:pk>/record/", stages.consent_record, name="consent_record"),
    path("evidence/<int:pk>/", evidence.evidence_download, name="evidence_download"),
]
