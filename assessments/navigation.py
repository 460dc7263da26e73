from django.utils.translation import gettext_lazy as _

from campaigns.navigation import nav_entry, needs

nav_entry(
    "reviews",
    _("Reviews"),
    icon="clipboard-check",
    url_name="assessments:review_list",
    order=70,
    visible=needs("view_unit"),
)
nav_entry(
    "rectifications",
    _("Rectification"),
    icon="wrench",
    url_name="assessments:rectification_list",
    order=75,
    visible=needs("view_unit"),
)
nav_entry(
    "incidents",
    _("Reports and verification"),
    icon="shield-alert",
    url_name="assessments:incident_list",
    order=80,
    visible=needs("verify_incident", "decide_veto"),
)

nav_entry("surveys", _("Surveys"), icon="vote", url_name="assessments:survey_list", order=30)
