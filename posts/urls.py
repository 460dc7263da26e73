from django.urls import path

from posts.views import conferrals, decisions, evidence, nominations, notices, objections, paper, plaques, public, public_notices, stages

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
    path("decisions/", decisions.DecisionList.as_view(), name="decision_list"),
    path("decisions/waiting/", decisions.WaitingList.as_view(), name="decision_waiting"),
    path("decisions/waiting/sheet/", decisions.WaitingSheet.as_view(), name="decision_waiting_sheet"),
    path("decisions/propose/", decisions.decision_propose, name="decision_propose"),
    path("decisions/<int:pk>/", decisions.DecisionDetail.as_view(), name="decision_detail"),
    path("decisions/<int:pk>/sheet/", decisions.DecisionDetail.as_view(), {"sheet": True}, name="decision_sheet"),
    path("decisions/<int:pk>/edit/", decisions.decision_edit, name="decision_edit"),
    path("decisions/<int:pk>/release/", decisions.decision_release, name="decision_release"),
    path("decisions/<int:pk>/cancel/", decisions.decision_cancel, name="decision_cancel"),
    path("decisions/<int:pk>/drop/", decisions.decision_drop, name="decision_drop"),
    path("posts/", conferrals.ConferralList.as_view(), name="conferral_list"),
    path("posts/export/", conferrals.conferral_export, name="conferral_export"),
    path("posts/<int:pk>/", conferrals.ConferralDetail.as_view(), name="conferral_detail"),
    path("posts/<int:pk>/end/", conferrals.conferral_end, name="conferral_end"),
    path("plaques/", plaques.PlaqueList.as_view(), name="plaque_list"),
    path("plaques/print/", plaques.plaque_print, name="plaque_print"),
    path("plaques/pick-up/", plaques.PickUpList.as_view(), name="plaque_pickup"),
    path("plaques/<int:pk>/hand-over/", plaques.plaque_hand_over, name="plaque_hand_over"),
    path("plaques/<int:pk>/recall/", plaques.plaque_recall, name="plaque_recall"),
    path("plaques/<int:pk>/return/", plaques.plaque_return, name="plaque_return"),
    path("plaques/<int:pk>/lost/", plaques.plaque_lost, name="plaque_lost"),
    path("plaques/<int:pk>/replace/", plaques.plaque_replace, name="plaque_replace"),
    path("p/<str:public_id>/", public.public_post, name="public_post"),
]
