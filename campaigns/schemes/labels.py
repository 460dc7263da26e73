"""What the keys of a scheme are called on forms, with a word of help where the name does not say enough.

One table for all of them: whoever adds a key to a dataclass adds its label here (a test compares the two).
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Label:
    """The name of a key and its help."""

    name: str | Promise
    help: str | Promise = ""


#: Keys that mean the same wherever they stand.
COMMON = {
    "code": Label(
        _("code"),
        _("Small letters, digits and _, beginning with a letter; used inside the scheme, people never see it."),
    ),
    "label": Label(_("what it is called")),
    "clause": Label(
        _("where the source says so"),
        _("Article and words of the source, such as “四、2 得满意票应在80%以上”. It is printed beside the rule."),
    ),
    "text": Label(_("what it says")),
    "kinds": Label(_("for these kinds of posts"), _("None ticked: all.")),
    "assumed": Label(_("not in the source, only read out of it")),
    "rubric": Label(_("rubric")),
    "threshold": Label(_("lowest share of satisfaction (percent)"), _("Empty: not set.")),
}
#: Keys of one table, by the name of its dataclass.
OWN: dict[str, dict[str, Label]] = {
    "Head": {
        "code": Label(
            _("code of the scheme"),
            _("Small letters, digits and _, beginning with a letter. Tells this scheme from all others."),
        ),
        "title": Label(_("title of the scheme")),
        "honour": Label(_("title conferred"), _("Printed on plaques and documents.")),
        "source": Label(_("source document")),
        "source_number": Label(_("document number of the source")),
        "owner_kinds": Label(_("who may carry it out"), _("None ticked: any.")),
        "organised_by": Label(_("department that organises it")),
        "basis": Label(_("basis of the scheme")),
        "approving_body": Label(_("body that approves the campaign"), _("Taken over when a campaign is prepared.")),
        "scope": Label(_("scope of the campaign"), _("Taken over when a campaign is prepared.")),
        "internal_only": Label(_("only among one's own units")),
        "yearly": Label(_("carried out every year")),
        "slogans": Label(_("slogans")),
        "summary": Label(_("summary"), _("One paragraph, shown in the library.")),
    },
    "Kind": {
        "label": Label(_("what this kind is called")),
        "holder": Label(_("held by whom")),
        "stages": Label(_("way")),
        "honour": Label(_("its own title"), _("Empty: the title of the scheme.")),
        "min_party": Label(_("least number of Party members")),
        "max_members": Label(_("greatest number of people")),
        "all_party": Label(_("everybody must be a Party member")),
        "full_members_only": Label(_("only full members")),
        "one_post_per_person": Label(_("one post a person")),
        "not_under_sanction": Label(_("nobody under a sanction takes part")),
        "categories": Label(_("categories to choose from")),
        "allowed_units": Label(_("units that may create it"), _("None ticked: any.")),
        "required_fields": Label(_("fields that must be filled in")),
        "evidence": Label(_("papers to hand in")),
        "tasks": Label(_("tasks of the zone")),
        "publish_results": Label(_("publish what was done")),
        "conditions": Label(_("further conditions"), _("Confirmed by whoever submits; people judge them.")),
        "plaque": Label(_("plaque of this kind")),
        "clauses": Label(_("sources of the single rules")),
        "follows": Label(_("only after the first naming of")),
    },
    "StageRule": {
        "kind": Label(_("kind of step")),
        "label": Label(_("what this step is called"), _("Shown in the step bar.")),
        "actor": Label(_("who does it"), _("Several ticked: the nearest of them above the nominating unit.")),
        "days": Label(_("planned working days")),
        "due": Label(_("to be done by"), _("Month and day such as 06-15; 06-15+1 is one year later.")),
        "params": Label(_("particulars of the step")),
        "note": Label(_("a word to whoever does it")),
    },
    "PlaqueRule": {
        "content": Label(_("what stands on it")),
        "place": Label(_("where it hangs or stands")),
        "badge": Label(_("members wear the badge")),
        "size": Label(_("size of the plaque")),
        "creating_title": Label(_("title on the “creating” plaque"), _("Empty: “创建” and the title.")),
        "card": Label(_("a card for the zone too")),
    },
    "Evidence": {
        "label": Label(_("name of the paper")),
        "required": Label(_("must be handed in")),
        "sealed": Label(_("with a seal")),
    },
    "Task": {
        "text": Label(_("what is to be done")),
        "target": Label(_("target figure")),
        "unit": Label(_("unit of the figure")),
        "cadence": Label(_("how often")),
    },
    "QuotaRule": {
        "scope": Label(_("counted for")),
        "kinds": Label(_("kinds of posts counted"), _("None ticked: all together.")),
        "min": Label(_("at least so many")),
        "max": Label(_("at most so many")),
        "percent": Label(_("not more than so many percent")),
        "base": Label(_("percent of what")),
        "rounding": Label(_("how fractions are rounded")),
        "tiers": Label(_("steps by size"), _("Instead of percent and figure.")),
        "enforce": Label(_("refuse what goes beyond"), _("No: only a warning.")),
        "spare": Label(_("so many more may be nominated")),
    },
    "Tier": {
        "max": Label(_("at most so many posts")),
        "up_to": Label(_("up to this size"), _("Empty in the last line: all that is larger.")),
    },
    "ReviewRuleSpec": {
        "label": Label(_("name of the review")),
        "cadence": Label(_("how often it is held")),
        "reviewer": Label(_("who reviews")),
        "every_months": Label(_("every how many months"), _("Only with “every few months”.")),
        "semester_starts": Label(_("first days of the semesters"), _("One day a line, such as 09-01.")),
        "due_days": Label(_("done within so many days")),
        "due_day_kind": Label(_("which days count")),
        "min_days": Label(_("not for posts younger than so many days")),
        "after_campaign": Label(_("goes on after the campaign")),
        "survey": Label(_("with a satisfaction survey")),
        "satisfaction": Label(_("weight of the survey")),
        "electorate": Label(_("who votes in the survey")),
        "assessments": Label(_("ways of assessing")),
        "names": Label(_("what the source calls them"), _("Empty: by their usual names.")),
        "aspects": Label(_("what is compared"), _("One aspect a line, in the words of the source.")),
        "min_voices": Label(_("how many must have spoken"), _("Empty: one; three of the fellow members.")),
        "voice_days": Label(_("days for the assessments"), _("Empty: half of the days of the review.")),
        "weights": Label(_("weights (together 100)")),
        "grades": Label(_("points of a grade"), _("Empty: 100, 80, 60 and 0.")),
        "marks": Label(_("lowest total for each result"), _("Below all of them the gravest result is proposed.")),
        "aggregate": Label(_("official score of several assessors")),
        "outcomes": Label(
            _("possible results"), _("None ticked: passed, and what follows when a post is not up to standard.")
        ),
        "publish": Label(_("publish the results")),
        "plaque_photo": Label(_("with a photograph of the plaque where it hangs")),
        "unannounced": Label(_("unannounced: the post learns of it by the result")),
    },
    "RectifyRule": {
        "days": Label(_("days for putting things right")),
        "extensions": Label(_("how often it may be extended (0: never)")),
        "extension_days": Label(_("an extension gives at most (days)")),
        "escalate_days": Label(_("not handed in: to the deciding body after (days)")),
        "public": Label(_("the public page says “under rectification”")),
        "repair_days": Label(_("days for restoring the conditions after a change of people")),
    },
    "VetoRule": {
        "text": Label(_("the case in the words of the source")),
        "requires_verification": Label(_("the source demands verification")),
        "evidence_needed": Label(_("evidence that is needed")),
    },
    "Rubric": {
        "title": Label(_("title of the rubric")),
        "total": Label(_("points in all")),
        "pass_mark": Label(_("pass mark")),
        "excellent_mark": Label(_("mark of excellence")),
        "bonus_cap": Label(_("most bonus points")),
        "pro_rata": Label(_("items that do not apply are made up for pro rata")),
        "sections": Label(_("sections of the rubric")),
    },
    "RubricSection": {
        "label": Label(_("heading of the section")),
        "stated": Label(_("points that the heading states")),
        "bonus": Label(_("bonus points")),
        "veto": Label(_("vetoes: found or not, without points")),
        "items": Label(_("items of the section")),
    },
    "RubricItem": {
        "number": Label(_("number")),
        "text": Label(_("what is judged")),
        "points": Label(_("points"), _("Empty where the source gives none.")),
        "satisfaction": Label(_("share of satisfaction demanded (percent)")),
    },
    "Consequences": {
        "fail_effect": Label(_("what may follow")),
        "ban_same_year": Label(_("no nomination, no commendation in the same year")),
        "ban_on": Label(_("the ban applies to")),
        "recall_days": Label(_("the plaque comes back within (working days)")),
    },
    "Reward": {
        "text": Label(_("the reward")),
        "kind": Label(_("kind of reward")),
    },
    "Rotation": {
        "enabled": Label(_("the plaque goes round")),
        "interval_months": Label(_("months of one turn")),
        "re_election": Label(_("the same may be chosen again")),
    },
    "PhaseRule": {
        "label": Label(_("name of the phase")),
        "starts": Label(_("begins on"), _("Month and day such as 06-15; 06-15+1 is one year later.")),
        "ends": Label(_("ends on")),
        "text": Label(_("what is done in it")),
    },
    "Round": {
        "label": Label(_("name of the round")),
        "by": Label(_("named at the latest on")),
    },
    "Milestone": {
        "label": Label(_("what is to be kept")),
        "on": Label(_("day")),
        "who": Label(_("who keeps it")),
        "record": Label(_("each of them records what was done")),
    },
    "Objections": {
        "verify_days": Label(_("working days for the verification")),
        "anonymous": Label(_("anonymous objections are accepted")),
    },
    "SurveyTexts": {
        "keep_openings_days": Label(_("days in which ballots can be counted again")),
        "title": Label(_("title of the ballot")),
        "instruction": Label(_("how to fill it in")),
        "options": Label(_("what the options are called")),
    },
    "Publicity": {
        "channels": Label(_("channels of publicity")),
    },
    "Standard": {
        "text": Label(_("the standard")),
        "label": Label(_("heading of the standard")),
    },
    "Remark": {
        "text": Label(_("the requirement")),
    },
    "Reading": {
        "point": Label(_("the unclear point")),
        "reading": Label(_("how it is read here")),
        "flag": Label(_("number of the reading")),
    },
    "Scheme": {
        "scheme": Label(_("the scheme itself")),
        "kinds": Label(_("kinds of posts")),
        "pipelines": Label(_("ways")),
        "quotas": Label(_("quotas")),
        "reviews": Label(_("reviews")),
        "rectify": Label(_("putting things right")),
        "veto": Label(_("grounds for a veto")),
        "rubrics": Label(_("rubrics")),
        "consequences": Label(_("consequences")),
        "rewards": Label(_("rewards")),
        "rotation": Label(_("rotation of the plaque")),
        "phases": Label(_("phases")),
        "rounds": Label(_("rounds of naming")),
        "milestones": Label(_("days to be kept")),
        "objections": Label(_("objections")),
        "survey": Label(_("texts of the ballot")),
        "publicity": Label(_("publicity")),
        "standards": Label(_("standards")),
        "remarks": Label(_("further requirements")),
        "readings": Label(_("readings of unclear points")),
    },
}


def label_of(cls: type, name: str) -> Label:
    """The label of a key of the table ``cls``; the key itself where it has none."""
    return OWN.get(cls.__name__, {}).get(name) or COMMON.get(name) or Label(name)
