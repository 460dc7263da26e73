"""The menu entries of the posts app."""

from django.utils.translation import gettext_lazy as _

from campaigns.navigation import nav_entry, needs

nav_entry("nominations", _("Nominations"), icon="file-pen-line", url_name="posts:nomination_list", order=20)
nav_entry("prints", _("Downloads"), icon="download", url_name="posts:print_list", order=86, visible=needs("view_unit"))
