from django.utils.translation import gettext_lazy as _

nav_entry("surveys", _("Surveys"), icon="vote", url_name="assessments:survey_list", order=30)
