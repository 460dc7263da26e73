from django.urls import path

from assessments.views import ballots, incidents, public_reports, rectifications, reviews, surveys

app_name = "assessments"
urlpatterns = [
    path("v/", ballots.vote_entry, name="vote_entry"),
    path("v/<str:public_id>/", ballots.vote, name="vote"),
    path("surveys/", surveys.SurveyList.as_view(), name="survey_list"),
    path("surveys/<int:pk>/", surveys.survey_detail, name="survey_detail"),
    path("surveys/<int:pk>/open/", surveys.survey_open, name="survey_open"),
    path("surveys/<int:pk>/close/", surveys.survey_close, name="survey_close"),
    path("surveys/<int:pk>/repeat/", surveys.survey_repeat, name="survey_repeat"),
    path("surveys/<int:pk>/codes/", surveys.code_batch_create, name="code_batch_create"),
    path("surveys/<int:pk>/codes/<int:batch_pk>/void/", surveys.code_batch_void, name="code_batch_void"),
    path("surveys/<int:pk>/poster/", surveys.survey_poster, name="survey_poster"),
    path("surveys/<int:pk>/result/", surveys.result_sheet, name="result_sheet"),
    path("reviews/", reviews.ReviewListView.as_view(), name="review_list"),
    path("reviews/settle/", reviews.reviews_settle, name="reviews_settle"),
    path("reviews/<int:pk>/", reviews.review_detail, name="review_detail"),
    path("reviews/<int:pk>/settle/", reviews.review_settle, name="review_settle"),
    path("proposals/<int:pk>/", reviews.proposal_detail, name="proposal_detail"),
    path("rectifications/", rectifications.RectificationListView.as_view(), name="rectification_list"),
    path("rectifications/<int:pk>/", rectifications.rectification_detail, name="rectification_detail"),
    path("rectifications/<int:pk>/submit/", rectifications.rectification_submit, name="rectification_submit"),
    path("rectifications/<int:pk>/check/", rectifications.rectification_check, name="rectification_check"),
    path("incidents/", incidents.IncidentListView.as_view(), name="incident_list"),
    path("incidents/new/", incidents.incident_create, name="incident_create"),
    path("incidents/<int:pk>/", incidents.incident_detail, name="incident_detail"),
    path("incidents/<int:pk>/take-up/", incidents.incident_take_up, name="incident_take_up"),
    path("incidents/<int:pk>/suspend/", incidents.incident_suspend, name="incident_suspend"),
    path("incidents/<int:pk>/dismiss/", incidents.incident_dismiss, name="incident_dismiss"),
    path("incidents/<int:pk>/finding/", incidents.incident_finding, name="incident_finding"),
    path("incidents/<int:pk>/veto/", incidents.incident_veto, name="incident_veto"),
    path("incidents/<int:pk>/close/", incidents.incident_close, name="incident_close"),
    path("p/<str:public_id>/report/", public_reports.report, name="report"),
    path("reports/", public_reports.report_state, name="report_state"),
]
