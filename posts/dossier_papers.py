"""Which papers of a post this app prints: forms from the nomination on, notices, official documents."""

from collections.abc import Iterator
from functools import partial

from django.db.models import Q

from campaigns.models import User
from posts.domain.document_papers import kept_pdf, notice_pdf
from posts.domain.papers import Paper, papers, sheet_papers
from posts.models import Conferral, Nomination, Notice, OfficialDocument


@papers(10)
def form_papers(conferral: Conferral, user: User) -> Iterator[Paper]:
    """What the menus of the nomination's and the post's pages offer to this user."""
    nomination = Nomination.objects.visible_to(user).filter(pk=conferral.nomination_id).first()
    for page in filter(None, (nomination, conferral)):
        yield from sheet_papers(page, user)


@papers(20)
def notice_papers(conferral: Conferral, user: User) -> Iterator[Paper]:
    notices = Notice.objects.visible_to(user).filter(items__run__nomination=conferral.nomination_id).distinct()
    for notice in notices.order_by("starts_on", "pk"):
        yield Paper(f"notice:{notice.pk}", notice.title, notice.starts_on, partial(notice_pdf, notice))


@papers(80)
def official_papers(conferral: Conferral, user: User) -> Iterator[Paper]:
    """What was issued about the post, and the decision that named it, as it was frozen."""
    about = Q(conferral=conferral) | Q(source_type="posts.decision", source_id=conferral.decision_id)
    documents = OfficialDocument.objects.visible_to(user).filter(about, issued_at__isnull=False)
    for document in documents.order_by("issued_at", "pk"):
        yield Paper(f"document:{document.pk}", str(document), document.day, partial(kept_pdf, document))
