from django.contrib.auth.views import LogoutView
from django.urls import include, path

from campaigns.views import accounts, campaigns, clock, home, milestones, scheme_editor, schemes, timeline

app_name = "campaigns"
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", accounts.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", accounts.PasswordChangeView.as_view(), name="password_change"),
    path("demo/<slug:username>/", accounts.demo_sign_in, name="demo_sign_in"),
    path("messages/", home.message_list, name="message_list"),
    path("messages/<int:pk>/open/", home.open_message, name="message_open"),
    path("clock/", clock.ClockPage.as_view(), name="clock"),
    path("clock/<int:pk>/", clock.clock_item, name="clock_item"),
    path("clock/<int:pk>/retry/", clock.clock_retry, name="clock_retry"),
    path("large/", home.switch_large_type, name="large_type"),
    path("campaigns/", campaigns.CampaignList.as_view(), name="campaign_list"),
    path("campaigns/create/", campaigns.campaign_create, name="campaign_create"),
    path("campaigns/<int:pk>/", campaigns.CampaignDetail.as_view(), name="campaign_detail"),
    path("campaigns/<int:pk>/edit/", campaigns.campaign_edit, name="campaign_edit"),
    path("campaigns/<int:pk>/open/", campaigns.campaign_open, name="campaign_open"),
    path("campaigns/<int:pk>/close/", campaigns.campaign_close, name="campaign_close"),
    path("campaigns/<int:pk>/copy/", campaigns.campaign_copy, name="campaign_copy"),
    path("campaigns/<int:pk>/remind/", campaigns.campaign_remind, name="campaign_remind"),
    path("campaigns/<int:pk>/timeline/", timeline.campaign_timeline, name="campaign_timeline"),
    path("campaigns/<int:pk>/timeline/move/", timeline.date_move, name="date_move"),
    path("campaigns/<int:pk>/rules/download/", schemes.campaign_rules, name="campaign_rules"),
    path("campaigns/<int:pk>/milestones/", milestones.milestone_list, name="milestone_list"),
    path(
        "campaigns/<int:pk>/milestones/<int:number>/<int:unit_pk>/",
        milestones.milestone_record,
        name="milestone_record",
    ),
    path("schemes/", schemes.scheme_list, name="scheme_list"),
    path("schemes/upload/", schemes.scheme_upload, name="scheme_upload"),
    path("schemes/compare/", schemes.scheme_compare, name="scheme_compare"),
    path("schemes/drafts/", scheme_editor.scheme_draft_start, name="scheme_draft_start"),
    path("schemes/drafts/<int:pk>/", scheme_editor.scheme_edit, name="scheme_edit"),
    path("schemes/drafts/<int:pk>/read/", scheme_editor.scheme_draft_read, name="scheme_draft_read"),
    path("schemes/drafts/<int:pk>/file/", scheme_editor.scheme_draft_download, name="scheme_draft_download"),
    path("schemes/drafts/<int:pk>/discard/", scheme_editor.scheme_draft_discard, name="scheme_draft_discard"),
    path("schemes/drafts/<int:pk>/<path:where>/", scheme_editor.scheme_edit, name="scheme_edit"),
    path("schemes/<slug:code>/", schemes.scheme_detail, name="scheme_detail"),
    path("schemes/<slug:code>/download/", schemes.scheme_download, name="scheme_download"),
    path("schemes/<slug:code>/remove/", schemes.scheme_remove, name="scheme_remove"),
    path("", include("campaigns.organization_urls")),
]
