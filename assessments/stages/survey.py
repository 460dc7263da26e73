"""测评: a secret ballot about the post and its members before the naming."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessments.domain.rules import MASSES, MEMBERS, PEOPLE, POST, SERVICE_USERS, explain_rules, rules_from
from assessments.domain.surveys import abandon_survey, prepare_survey
from assessments.models import Option, Survey, SurveyState, Verdict
from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.stages.base import Action, Outcome, StageKind, register


class SurveyParams(forms.Form):
    """Who votes on what, and what the result means (domain F1-F3, F7, F22)."""

    subjects = forms.MultipleChoiceField(
        label=_("lines of the ballot"),
        choices=[(POST, _("the post")), (PEOPLE, _("each member of the post"))],
        initial=[POST, PEOPLE],
    )
    electorate = forms.MultipleChoiceField(
        label=_("who votes"),
        choices=[
            (MEMBERS, _("members of the unit")),
            (MASSES, _("the masses, by ballot code")),
            (SERVICE_USERS, _("service users, by ballot code")),
        ],
        initial=[MEMBERS, MASSES],
    )
    options = forms.MultipleChoiceField(label=_("options"), choices=Option.choices, initial=Option.values)
    positive = forms.MultipleChoiceField(
        label=_("counted as positive"), choices=Option.choices, initial=[Option.SATISFIED.value]
    )
    not_valid = forms.MultipleChoiceField(
        label=_("not valid"), choices=Option.choices, initial=[Option.UNKNOWN.value], required=False
    )
    threshold = forms.IntegerField(
        label=_("threshold in percent; empty: for information only"), min_value=0, max_value=100, required=False
    )
    min_turnout_percent = forms.IntegerField(
        label=_("minimum turnout in percent"), min_value=0, max_value=100, initial=50
    )
    min_valid = forms.IntegerField(label=_("minimum of valid votes a line"), min_value=0, initial=1)
    days = forms.IntegerField(label=_("planned days"), min_value=1, max_value=30, initial=5)
    max_extensions = forms.IntegerField(
        label=_("times it may be extended for lack of voters"), min_value=0, max_value=5, initial=1
    )
    recuse_holders = forms.BooleanField(
        label=_("members of the post do not vote on themselves"), initial=True, required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        options = set(data.get("options") or ())
        if data.get("not_valid") == [Option.UNKNOWN]:
            data["not_valid"] = [option for option in data["not_valid"] if option in options]
        if not options.issuperset(data.get("not_valid") or ()):
            self.add_error("not_valid", _("Name options of this ballot only."))
        valid = options - set(data.get("not_valid") or ())
        if not valid.issuperset(data.get("positive") or ()):
            self.add_error("positive", _("Positive options must be valid options of this ballot."))
        return data


@register
class SurveyStage(StageKind):
    """Passed when a survey of the run was closed with the post's line at the threshold; a void one is repeated."""

    code = "survey"
    label = _("survey")
    icon = "vote"
    actions = {
        "open_survey": Action("run_survey", _("Open the survey")),
        "close_survey": Action("run_survey", _("Close the survey")),
    }
    main_action = "open_survey"
    Params = SurveyParams  # type: ignore[assignment]

    def enter(self) -> None:
        prepare_survey(self.run)

    def leave(self) -> None:
        for survey in self.run.surveys.all():
            abandon_survey(survey, reason=str(_("The step was ended before the survey was over.")))

    def survey(self) -> Survey | None:
        """The newest survey of the run."""
        return self.run.surveys.select_related("result", "org_unit").order_by("-pk").first()

    def outcome(self) -> Outcome | None:
        survey = self.run.surveys.filter(state=SurveyState.CLOSED).select_related("result").order_by("-pk").first()
        if survey is None:
            return None
        return Outcome(passed=survey.result.verdict != Verdict.FAILED, reason=survey.result.reason)

    def waiting_for(self) -> str:
        survey = self.survey()
        if survey is None or survey.state == SurveyState.DRAFT:
            return str(_("The survey has to be opened."))
        if survey.state == SurveyState.VOID:
            return _("The survey is void and has to be repeated: %s") % survey.void_reason
        return _("The survey is open until %s.") % timezone.localtime(survey.closes_at).strftime("%Y-%m-%d %H:%M")

    def due_on(self) -> date | None:
        survey = self.survey()
        return timezone.localdate(survey.closes_at) if survey and survey.closes_at else self.run.due_on

    def context(self, user: User) -> dict[str, Any]:
        return {"survey": self.survey(), "may_see": may_on_unit(user, "view_unit", self.run.actor_unit)}

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        clean = SimpleNamespace(**cls.clean_params(params))
        return explain_rules(rules_from(clean, clause=""))
