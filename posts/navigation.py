"""The menu entries of the posts app."""

from django.utils.translation import gettext_lazy as _

from campaigns.navigation import nav_entry

nav_entry("nominations", _("Nominations"), icon="file-pen-line", url_name="posts:nomination_list", order=20)
