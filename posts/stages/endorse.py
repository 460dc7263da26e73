"""初步确定/审核/推荐意见/备案: an opinion that is not the last word."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import User
from posts.domain.endorsements import endorsement_context, outcome_of_endorsement
from posts.stages.base import Action, Outcome, StageKind, register


@register
class Endorse(StageKind):
    code = "endorse"
    label = gettext_lazy("endorsement")
    icon = "stamp"
    actions = {
        "endorse": Action("endorse", gettext_lazy("Give the opinion")),
        "return": Action("endorse", gettext_lazy("Return for correction")),
    }
    main_action = "endorse"

    class Params(forms.Form):
        verb = forms.CharField(label=gettext_lazy("word for it"), max_length=20, required=False)
        report_to = forms.CharField(label=gettext_lazy("also reported to"), max_length=60, required=False)

    @property
    def verb(self) -> str:
        return self.params.verb or self.run.label

    def outcome(self) -> Outcome | None:
        return outcome_of_endorsement(self.run)

    def waiting_for(self) -> str:
        return _("Waiting for %(unit)s: %(verb)s.") % {
            "unit": self.run.actor_unit or self.run.nomination.campaign.owner,
            "verb": self.verb,
        }

    def context(self, user: User) -> dict[str, Any]:
        return {"verb": self.verb, **endorsement_context(self.run)}

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        clean = cls.clean_params(params)
        found = [_("An opinion is recorded: agreed, not recommended, or returned for correction.")]
        if clean["verb"]:
            text = _("“%(verb)s”: agreed, not recommended, or returned for correction.")
            found = [text % {"verb": clean["verb"]}]
        if clean["report_to"]:
            text = _("It is also reported to %(body)s: day and document are recorded, nothing waits for it.")
            found.append(text % {"body": clean["report_to"]})
        return found
