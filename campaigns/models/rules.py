"""What a campaign copied from its scheme. Frozen when the campaign opens."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaign import Campaign


class HolderKind(models.TextChoices):
    PERSON = "person", _("individual")
    TEAM = "team", _("collective")
    ORG = "org", _("organisation")
    ZONE = "zone", _("responsibility zone")


class PostKind(models.Model):
    """A kind of post of the campaign, with its own way (S2, S7 and S9 have two ways in one document)."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="kinds", verbose_name=_("campaign"))
    code = models.SlugField(_("code"), max_length=30)
    label = models.CharField(_("name of the kind"), max_length=60)
    holder = models.CharField(_("held by"), max_length=10, choices=HolderKind.choices)
    # min_party, max_members, all_party, full_members_only, one_post_per_person, categories, allowed_units, clauses …
    rules = models.JSONField(_("member rules"), default=dict, blank=True)
    plaque = models.JSONField(_("plaque"), default=dict, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("kind of post")
        verbose_name_plural = _("kinds of post")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="post_kind_code_once")]

    def __str__(self):
        return self.label


class Stage(models.Model):
    """A step of the way of a kind of post: the definition that a nomination's runs are copied from."""

    post_kind = models.ForeignKey(PostKind, models.CASCADE, related_name="stages", verbose_name=_("kind of post"))
    position = models.PositiveSmallIntegerField(_("position"))
    kind = models.CharField(_("kind of stage"), max_length=20)
    label = models.CharField(_("name of the step"), max_length=40)
    # A list means: the nearest ancestor of one of these kinds (domain notes 2.3).
    actor = models.JSONField(_("actor"), default=list)
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    clause = models.CharField(_("clause of the source"), max_length=200, blank=True)
    duration_days = models.PositiveSmallIntegerField(_("planned days"), default=0)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    note = models.CharField(_("remark"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["post_kind", "position"], name="stage_position_once")]

    def __str__(self):
        return self.label


class ReviewRule(models.Model):
    """How often named posts are reviewed, and by whom; several rules hold side by side."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="review_rules", verbose_name=_("campaign"))
    code = models.SlugField(_("code"), max_length=30)
    label = models.CharField(_("name of the review"), max_length=40)
    cadence = models.CharField(_("cadence"), max_length=20)
    reviewer = models.JSONField(_("reviewer"), default=list)
    kinds = models.JSONField(_("kinds of post"), default=list, blank=True)
    # every_months, due_days, semester_starts, assessments, weights, satisfaction, outcomes, publish …
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    clause = models.CharField(_("clause of the source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("review rule")
        verbose_name_plural = _("review rules")
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="review_rule_code_once")]

    def __str__(self):
        return self.label


class VetoGround(models.Model):
    """A case of the one-vote veto 一票否决, in the words of the scheme."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="veto_grounds", verbose_name=_("campaign"))
    code = models.SlugField(_("code"), max_length=40)
    text = models.CharField(_("wording"), max_length=300)
    # Changes the legal basis that is printed; a report never revokes by itself (domain F14).
    requires_verification = models.BooleanField(_("the scheme demands verification"), default=False)
    evidence_needed = models.CharField(_("evidence needed"), max_length=120, blank=True)
    clause = models.CharField(_("clause of the source"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("veto ground")
        verbose_name_plural = _("veto grounds")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="veto_ground_code_once")]

    def __str__(self):
        return self.text


class Quota(models.Model):
    """How many posts a unit, or the campaign, may have; computed from the live roster."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="quotas", verbose_name=_("campaign"))
    code = models.SlugField(_("code"), max_length=30)
    kinds = models.JSONField(_("kinds of post"), default=list, blank=True)
    scope = models.CharField(_("counted per"), max_length=20)  # campaign, or a kind of unit
    # min, max, percent, base, rounding, tiers, enforce, spare …
    params = models.JSONField(_("parameters"), default=dict, blank=True)
    clause = models.CharField(_("clause of the source"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("quota")
        verbose_name_plural = _("quotas")
        constraints = [models.UniqueConstraint(fields=["campaign", "code"], name="quota_code_once")]

    def __str__(self):
        return self.code


class Phase(models.Model):
    """A dated part of the campaign's calendar; not a stage."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="phases", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    label = models.CharField(_("name of the phase"), max_length=40)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["position"]

    def __str__(self):
        return self.label
