"""领取登记: who fetches which plaque, with a place for each signature."""

from collections.abc import Sequence

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from posts.documents.plaque_rows import holders_shown
from posts.documents.table_sheet import SheetColumn, table_pdf
from posts.models import Plaque


def pickup_pdf(plaques: Sequence[Plaque]) -> bytes:
    """The list on A4 across, one line for each plaque; below, the head of the history when the last was registered."""
    with override(settings.LANGUAGE_CODE):
        columns = [
            SheetColumn(_("No."), 5, centered=True),
            SheetColumn(_("Plaque number"), 15),
            SheetColumn(_("Post"), 22),
            SheetColumn(_("Unit"), 20),
            SheetColumn(_("Holders"), 18),
            SheetColumn(_("Signature and date"), 20),
        ]
        rows = [
            [number, plaque.number, plaque.conferral.name, plaque.conferral.org_unit.name, _people(plaque), "\n\n"]
            for number, plaque in enumerate(plaques, 1)
        ]
        number = ngettext("%(n)s plaque", "%(n)s plaques", len(plaques)) % {"n": len(plaques)}
        foot = max(plaques, key=lambda plaque: plaque.pk).anchor
        return table_pdf(_("Pick-up list of plaques"), columns, rows, subtitle=number, foot=foot, landscape=True)


def _people(plaque: Plaque) -> str:
    return plaque.for_name or "、".join(holders_shown(plaque))
