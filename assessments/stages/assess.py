"""考核/考察/实地考评: people of the acting unit examine the nomination before it is decided on."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.assessing import drop_assessment, open_assessment
from assessments.domain.assessment_page import page_of
from assessments.domain.assessment_results import concluded_assessment, score_sentence, what_is_missing
from assessments.domain.rubrics import MEAN, TRIMMED_MEAN
from assessments.domain.score_sheets import rubric_of_run
from assessments.models import Assessment, Method
from campaigns.models import User
from posts.domain.deadlines import planned_end
from posts.stages.base import Action, Outcome, StageKind, register

AGGREGATES = [
    (MEAN, gettext_lazy("the mean of the assessors")),
    (TRIMMED_MEAN, gettext_lazy("the mean without the highest and the lowest")),
]


class AssessParams(forms.Form):
    """How the nomination is examined, and whose scores make the official one."""

    method = forms.MultipleChoiceField(
        label=gettext_lazy("methods"), choices=Method.choices, initial=[Method.INSPECTION.value]
    )
    rubric = forms.CharField(label=gettext_lazy("rubric"), max_length=40, required=False)
    min_assessors = forms.IntegerField(label=gettext_lazy("score sheets wanted"), min_value=1, max_value=50, initial=1)
    aggregate = forms.ChoiceField(label=gettext_lazy("official score"), choices=AGGREGATES, initial=MEAN)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "method" in data and Method.RUBRIC not in data["method"]:
            plain = {"rubric": "", "min_assessors": 1, "aggregate": MEAN}
            for name, value in plain.items():
                if data.get(name, value) != value:
                    self.add_error(name, _("Only used where the method “rubric” is named."))
        return data


@register
class Assess(StageKind):
    """Passed by the conclusion; a pass mark proposes it, and a contrary conclusion gives its reason."""

    code = "assess"
    label = gettext_lazy("assessment")
    icon = "clipboard-check"
    actions = {
        "score": Action("assess", gettext_lazy("Score")),
        "record": Action("assess", gettext_lazy("Record")),
        "conclude": Action("assess", gettext_lazy("Conclude")),
        "return": Action("assess", gettext_lazy("Return for correction")),
    }
    main_action = "conclude"
    allowed_actors = (
        "unit",
        "branch",
        "branch_committee",
        "general_branch",
        "sub_committee",
        "committee",
        "office",
        "cadres",
        "leading_group",
        "inspection_group",
        "superior",
    )
    Params = AssessParams  # type: ignore[assignment]

    @classmethod
    def people_needed(cls, params: dict[str, Any]) -> int:
        return cls.clean_params(params)["min_assessors"]

    def entry_blockers(self) -> list[str]:
        if Method.RUBRIC in self.params.method and rubric_of_run(self.run) is None:
            return [_("The rubric of the step “%(label)s” is missing in the campaign.") % {"label": self.run.label}]
        return []

    def enter(self) -> None:
        open_assessment(self.run)

    def leave(self) -> None:
        drop_assessment(self.run)

    def outcome(self) -> Outcome | None:
        assessment = concluded_assessment(self.run)
        if assessment is None:
            return None
        score = score_sentence(assessment)
        if assessment.passed:
            return Outcome(passed=True, reason=score)
        return Outcome(passed=False, reason=_("; ").join(filter(None, [score, assessment.conclusion])))

    def waiting_for(self) -> str:
        assessment = Assessment.objects.filter(run=self.run).first()
        if assessment is None:
            return ""
        assessment.run = self.run
        if missing := what_is_missing(assessment):
            return " ".join(missing)
        return _("Everything is there; the conclusion is still to be written.")

    def due_on(self) -> date | None:
        return planned_end(self.run)

    def context(self, user: User) -> dict[str, Any]:
        assessment = Assessment.objects.filter(run=self.run).first()
        if assessment is None:
            return {}
        assessment.run = self.run
        return {"page": page_of(assessment, user), "rules": self.explain(self.run.params)}

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        clean = cls.clean_params(params)
        labels = dict(Method.choices)
        sentences = [_("By: %(methods)s.") % {"methods": "、".join(str(labels[code]) for code in clean["method"])}]
        if Method.RUBRIC in clean["method"]:
            if clean["rubric"]:
                sentences.append(_("Rubric: %(name)s.") % {"name": clean["rubric"]})
            if clean["min_assessors"] > 1:
                facts = {"n": clean["min_assessors"], "how": dict(AGGREGATES)[clean["aggregate"]]}
                sentences.append(_("At least %(n)s assessors score; the official score is %(how)s.") % facts)
        sentences.append(_("The conclusion lets the nomination go on or ends it, or it is returned for correction."))
        return sentences
