"""Where the units' own blanks are offered: in the menu of every case, and in the main menu for who keeps them."""

from collections.abc import Iterator

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaigns.models import User
from campaigns.navigation import nav_entry, needs
from posts.documents.office import office_program
from posts.domain.blanks import KEEPS, blanks_for
from posts.domain.sheet_kinds import MenuEntry, more_entries

nav_entry("blanks", _("Our own blanks"), icon="file-type", url_name="posts:blank_list", order=93, visible=needs(KEEPS))


def own_blanks(case: Model, user: User) -> Iterator[MenuEntry]:
    """Each blank that holds for the case, as Word, and as PDF where LibreOffice is installed."""
    found = blanks_for(case, user)
    with_pdf = bool(found and office_program())
    for blank in found:
        url = reverse("posts:blank_docx", args=[blank.pk, case.pk])
        pdf = reverse("posts:blank_pdf", args=[blank.pk, case.pk]) if with_pdf else ""
        yield MenuEntry(f"{blank.title} (Word)", url, pdf, second=str(_("as PDF")))


more_entries.append(own_blanks)
