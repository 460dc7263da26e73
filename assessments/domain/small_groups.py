"""What is not told because few people voted (votes-and-trust 2.6). The limits are settings, frozen with the rules."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _


def limits() -> dict[str, int]:
    """The limits of today; a survey keeps those of its opening in ``rules["small_group"]``."""
    return {
        "min_electorate": settings.SURVEY_MIN_ELECTORATE,
        "few_by_phone": settings.SURVEY_FEW_BY_PHONE,
        "min_ballots": settings.SURVEY_MIN_BALLOTS,
        "min_cell": settings.SURVEY_MIN_CELL,
        "min_percent": settings.SURVEY_MIN_PERCENT,
        "min_turnout": settings.SURVEY_MIN_TURNOUT,
        "turnout_minutes": settings.SURVEY_TURNOUT_MINUTES,
    }


def explain_limits(rules: dict[str, Any]) -> list[str]:
    """The limits in sentences, for the page of the survey and the bulletin."""
    small = rules["small_group"]
    few = _("With fewer than %(n)s entitled people the vote is held on paper in a meeting.")
    if small["few_by_phone"]:
        few = _(
            "With fewer than %(n)s entitled people the vote is held on paper in a meeting, or by phone if the one who "
            "opens it accepts what the result may show."
        )
    lines = [
        few % {"n": small["min_electorate"]},
        _("With fewer than %(n)s ballots no figures are told, only whether the threshold is reached.")
        % {"n": small["min_ballots"]},
        _("Answers that fewer than %(n)s people gave are told together with others only.") % {"n": small["min_cell"]},
        _("Percentages are whole, and told from %(n)s valid votes on only.") % {"n": small["min_percent"]},
        _("While it is open the turnout is shown from %(n)s ballots on, and anew every %(m)s minutes at most.")
        % {"n": small["min_turnout"], "m": small["turnout_minutes"]},
    ]
    if rules.get("paper_only"):
        lines.append(_("Held on paper in a meeting: nobody votes by phone."))
    return lines
