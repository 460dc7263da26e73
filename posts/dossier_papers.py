"""Which papers of a post this app prints: forms from the nomination on, notices, revocations."""

from collections.abc import Iterator
from functools import partial

from campaigns.models import User
from posts.documents.notice_sheet import notice_pdf
from posts.documents.revocation import revocation_pdf, set_aside_pdf
from posts.domain.papers import Paper, papers, sheet_papers
from posts.models import Conferral, Nomination, Notice, Revocation


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
def revocation_papers(conferral: Conferral, _user: User) -> Iterator[Paper]:
    for revocation in Revocation.objects.filter(conferral=conferral).order_by("pk"):
        title = revocation.document or str(Revocation._meta.verbose_name)  # noqa: SLF001  public API by another name
        yield Paper(f"revocation:{revocation.pk}", title, revocation.revoked_on, partial(revocation_pdf, revocation))
        if revocation.set_aside_at:
            made = partial(set_aside_pdf, revocation)
            yield Paper(
                f"set-aside:{revocation.pk}",
                revocation.set_aside_document or title,
                revocation.set_aside_at.date(),
                made,
            )
