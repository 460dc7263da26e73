"""What the templates of surveys show, put together from rows that are loaded already."""

from django.utils.translation import gettext as _

from assessments.domain.rules import explain_rules
from assessments.models import Option, Survey


def ballot_lines(survey: Survey, choices: list[str]) -> list[dict]:
    """The lines with their options, the given choices ticked."""
    return [
        {
            "name": f"line{line.position}",
            "label": line.label,
            "value": choice if choice in survey.rules["options"] else "",
            "options": [
                {"code": code, "label": Option(code).label, "checked": code == choice}
                for code in survey.rules["options"]
            ],
        }
        for line, choice in zip(survey.lines.all(), choices, strict=True)
    ]


def chosen_lines(survey: Survey, choices: list[str]) -> list[dict]:
    """The lines with what was chosen, in words; an empty label for a blank."""
    return [
        {
            "name": f"line{line.position}",
            "label": line.label,
            "value": choice,
            "chosen": Option(choice).label if choice else "",
            "not_valid": choice in survey.rules["not_valid"],
        }
        for line, choice in zip(survey.lines.all(), choices, strict=True)
    ]


def secrecy_notes(survey: Survey) -> list[str]:
    """What a voter should know before he ticks: what is kept, what is not, and how it is counted."""
    notes = [
        _("Secret ballot: that you voted is recorded, what you voted is not. The two are never joined."),
        _("Nobody can read a ballot before the survey closes. A ballot cannot be changed after it was handed in."),
    ]
    if survey.rules.get("accepted_small_group"):
        notes.append(_("Few people vote here. If all of them answer alike, everybody's answer is known."))
    return notes + explain_rules(survey.rules)
