"""The menu entries of decisions, posts and plaques."""

from django.utils.translation import gettext_lazy as _

from campaigns.navigation import nav_entry, needs

nav_entry(
    "decisions",
    _("Decisions"),
    icon="gavel",
    url_name="posts:decision_list",
    order=50,
    visible=needs("decide", "release_decision"),
)
nav_entry("conferrals", _("Demonstration posts"), icon="award", url_name="posts:conferral_list", order=60)
nav_entry(
    "plaques", _("Plaques"), icon="id-card", url_name="posts:plaque_list", order=65, visible=needs("issue_plaque")
)
