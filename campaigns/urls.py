from django.contrib.auth.views import LogoutView
from django.urls import path

from campaigns.views import accounts, campaigns, clock, home

app_name = "campaigns"
urlpatterns = [
    path("", home.home, name="home"),
    path("login/", accounts.SignInView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("account/password/", accounts.PasswordChangeView.as_view(), name="password_change"),
    path("demo/<slug:username>/", accounts.demo_sign_in, name="demo_sign_in"),
    path("messages/", home.message_list, name="message_list"),
    path("messages/<int:pk>/open/", home.open_message, name="message_open"),
    path("clock/", clock.clock_page, name="clock"),
    path("clock/<int:pk>/retry/", clock.clock_retry, name="clock_retry"),
    path("large/", home.switch_large_type, name="large_type"),
    path("campaigns/<int:pk>/", campaigns.CampaignDetail.as_view(), name="campaign_detail"),
]
