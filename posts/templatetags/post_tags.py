"""States as icon, word and tint; colour alone never tells anything."""

from django import template

from campaigns.schemes.vocabulary import TASK_CADENCES
from posts.models import ConferralStatus, DecisionOutcome, DecisionStatus, PlaqueStatus

register = template.Library()

LOOKS = {
    ConferralStatus: {
        "creating": ("info", "sprout"),
        "active": ("ok", "circle-check"),
        "rectifying": ("warn", "wrench"),
        "adjusted": ("mute", "shuffle"),
        "rotated_out": ("mute", "refresh-cw"),
        "expired": ("mute", "calendar-off"),
        "revoked": ("bad", "circle-x"),
    },
    PlaqueStatus: {
        "to_print": ("info", "printer"),
        "displayed": ("ok", "circle-check"),
        "recalled": ("warn", "undo-2"),
        "returned": ("mute", "archive"),
        "lost": ("bad", "circle-help"),
        "void": ("mute", "ban"),
    },
    DecisionStatus: {
        "pending": ("warn", "clock"),
        "released": ("ok", "circle-check"),
        "cancelled": ("mute", "ban"),
    },
    DecisionOutcome: {
        "approved": ("ok", "circle-check"),
        "refused": ("bad", "circle-x"),
    },
}


def look(choices, value):
    tint, icon = LOOKS[choices][value]
    return {"tint": tint, "icon": icon, "label": choices(value).label}


@register.inclusion_tag("posts/_tag.html")
def conferral_state(conferral):
    return look(ConferralStatus, conferral.status)


@register.inclusion_tag("posts/_tag.html")
def plaque_state(plaque):
    return look(PlaqueStatus, plaque.status)


@register.inclusion_tag("posts/_tag.html")
def decision_state(decision):
    return look(DecisionStatus, decision.status)


@register.inclusion_tag("posts/_tag.html")
def outcome_tag(item):
    return look(DecisionOutcome, item.outcome)


@register.filter
def cadence(code: str) -> str:
    """For each month, quarter … of a zone's task."""
    return str(TASK_CADENCES.get(code, code))
