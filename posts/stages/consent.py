"""本人意愿: every Party member of the post says himself whether he wants it (domain F6)."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.calendar import add_working_days
from campaigns.models import User
from posts.domain.consents import CONSENT_DAYS, ask_for_consent
from posts.models import ConsentAnswer
from posts.stages.base import Action, Outcome, StageKind, register


@register
class GiveConsent(StageKind):
    code = "consent"
    label = gettext_lazy("consent of the members")
    icon = "hand"
    actions = {
        "answer": Action(None, gettext_lazy("Answer"), conflict_free=False),
        "record_consent": Action("nominate", gettext_lazy("Record a signed paper"), conflict_free=False),
        "return": Action("nominate", gettext_lazy("Return for correction")),
    }
    main_action = "answer"

    class Params(forms.Form):
        mode = forms.ChoiceField(
            label=gettext_lazy("mode"), choices=[("explicit", gettext_lazy("everybody answers"))], initial="explicit"
        )

    def enter(self) -> None:
        ask_for_consent(self.run, until=self.due_on())

    def outcome(self) -> Outcome | None:
        waiting = self.run.consents.filter(answer=ConsentAnswer.WAITING, person__dropped_at__isnull=True)
        return None if waiting.exists() else Outcome(passed=True)

    def waiting_for(self) -> str:
        waiting = self.run.consents.filter(answer=ConsentAnswer.WAITING, person__dropped_at__isnull=True)
        names = _(", ").join(waiting.values_list("person__name", flat=True))
        return _("Waiting for the consent of: %(names)s.") % {"names": names}

    def due_on(self) -> date | None:
        if self.run.due_on:
            return self.run.due_on
        opened = self.run.opened_at or timezone.now()
        return add_working_days(timezone.localdate(opened), CONSENT_DAYS)

    def context(self, user: User) -> dict[str, Any]:
        consents = list(self.run.consents.select_related("person__member__user", "recorded_by"))
        own = next((c for c in consents if c.person.member and c.person.member.user_id == user.pk), None)
        return {"consents": consents, "own_consent": own}

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        cls.clean_params(params)
        return [_("Every Party member of the post says himself whether he wants it; who declines leaves the post.")]
