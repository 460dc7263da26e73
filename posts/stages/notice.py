"""公示: the nomination is made public; the step is over when the period is, and nothing is left open."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.calendar import CALENDAR, WORKING
from campaigns.models import User
from posts.domain.guards import count_open_objections, open_objections_text
from posts.domain.notice_texts import SCOPES
from posts.domain.notices import end_of, live_item, result_sentence, take_off
from posts.stages.base import Action, Outcome, StageKind, register
from posts.stages.params import TextListField

OBJECTS = [
    ("members", gettext_lazy("the members of the posts")),
    ("posts", gettext_lazy("the posts")),
    ("survey_result", gettext_lazy("the result of the survey")),
    ("final_list", gettext_lazy("the final list")),
    ("plan", gettext_lazy("the plan")),
]


@register
class PublicNotice(StageKind):
    code = "notice"
    label = gettext_lazy("public notice")
    icon = "megaphone"
    actions = {
        "publish": Action("publish_notice", gettext_lazy("Publish the notice")),
        "handle_objection": Action("handle_objection", gettext_lazy("Handle objections")),
        "return": Action("publish_notice", gettext_lazy("Return for correction")),
    }
    main_action = "publish"

    class Params(forms.Form):
        object = forms.ChoiceField(label=gettext_lazy("what is made public"), choices=OBJECTS, initial="members")
        scope = forms.CharField(label=gettext_lazy("scope"), max_length=60, required=False)
        channels = TextListField(label=gettext_lazy("channels"), required=False)
        days = forms.IntegerField(label=gettext_lazy("length in days"), min_value=1, max_value=60, initial=5)
        day_kind = forms.ChoiceField(
            label=gettext_lazy("kind of days"),
            choices=[(WORKING, gettext_lazy("working days")), (CALENDAR, gettext_lazy("calendar days"))],
            initial=WORKING,
        )
        second_days = forms.IntegerField(
            label=gettext_lazy("length of a second notice after a correction"), min_value=1, max_value=60, initial=3
        )
        verify_days = forms.IntegerField(
            label=gettext_lazy("working days for verifying an objection"), min_value=1, max_value=60, initial=10
        )

    @property
    def sheet_key(self) -> tuple:
        """Nominations whose keys are equal fit on one notice."""
        params = self.params
        length = params.days, params.day_kind, params.second_days, self.run.attempt > 1
        return params.object, params.scope, tuple(params.channels), *length

    def outcome(self) -> Outcome | None:
        item = live_item(self.run)
        if item is None or timezone.now() < end_of(item.notice.ends_on):
            return None
        if count_open_objections(self.run.nomination_id):
            return None
        return Outcome(passed=True, reason=result_sentence(item.notice))

    def leave(self) -> None:
        take_off(self.run)

    def looks_again_at(self) -> datetime | None:
        item = live_item(self.run)
        return end_of(item.notice.ends_on) if item else None

    def waiting_for(self) -> str:
        item = live_item(self.run)
        if item is None:
            return _("Waiting for %(unit)s to publish the notice.") % {
                "unit": self.run.actor_unit or self.run.nomination.org_unit
            }
        if timezone.now() < end_of(item.notice.ends_on):
            return _("On public notice until %(date)s.") % {"date": item.notice.ends_on.isoformat()}
        return open_objections_text(count_open_objections(self.run.nomination_id))

    def context(self, user: User) -> dict[str, Any]:
        item = live_item(self.run)
        return {
            "item": item,
            "notice": item.notice if item else None,
            "open_objections": count_open_objections(self.run.nomination_id),
            "result": result_sentence(item.notice) if item else "",
        }

    @classmethod
    def explain(cls, params: dict[str, Any]) -> list[str]:
        clean = cls.clean_params(params)
        words = {
            "what": dict(OBJECTS)[clean["object"]],
            "n": clean["days"],
            "kind": _("working days") if clean["day_kind"] == WORKING else _("calendar days"),
        }
        found = [_("Made public: %(what)s, for %(n)s %(kind)s; the first day counts.") % words]
        if clean["scope"]:
            found.append(_("Scope: %(scope)s.") % {"scope": SCOPES.get(clean["scope"], clean["scope"])})
        if clean["channels"]:
            found.append(_("Channels: %(channels)s.") % {"channels": "、".join(clean["channels"])})
        found.append(
            _("Objections are verified within %(n)s working days; nothing moves on while one is open.")
            % {"n": clean["verify_days"]}
        )
        return found
