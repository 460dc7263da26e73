"""申报/推荐: the paper itself. As the first step it is over when it is submitted; later it is a recommendation."""

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.actors import describe_actors
from campaigns.models import User
from posts.domain.endorsements import endorsement_context, outcome_of_endorsement
from posts.stages.base import Action, Outcome, StageKind, register
from posts.stages.params import TextListField


class Initiator(models.TextChoices):
    HOLDER = "holder", gettext_lazy("the member himself")
    UNIT = "unit", gettext_lazy("the unit")
    BRANCH = "branch", gettext_lazy("the Party branch")
    COMMITTEE = "committee", gettext_lazy("the Party committee")


@register
class Nominate(StageKind):
    code = "nominate"
    label = gettext_lazy("nomination")
    icon = "file-pen-line"
    actions = {"recommend": Action("nominate", gettext_lazy("Recommend"))}
    main_action = "recommend"
    returnable = False

    class Params(forms.Form):
        initiators = forms.MultipleChoiceField(
            label=gettext_lazy("who may nominate"), choices=Initiator.choices, required=False
        )
        one_per_person = forms.BooleanField(label=gettext_lazy("one paper a person"), required=False)
        self_score = forms.BooleanField(label=gettext_lazy("with a self-score"), required=False)
        rubric = forms.CharField(label=gettext_lazy("rubric of the self-score"), max_length=40, required=False)
        attachments = TextListField(label=gettext_lazy("wanted evidence"), required=False)

        def clean(self) -> dict[str, Any]:
            """The rubric is the self-score's: without one it would be carried and never used."""
            if self.cleaned_data.get("rubric") and not self.cleaned_data.get("self_score"):
                self.add_error("rubric", _("Only used with self_score = true."))
            return self.cleaned_data

    @property
    def is_first(self) -> bool:
        """Whether this step opened the case; then the submission itself is its outcome."""
        return not self.run.nomination.runs.filter(position__lt=self.run.position).exists()

    def outcome(self) -> Outcome | None:
        if self.is_first:
            return Outcome(passed=True)
        return outcome_of_endorsement(self.run)

    def waiting_for(self) -> str:
        return _("Waiting for the recommendation of %(unit)s.") % {"unit": self.run.actor_unit or _("the members")}

    def context(self, user: User) -> dict[str, Any]:
        return {"is_first": self.is_first, **endorsement_context(self.run)}

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        params = cls.clean_params(params)
        sentences = []
        if params["initiators"]:
            sentences.append(_("May be opened by: %(who)s.") % {"who": describe_actors(params["initiators"])})
        if params["one_per_person"]:
            sentences.append(_("One paper a person: nobody may be in two nominations of the campaign."))
        if params["self_score"]:
            named = params["rubric"]
            text = _("The applicant scores himself by the rubric “%(name)s”; the table is complete before he submits.")
            plain = _("The applicant scores himself by the rubric; the table is complete before he submits.")
            sentences.append(text % {"name": named} if named else plain)
        if params["attachments"]:
            sentences.append(_("Evidence wanted: %(list)s.") % {"list": _(", ").join(params["attachments"])})
        return sentences or [_("The nomination is filled in and submitted.")]
