"""The words that a scheme file may use, and what they are called."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.domain.actors import ACTORS
from campaigns.domain.stage_specs import stage_specs
from campaigns.models import HolderKind, UnitKind

Labels = dict[str, str | Promise]

HOLDERS: Labels = dict(HolderKind.choices)
UNIT_KINDS: Labels = dict(UnitKind.choices)
SCOPES: Labels = {"campaign": _("the whole campaign"), **UNIT_KINDS}
CADENCES: Labels = {
    "monthly": _("every month"),
    "quarterly": _("every quarter"),
    "semester": _("every semester"),
    "annual": _("every year"),
    "every_n_months": _("every few months"),
    "none": _("when the reviewer sees fit"),
}
TASK_CADENCES: Labels = {
    code: label if code != "none" else _("until the title ends")
    for code, label in CADENCES.items()
    if code != "every_n_months"
}
OUTCOMES: Labels = {
    "pass": _("passed"),
    "rectify": _("rectification by a deadline"),
    "adjust": _("adjustment"),
    "rotate_out": _("rotating out"),
    "revoke": _("revocation"),
}
WEIGHTS: Labels = {
    "main": _("main basis"),
    "important": _("important basis"),
    "item": _("an item of the rubric"),
    "none": _("no part"),
}
ASSESSMENTS: Labels = {
    "self": _("self-assessment"),
    "peer": _("assessment by fellow members"),
    "mass": _("assessment by the masses"),
    "leader": _("comment by the leaders"),
    "organisation": _("assessment by the organisation"),
}
GRADES: Labels = {
    "excellent": _("excellent"),
    "qualified": _("qualified"),
    "basically_qualified": _("basically qualified"),
    "unqualified": _("unqualified"),
}
ELECTORATES: Labels = {
    "members": _("members of the unit"),
    "masses": _("the masses, by ballot code"),
    "service_users": _("service users, by ballot code"),
}
AGGREGATES: Labels = {
    "mean": _("mean"),
    "trimmed_mean": _("mean without the highest and the lowest"),
}
BASES: Labels = {
    "formal_members": _("full members"),
    "members": _("all Party members"),
    "villages": _("villages and communities"),
    "units": _("participating units"),
}
ROUNDINGS: Labels = {"floor": _("rounded down"), "ceil": _("rounded up"), "round": _("rounded to the nearest")}
FIELDS: Labels = {
    "name": _("name of the post"),
    "category": _("category"),
    "place": _("place"),
    "duties": _("duties"),
    "commitment": _("commitment"),
    "reasons": _("reasons"),
    "staff_total": _("people in the post"),
    "contact_phone": _("supervision telephone"),
    "area": _("area of the zone"),
}
PLAQUE_CONTENT: Labels = {
    "post_name": _("name of the post"),
    "category": _("category"),
    "duties": _("duties"),
    "commitment": _("commitment"),
    "party_member_count": _("number of Party members"),
    "names": _("names of the members"),
    "phone": _("supervision telephone"),
    "issuer": _("issuing organisation"),
    "month": _("month of issue"),
    "number": _("plaque number"),
    "qr": _("code that opens the public page"),
}
SIZES: Labels = {
    "A4": _("A4 sheet"),
    "A5": _("A5 sheet"),
    "20x10": _("desk sign, 20 × 10 cm"),
    "30x20": _("door sign, 30 × 20 cm"),
    "60x40": _("wall plaque, 60 × 40 cm"),
}
DAY_KINDS: Labels = {"working": _("working days"), "calendar": _("calendar days")}
REWARD_KINDS: Labels = {
    "moral": _("moral encouragement"),
    "material": _("material reward"),
    "commendation": _("commendation"),
    "annual_appraisal": _("advantage in the annual appraisal"),
    "selection": _("basis for the selection of outstanding members"),
    "publicity": _("publicity"),
}
SURVEY_OPTIONS: Labels = {
    "satisfied": _("satisfied"),
    "basically_satisfied": _("basically satisfied"),
    "dissatisfied": _("dissatisfied"),
    "unknown": _("do not know"),
}
CLAUSED_RULES: Labels = {
    "holder": _("held by"),
    "follows": _("first batch"),
    "min_party": _("minimum of Party members"),
    "max_members": _("maximum of people"),
    "all_party": _("all people are Party members"),
    "full_members_only": _("full members only"),
    "one_post_per_person": _("one post per person"),
    "not_under_sanction": _("nobody under a sanction"),
    "categories": _("category"),
    "allowed_units": _("units that may create it"),
    "evidence": _("papers"),
    "tasks": _("tasks"),
    "plaque": _("plaque"),
}


def actor_labels() -> Labels:
    """The acting parties."""
    return {code: actor.label for code, actor in ACTORS.items()}


def stage_labels() -> Labels:
    """The kinds of steps that exist."""
    return {code: spec.label for code, spec in stage_specs().items()}
