"""What official documents add to other pages: the menu, the campaign's card, the history."""

from django.utils.translation import gettext_lazy as _

from campaigns.domain.history import Named, history_page, words
from campaigns.domain.page_parts import CampaignPart, campaign_part
from campaigns.models import Campaign, User
from campaigns.navigation import nav_entry, needs
from posts.models import OfficialDocument

SHOWN = 6

nav_entry(
    "documents",
    _("Official documents"),
    icon="file-text",
    url_name="posts:document_list",
    order=55,
    visible=needs("view_unit"),
)

words("document_drafted", _("Document drafted"))
words("document_edited", _("Draft of the document edited"), version=_("version %s"))
words("document_discarded", _("Draft of the document discarded"))
words("document_issued", _("Document issued"), number="%s")
words("document_withdrawn", _("Document withdrawn"), by=Named(OfficialDocument, "title", _("by “%s”")))
words("document_number_noted", _("Number of a paper outside entered"), serial=_("No. %s"))

history_page("document", OfficialDocument, addresses=("posts:document_detail", "posts:document_edit"))


@campaign_part
def documents_of_campaign(campaign: Campaign, user: User) -> CampaignPart | None:
    """The newest documents of the campaign, and the way to its notification."""
    rows = OfficialDocument.objects.visible_to(user).standing().filter(campaign=campaign).for_list()
    context = {"campaign": campaign, "documents": list(rows[:SHOWN])}
    return CampaignPart("posts/_campaign_documents.html", context, order=30)
