from django.urls import path

from posts.views import evidence, nominations, notices, objections, paper, public_notices, stages

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
    path("notices/", notices.NoticeListView.as_view(), name="notice_list"),
    path("notices/new/", notices.notice_create, name="notice_create"),
    path("notices/objections/", objections.ObjectionListView.as_view(), name="objection_list"),
    path("notices/objections/<int:pk>/", objections.ObjectionDetailView.as_view(), name="objection_detail"),
    path("notices/objections/<int:pk>/accept/", objections.objection_accept, name="objection_accept"),
    *[
        path(
            f"notices/objections/<int:pk>/{action}/",
            objections.objection_act,
            {"action": action},
            name=f"objection_{action}",
        )
        for action in objections.ACTIONS
    ],
    path("notices/<int:pk>/", notices.NoticeDetailView.as_view(), name="notice_detail"),
    path("notices/<int:pk>/sheet.pdf", notices.notice_sheet, name="notice_sheet"),
    path("notices/<int:pk>/withdraw/", notices.notice_withdraw, name="notice_withdraw"),
    path("notices/<int:pk>/objection/", objections.objection_register, name="objection_register"),
    # What everybody may read.
    path("n/", public_notices.public_notice_list, name="public_notice_list"),
    path("n/find/", public_notices.public_objection_search, name="public_objection_search"),
    path("n/o/<str:public_id>/", public_notices.public_objection, name="public_objection"),
    path("n/<str:public_id>/", public_notices.public_notice, name="public_notice"),
]
