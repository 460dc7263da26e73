"""The printed notice 公示: title, text, address, signature, annexed list; the foot carries the head of the journal."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from posts.documents.fonts import FANGSONG
from posts.documents.qr import qr_svg
from posts.documents.render import render_pdf
from posts.domain.notice_texts import formal_date
from posts.models import Notice

SHEET_CSS = "documents/sheet.css"


def notice_pdf(notice: Notice) -> bytes:
    """The sheet as it was published: the text is frozen, so a later print is the same."""
    with override(settings.LANGUAGE_CODE):
        address = settings.SITE_URL + reverse("posts:public_notice", args=[notice.public_id])
        context = {
            "notice": notice,
            "paragraphs": notice.text.splitlines(),
            "rows": list(enumerate((item.snapshot for item in notice.items.all()), 1)),
            "day": formal_date(notice.starts_on),
            "foot": notice.anchor,
        }
        return render_pdf(
            "documents/notice_sheet.html",
            context,
            stylesheets=[SHEET_CSS],
            assets={"qr": qr_svg(address, dark="#000")},
            base_font=FANGSONG,
        )
