"""Official documents: the list, one document with its pages, its file; a draft from a case."""

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from campaigns.domain.errors import DomainError
from campaigns.permissions import may_anywhere
from posts.documents.page_images import picture_pages
from posts.domain.document_issue import hindrances_of
from posts.domain.document_papers import draft_pdf, kept_pdf, paper_of, rare_in
from posts.domain.drafting import find_maker, makers_for
from posts.domain.official_documents import (
    case_of,
    maker_of,
    start_document,
    why_not_issue,
    why_not_write,
)
from posts.forms.documents import DocumentFilter
from posts.models import DocumentStatus, OfficialDocument

RELATED = ("campaign__owner", "org_unit", "issued_by", "created_by", "withdraws", "conferral__org_unit")


class DocumentList(LoginRequiredMixin, ListView):
    template_name = "posts/document_list.html"
    context_object_name = "documents"
    paginate_by = 20

    def get_queryset(self):
        self.filter = DocumentFilter(self.request.GET, queryset=OfficialDocument.objects.visible_to(self.request.user))
        rows = self.filter.qs
        if not self.request.GET.get("status"):
            rows = rows.exclude(status=DocumentStatus.DISCARDED)
        return rows.for_list()

    def get_context_data(self, **kwargs):
        context = super().get_context_data(filter=self.filter, **kwargs)
        return context | {"may_number": may_anywhere(self.request.user, "issue_document")}


class DocumentDetail(LoginRequiredMixin, DetailView):
    """A draft as it would come out now, with what hinders its issue; an issued document as it was frozen."""

    template_name = "posts/document_detail.html"
    context_object_name = "document"

    def get_queryset(self):
        return OfficialDocument.objects.visible_to(self.request.user).select_related(*RELATED)

    def get_context_data(self, **kwargs):
        user, document = self.request.user, self.object
        context = {
            "maker": maker_of(document),
            "may_issue": not why_not_issue(user, document),
            "may_write": not why_not_write(user, document.org_unit, document.conferral),
            "can_withdraw": document.status == DocumentStatus.ISSUED and makers_for(document),
        }
        if document.was_issued:
            pages = picture_pages(kept_pdf(document))
            context |= {"pages": pages, "facts": document.facts, "withdrawn_by": document.withdrawn_by}
        elif document.is_draft:
            context |= self._draft(document)
        return super().get_context_data(**context, **kwargs)

    def _draft(self, document):
        try:
            case = case_of(document)
            hindrances = hindrances_of(document, case)
            facts = [{"name": fact.name, "value": fact.value} for fact in case.facts if fact.value]
        except DomainError as error:
            return {"hindrances": [str(error)]}
        told = {"facts": facts, "warnings": rare_in(paper_of(document, case))}
        try:
            pages = picture_pages(draft_pdf(document, case))
        except DomainError as error:
            return told | {"hindrances": [*hindrances, str(error)]}
        return told | {"hindrances": hindrances, "pages": pages}


@login_required
@require_POST
def document_start(request, kind, pk):
    """Draft a document from a case that the user sees."""
    maker = find_maker(kind)
    if maker is None:
        raise Http404
    source = get_object_or_404(apps.get_model(maker.model).objects.visible_to(request.user), pk=pk)
    document = start_document(source, kind=kind, actor=request.user)
    return redirect("posts:document_edit", document.pk)


@login_required
def document_file(request, pk):
    """The kept bytes of an issued document; a draft marked as one."""
    document = get_object_or_404(OfficialDocument.objects.visible_to(request.user).select_related(*RELATED), pk=pk)
    if document.status == DocumentStatus.DISCARDED:
        raise Http404
    pdf = kept_pdf(document) if document.was_issued else draft_pdf(document, case_of(document))
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="document-{document.pk}.pdf"'
    return response
