"""批准、确定、命名: a body decides, quietly first; what it decided takes effect when it is released."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.models import User
from posts.domain.decisions import decision_seen_by, propose_action
from posts.domain.guards import count_open_objections, open_objections_text
from posts.domain.progress import who_acts
from posts.domain.rounds import late_text, missed_round, round_of
from posts.models import DecisionEffect, DecisionItem, DecisionOutcome, DecisionStatus
from posts.stages.base import Action, Outcome, StageKind, register
from posts.stages.params import TextListField


@register
class Decide(StageKind):
    code = "decide"
    label = gettext_lazy("Decision")
    icon = "gavel"
    actions = {
        "propose": Action("decide", gettext_lazy("Decide")),
        # A superior body has no account here: the office records its decision with its document.
        "record": Action("release_decision", gettext_lazy("Record the superior's decision")),
        "release": Action("release_decision", gettext_lazy("Release")),
        "return": Action("decide", gettext_lazy("Return for correction")),
    }
    main_action = "propose"
    allowed_actors = (
        "unit",
        "branch",
        "members_meeting",
        "branch_committee",
        "general_branch",
        "sub_committee",
        "committee",
        "office",
        "leading_group",
        "superior",
    )

    class Params(forms.Form):
        effect = forms.ChoiceField(
            label=gettext_lazy("effect"), choices=DecisionEffect.choices, initial=DecisionEffect.NAME
        )
        document = forms.BooleanField(label=gettext_lazy("a document number is required"), required=False, initial=True)
        rounds = TextListField(label=gettext_lazy("rounds"), required=False)

    @property
    def asked_action(self) -> str:
        return propose_action(self.run)

    def entry_blockers(self) -> list[str]:
        # Everything else is passed by order; objections are settled beside the stages.
        if number := count_open_objections(self.run.nomination_id):
            return [open_objections_text(number)]
        return []

    def live_item(self) -> DecisionItem | None:
        """What has been decided on this run, pending or released; None when nothing yet."""
        return DecisionItem.objects.filter(run=self.run, is_live=True).select_related("decision").first()

    def outcome(self) -> Outcome | None:
        item = self.live_item()
        if item is None or item.decision.status != DecisionStatus.RELEASED:
            return None
        return Outcome(item.outcome == DecisionOutcome.APPROVED, item.reason)

    def leave(self) -> None:
        DecisionItem.objects.filter(run=self.run, is_live=True, decision__status=DecisionStatus.PENDING).update(
            is_live=False
        )

    def waiting_for(self) -> str:
        # Whether something is decided already stays with the deciding body until the release.
        found, who = round_of(self.run), who_acts(self.run)
        if found is None:
            return _("Waiting for the decision of %(unit)s.") % {"unit": who}
        return _("Waiting for the decision of %(unit)s in the round %(round)s.") % {"unit": who, "round": found}

    def due_on(self) -> date | None:
        found = round_of(self.run)
        days = [day for day in (self.run.due_on, found.by if found else None) if day]
        return min(days, default=None)

    def context(self, user: User) -> dict[str, Any]:
        missed = missed_round(self.run)
        return {
            "item": decision_seen_by(user, self.live_item()),
            "effect": DecisionEffect(self.params.effect).label,
            "late": late_text(missed, round_of(self.run)) if missed else "",
        }

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        clean = cls.clean_params(params)
        sentences: list[Any] = [
            _("The decision admits the post to the creation; the naming follows later.")
            if clean["effect"] == DecisionEffect.ADMIT
            else _("The decision confers the title.")
        ]
        if clean["document"]:
            sentences.append(_("It needs a document number before it is released."))
        if clean["rounds"]:
            sentences.append(_("Decisions are made on: %(rounds)s.") % {"rounds": "、".join(clean["rounds"])})
        return sentences
