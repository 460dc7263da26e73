"""The official documents of a case on the page of that case."""

from django import template

from campaigns.permissions import may_anywhere
from posts.domain.drafting import label_of, makers_for
from posts.domain.official_documents import why_not_write
from posts.models import DocumentStatus, OfficialDocument
from posts.models.official import WORKSHOP
from posts.templatetags.post_tags import LOOKS, look

register = template.Library()
register.filter("kind_label", label_of)

LOOKS[DocumentStatus] = {
    "draft": ("warn", "pencil"),
    "issued": ("ok", "circle-check"),
    "withdrawn": ("mute", "undo-2"),
    "discarded": ("mute", "ban"),
}


@register.inclusion_tag("posts/_tag.html")
def document_state(document):
    return look(DocumentStatus, document.status)


@register.inclusion_tag("posts/_case_documents.html", takes_context=True)
def case_documents(context, source):
    """The documents drafted from a case, and a button for each kind that has none yet."""
    user = context["request"].user
    makers = makers_for(source) if any(may_anywhere(user, right) for right in WORKSHOP) else []
    rows = OfficialDocument.objects.visible_to(user).filter(
        source_type=source._meta.label_lower,  # noqa: SLF001  public API by another name
        source_id=source.pk,
    )
    documents = list(rows.exclude(status=DocumentStatus.DISCARDED).order_by("pk"))
    standing = {d.kind for d in documents if d.status != DocumentStatus.WITHDRAWN}
    startable = [maker for maker in makers if maker.kind not in standing and _may_draft(user, maker, source)]
    return {"documents": documents, "startable": startable, "source": source, "request": context["request"]}


def _may_draft(user, maker, source):
    case = maker.make(source)
    return not case.unfit and not why_not_write(user, case.org_unit, case.conferral)
