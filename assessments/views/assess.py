"""Pages of an assessment: records, the conclusion, the sheet on paper, the files of a record."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.assessing import conclude_assessment, record_assessment
from assessments.domain.assessment_page import is_insider, page_of
from assessments.forms.assess import ConcludeForm, RecordForm
from assessments.models import Assessment, Method, RecordFile
from assessments.views.files import send_file
from campaigns.domain.errors import NotAllowedError
from posts.models import Nomination
from posts.stages.base import logic_of
from posts.views.stages import RunActionView, load_run


class RecordView(RunActionView):
    """A record of a visit, a report, a hearing, the opinion of the masses."""

    action = "record"
    form_class = RecordForm
    template_name = "assessments/record_create.html"
    done = gettext_lazy("The record has been kept.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        codes = [code for code in logic_of(self.run).params.method if code != Method.RUBRIC]
        if not codes:
            raise Http404
        methods = [(code, Method(code).label) for code in codes]
        return {**kwargs, "methods": methods, "wanted": self.request.GET.get("method", "")}

    def perform(self, data):
        values = {name: value for name, value in data.items() if name != "upload"}
        return record_assessment(self.run, actor=self.request.user, files=data["upload"], **values)


class ConcludeView(RunActionView):
    """The conclusion, with everything it rests on beside it."""

    action = "conclude"
    form_class = ConcludeForm
    template_name = "assessments/assessment_conclude.html"
    done = gettext_lazy("The conclusion has been recorded.")

    def get_form_kwargs(self):
        kwargs = super().get_form_kwargs()
        self.page = page_of(_assessment(self.run), self.request.user)
        return {**kwargs, "proposed": self.page.state.proposed if self.page.state else None}

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return {**context, "page": self.page}

    def perform(self, data):
        return conclude_assessment(self.run, actor=self.request.user, **data)


@login_required
def record_file(request, pk):
    """A file of a record, for those who assess; never run by the browser."""
    visible = Nomination.objects.visible_to(request.user)
    files = RecordFile.objects.filter(record__assessment__run__nomination__in=visible)
    file = get_object_or_404(files.select_related("record__assessment"), pk=pk)
    if not is_insider(request.user, load_run(request.user, file.record.assessment.run_id)):
        raise NotAllowedError(_("Only those who assess see the files of a record."))
    return send_file(file)


def _assessment(run) -> Assessment:
    assessment = get_object_or_404(Assessment, run=run)
    assessment.run = run
    return assessment
