"""酝酿/评议/党员大会: a meeting gives its opinion or votes (支部工作条例 art. 11)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import User
from posts.domain.meetings import HALF, MAJORITY, NONE, PASS_RULES, QUORUMS, appraisals_of, counting_meeting, judge
from posts.models.meeting import Forum
from posts.stages.base import Action, Outcome, StageKind, register


@register
class Deliberate(StageKind):
    code = "deliberate"
    label = gettext_lazy("deliberation")
    icon = "messages-square"
    actions = {
        "record_meeting": Action("deliberate", gettext_lazy("Record the meeting")),
        "return": Action("deliberate", gettext_lazy("Return for correction")),
    }
    main_action = "record_meeting"

    class Params(forms.Form):
        forum = forms.ChoiceField(label=gettext_lazy("form"), choices=Forum.choices, initial=Forum.INFORMAL)
        quorum = forms.ChoiceField(label=gettext_lazy("quorum"), choices=QUORUMS, required=False)
        pass_rule = forms.ChoiceField(label=gettext_lazy("passes with"), choices=PASS_RULES, required=False)
        uses_annual_appraisal = forms.BooleanField(
            label=gettext_lazy("uses the annual appraisal of members"), required=False
        )

        def clean(self) -> dict[str, Any]:
            """A general meeting votes by the branch rules unless the scheme says otherwise (domain F27)."""
            votes = self.cleaned_data.get("forum") == Forum.MEMBERS_MEETING
            self.cleaned_data["quorum"] = self.cleaned_data.get("quorum") or (HALF if votes else NONE)
            self.cleaned_data["pass_rule"] = self.cleaned_data.get("pass_rule") or (MAJORITY if votes else NONE)
            return self.cleaned_data

    def outcome(self) -> Outcome | None:
        meeting = counting_meeting(self.run, quorum=self.params.quorum, pass_rule=self.params.pass_rule)
        if meeting is None:
            return None
        verdict = judge(meeting, quorum=self.params.quorum, pass_rule=self.params.pass_rule)
        if verdict.agreed:
            return Outcome(passed=True)
        return Outcome(passed=False, reason=_("The meeting did not agree. %(sum)s") % {"sum": verdict.arithmetic})

    def waiting_for(self) -> str:
        return _("Waiting for the minutes of the %(forum)s from %(unit)s.") % {
            "forum": Forum(self.params.forum).label,
            "unit": self.run.actor_unit or self.run.nomination.org_unit,
        }

    def context(self, user: User) -> dict[str, Any]:
        held = self.run.nomination.meetings.filter(run__position=self.run.position)
        meetings = list(held.prefetch_related("left_out__member"))
        rules = {"quorum": self.params.quorum, "pass_rule": self.params.pass_rule}
        return {
            "meetings": [(meeting, judge(meeting, **rules)) for meeting in meetings],
            "rules": self.explain_run(),
            "appraisals": appraisals_of(self.run) if self.params.uses_annual_appraisal else [],
        }

    def explain_run(self) -> list[str]:
        return self.explain(self.run.params)

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        params = cls.clean_params(params)
        sentences = [_("Form: %(forum)s.") % {"forum": Forum(params["forum"]).label}]
        if params["quorum"] == HALF:
            sentences.append(_("At least half of those who should attend must be present."))
        if params["pass_rule"] == MAJORITY:
            sentences.append(_("It passes when more than half of those who should attend are in favour."))
        if params["uses_annual_appraisal"]:
            sentences.append(_("The results of the annual appraisal of members are taken into account."))
        return sentences
