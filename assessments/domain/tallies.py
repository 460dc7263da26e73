"""From counts to a verdict. Integers only: 399 of 500 shows as 79 % and does not reach 80 % (domain F1-F3)."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assessments.models import Option, Verdict

BLANK = ""


@dataclass(frozen=True)
class Turnout:
    """How many had a right and how many used it."""

    roll: int
    roll_voted: int
    codes: int
    codes_used: int
    paper_members: int = 0
    paper_public: int = 0
    paper_members_issued: int = 0
    paper_public_issued: int = 0

    @property
    def by_phone(self) -> int:
        """Ballots in the electronic box."""
        return self.roll_voted + self.codes_used

    @property
    def ballots(self) -> int:
        return self.by_phone + self.paper_members + self.paper_public

    @property
    def base(self) -> tuple[int, int]:
        """Voted and entitled, as the minimum turnout counts them: the roll; without a roll, the codes given out."""
        if self.roll:
            return self.roll_voted + self.paper_members, self.roll
        return self.codes_used + self.paper_public, self.codes + self.paper_public_issued


@dataclass(frozen=True)
class Judgement:
    """The verdict on a survey and the sentence that explains it."""

    verdict: str
    reason: str


def judge_line(counts: Counter[str] | dict[str, int], *, rules: dict[str, Any]) -> dict[str, Any]:
    """Valid and positive votes of one line and whether it passed; None without a threshold or a valid vote.

    Blank lines and the options named in ``not_valid`` are not valid (domain F1); 以上 includes the threshold (F2).
    """
    valid_options = [option for option in rules["options"] if option not in rules["not_valid"]]
    valid = sum(counts.get(option, 0) for option in valid_options)
    positive = sum(counts.get(option, 0) for option in rules["positive"])
    threshold = rules["threshold"]
    passed = None if threshold is None or not valid else reaches(positive, valid, threshold)
    shown = {option: counts.get(option, 0) for option in [*rules["options"], BLANK]}
    return {"counts": shown, "valid": valid, "positive": positive, "passed": passed}


def reaches(positive: int, valid: int, threshold: int) -> bool:
    """Whether ``positive`` of ``valid`` are ``threshold`` percent or more."""
    return 100 * positive >= threshold * valid


def judge_survey(lines: list[dict[str, Any]], turnout: Turnout, *, rules: dict[str, Any]) -> Judgement:
    """The verdict over all lines. The first line decides (the post); a member's line only drops that member.

    A void survey is not a failed one: it may be repeated.
    """
    if reason := _why_void(lines, turnout, rules):
        return Judgement(Verdict.VOID, reason)
    if rules["threshold"] is None:
        # Without a threshold the figures themselves are the result: they go on notice and before the deciding body.
        told = [_told_line(line, turnout, rules) for line in lines]
        told.append(_("The result informs the decision; there is no threshold."))
        return Judgement(Verdict.INFORMATIVE, _("; ").join(told))
    first = lines[0]
    return Judgement(Verdict.PASSED if first["passed"] else Verdict.FAILED, _told_line(first, turnout, rules))


def _told_line(line: dict[str, Any], turnout: Turnout, rules: dict[str, Any]) -> str:
    told = told_verdict(line, n_ballots=turnout.ballots, rules=rules)
    return _("%(line)s: %(sum)s") % {"line": line["label"], "sum": told}


def _why_void(lines: list[dict[str, Any]], turnout: Turnout, rules: dict[str, Any]) -> str:
    if turnout.paper_members > turnout.paper_members_issued or turnout.paper_public > turnout.paper_public_issued:
        return _("More paper ballots came out of the box than were handed out.")
    voted, entitled = turnout.base
    least = rules["min_turnout_percent"]
    if not turnout.ballots:
        return _("No ballot was cast.")
    if 100 * voted < least * entitled:
        return _("Turnout %(voted)s of %(entitled)s is below %(least)s %%.") % {
            "voted": voted,
            "entitled": entitled,
            "least": least,
        }
    needed = max(1, rules["min_valid"])
    for line in lines:
        if line["valid"] < needed and line["label"] not in rules.get("aspects", ()):
            return _("“%(line)s” has %(valid)s valid votes; at least %(needed)s are needed.") % {
                "line": line["label"],
                "valid": line["valid"],
                "needed": needed,
            }
    return ""


def percent(part: int, whole: int, *, rules: dict[str, Any]) -> str:
    """A whole percentage, cut and never rounded: 399 of 500 shows as 79 % and not as the 80 it is not.

    Empty below ``min_percent`` votes: an exact rate of few gives their number back (votes-and-trust 2.6).
    """
    return f"{100 * part // whole} %" if whole and whole >= rules["small_group"]["min_percent"] else ""


def arithmetic(line: dict[str, Any], *, rules: dict[str, Any]) -> str:
    """The sum written out: 满意 42 ÷ 有效 52 = 80 %，达到 80 %."""
    rate = percent(line["positive"], line["valid"], rules=rules)
    words = {
        "options": option_words(rules["positive"], rules=rules),
        "positive": line["positive"],
        "valid": line["valid"],
        "rate": f" = {rate}" if rate else "",
        "threshold": rules["threshold"],
    }
    if line["passed"] is None:
        return _("%(options)s %(positive)s ÷ valid %(valid)s%(rate)s") % words
    if line["passed"]:
        return _("%(options)s %(positive)s ÷ valid %(valid)s%(rate)s, reaches %(threshold)s %%") % words
    return _("%(options)s %(positive)s ÷ valid %(valid)s%(rate)s, does not reach %(threshold)s %%") % words


def told_verdict(line: dict[str, Any], *, n_ballots: int, rules: dict[str, Any]) -> str:
    """The sentence that goes out of the survey, into notices too: the sum, or for a small group only the verdict."""
    if not is_small(line, n_ballots=n_ballots, rules=rules):
        return arithmetic(line, rules=rules)
    if line["passed"] is None:
        return _("few voters, so no figures")
    if line["passed"]:
        return _("reaches %(threshold)s %% (few voters, so no figures)") % {"threshold": rules["threshold"]}
    return _("does not reach %(threshold)s %% (few voters, so no figures)") % {"threshold": rules["threshold"]}


def is_small(line: dict[str, Any], *, n_ballots: int, rules: dict[str, Any]) -> bool:
    """Whether figures of this line would tell who voted how: too few ballots, or one or two who did not agree."""
    small = rules["small_group"]
    return n_ballots < small["min_ballots"] or 0 < line["valid"] - line["positive"] < small["min_cell"]


def option_word(option: str, *, rules: dict[str, Any]) -> str:
    """What an option is called on this ballot: as the scheme says, else by its usual name."""
    return rules.get("words", {}).get(option) or str(Option(option).label)


def option_words(options: Iterable[str], *, rules: dict[str, Any]) -> str:
    """The options in words: 满意+基本满意."""
    return "+".join(option_word(option, rules=rules) for option in options)


def shown_lines(lines: list[dict[str, Any]], *, n_ballots: int, rules: dict[str, Any], full: bool) -> list[dict]:
    """The lines as a reader may see them (votes-and-trust 2.6).

    ``full`` is for the level above the branch. The branch itself sees no figures below ``min_ballots`` ballots, and
    no figure that would single out fewer than ``min_cell`` people who did not tick the positive options.
    """
    return [_shown_line(line, n_ballots, rules, full=full) for line in lines]


def _shown_line(line: dict[str, Any], n_ballots: int, rules: dict[str, Any], *, full: bool) -> dict[str, Any]:
    invalid = n_ballots - line["valid"]
    hidden = not full and is_small(line, n_ballots=n_ballots, rules=rules)
    rows: list[tuple[str, int]] = []
    if not hidden:
        rows = _rows(line["counts"], rules, min_cell=0 if full else rules["small_group"]["min_cell"])
    return {
        **line,
        "hidden": hidden,
        "invalid": invalid,
        "rows": rows,
        "arithmetic": "" if hidden else arithmetic(line, rules=rules),
    }


def shown_counts(counts: dict[str, int], rules: dict[str, Any], *, min_cell: int) -> tuple[dict[str, int], int | None]:
    """The counts that may be told, and the sum of the others if they are told together only.

    If one of the others is smaller than ``min_cell``, all of them are merged: a rest would give it away.
    """
    positive = {option: counts[option] for option in rules["options"] if option in rules["positive"]}
    others = {option: counts[option] for option in [*rules["options"], BLANK] if option not in rules["positive"]}
    if any(0 < count < min_cell for count in others.values()):
        return positive, sum(others.values())
    return positive | others, None


def _rows(counts: dict[str, int], rules: dict[str, Any], *, min_cell: int) -> list[tuple[str, int]]:
    """Options in words with their counts, as far as they may be told."""
    told, others = shown_counts(counts, rules, min_cell=min_cell)
    rows = [(option_word(o, rules=rules) if o else _("left blank"), count) for o, count in told.items()]
    return rows if others is None else [*rows, (_("all others together"), others)]
