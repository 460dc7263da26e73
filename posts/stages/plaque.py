"""授牌: a numbered plaque is made, handed over against a signature, and hangs."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaigns.domain.actors import ACTORS
from campaigns.models import User
from posts.domain.plaques import awaiting_hand_over, issue_for_run
from posts.models import PlaqueKind
from posts.stages.base import Action, Outcome, StageKind, register


def _actors() -> list[tuple[str, Any]]:
    return [(code, actor.label) for code, actor in ACTORS.items()]


@register
class HandOver(StageKind):
    code = "plaque"
    label = _("Plaque")
    icon = "award"
    actions = {"hand_over": Action("issue_plaque", _("Hand over the plaque"))}
    main_action = "hand_over"
    returnable = False

    class Params(forms.Form):
        plaque_kind = forms.ChoiceField(label=_("kind"), choices=PlaqueKind.choices, initial=PlaqueKind.NAMED)
        issuer = forms.ChoiceField(label=_("issued by"), initial="committee", choices=_actors)
        place = forms.CharField(label=_("where it hangs"), required=False, max_length=120)
        badge = forms.BooleanField(label=_("members wear the Party badge"), required=False)
        per = forms.ChoiceField(
            label=_("how many"),
            choices=[("post", _("one for the post")), ("holder", _("one for each holder"))],
            initial="post",
        )

    def enter(self) -> None:
        issue_for_run(self.run, kind=self.params.plaque_kind, per_holder=self.params.per == "holder")

    def outcome(self) -> Outcome | None:
        return None if awaiting_hand_over(self.run, self.params.plaque_kind) else Outcome(passed=True)

    def waiting_for(self) -> str:
        return str(_("Waiting for the plaque to be handed over and signed for."))

    def context(self, user: User) -> dict[str, Any]:
        conferral = getattr(self.run.nomination, "conferral", None)
        return {"plaques": list(conferral.plaques.filter(kind=self.params.plaque_kind)) if conferral else []}

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        clean = cls.clean_params(params)
        sentences: list[Any] = [
            _("A “creating” plaque is handed over; it comes back when the named one goes out.")
            if clean["plaque_kind"] == PlaqueKind.CREATING
            else _("The plaque is handed over and signed for; from that day it hangs publicly.")
        ]
        if clean["place"]:
            sentences.append(_("It hangs here: %(place)s.") % {"place": clean["place"]})
        if clean["badge"]:
            sentences.append(_("The members wear the Party badge."))
        return sentences
