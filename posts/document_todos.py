"""Drafts of official documents that wait for their issue."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import User
from campaigns.permissions import paths_for
from posts.domain.drafting import label_of
from posts.models import DocumentStatus, OfficialDocument

#: From so many drafts on they are one line of the work list.
BATCH = 4


@todo_provider
def documents_to_issue(user: User) -> Iterator[Todo]:
    """Drafts of the bodies for which this user issues; never about a post of his own."""
    paths = paths_for(user, "issue_document")
    if not paths:
        return
    drafts = OfficialDocument.objects.filter(status=DocumentStatus.DRAFT, org_unit__path__in=paths)
    drafts = list(drafts.exclude(conferral__holders__member__user=user).for_list())
    if len(drafts) >= BATCH:
        title = _("%(n)s drafted documents wait for their issue")
        yield _todo(title % {"n": len(drafts)}, f"{reverse('posts:document_list')}?status={DocumentStatus.DRAFT}")
        return
    for draft in drafts:
        yield _todo(
            _("Draft waits for its issue: %(title)s") % {"title": draft.title},
            reverse("posts:document_detail", args=[draft.pk]),
            meta=f"{label_of(draft)} · {draft.org_unit} · {draft.created_by}",
        )


def _todo(title: str, url: str, *, meta: str = "") -> Todo:
    return Todo(title=title, url=url, action=_("Check and issue"), icon="stamp", meta=meta, section="documents")
