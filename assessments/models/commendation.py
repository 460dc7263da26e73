from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Member
from campaigns.permissions import paths_for
from posts.models import Conferral


class RewardKind(models.TextChoices):
    """What a scheme's ``[[rewards]]`` may name."""

    MORAL = "moral", _("moral encouragement")
    MATERIAL = "material", _("material reward")
    COMMENDATION = "commendation", _("commendation")
    ANNUAL_APPRAISAL = "annual_appraisal", _("advantage in the annual appraisal")
    SELECTION = "selection", _("basis for the selection of outstanding members")
    PUBLICITY = "publicity", _("publicity")


#: Kinds from which a ban of the year keeps people away 不得列入当年表彰.
HONOURS = (RewardKind.COMMENDATION, RewardKind.SELECTION)


class CommendationStatus(models.TextChoices):
    OPEN = "open", _("being chosen")
    RELEASED = "released", _("released")


class OwnedQuerySet(models.QuerySet):
    """What belongs to a campaign's owner: seen by who sees that organisation."""

    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(campaign__owner__path__startswith=path)
        return self.filter(condition)

    def for_list(self):
        return self.select_related("campaign__owner").order_by("-pk")


class Commendation(models.Model):
    """A list of posts that are commended 表彰 on one occasion: 七一, the end of the year."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="commendations", verbose_name=_("campaign"))
    label = models.CharField(_("occasion"), max_length=60, help_text=_("For example: 七一表彰、年度表彰"))
    # The naming round of the scheme to which it belongs, if any.
    round_code = models.CharField(_("round"), max_length=30, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=CommendationStatus.choices, default=CommendationStatus.OPEN
    )
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    held_on = models.DateField(_("decided on"), null=True, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("commendation list")
        verbose_name_plural = _("commendation lists")
        constraints = [
            models.UniqueConstraint(fields=["campaign", "label"], name="commendation_label_once"),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_by__isnull=False, held_on__isnull=False),
                name="commendation_release_has_a_releaser",
            ),
        ]

    def __str__(self):
        return self.label


class CommendationItem(models.Model):
    """A post that the committee has chosen, and why."""

    commendation = models.ForeignKey(Commendation, models.CASCADE, related_name="items")
    conferral = models.ForeignKey(Conferral, models.PROTECT, related_name="commendations", verbose_name=_("post"))
    reason = models.CharField(_("reason"), max_length=300)
    chosen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    chosen_at = models.DateTimeField(_("chosen at"), auto_now_add=True)

    class Meta:
        verbose_name = _("commended post")
        verbose_name_plural = _("commended posts")
        constraints = [models.UniqueConstraint(fields=["commendation", "conferral"], name="commended_once")]

    def __str__(self):
        return str(self.conferral)


class Reward(models.Model):
    """An entry of the register of rewards 激励台账: what people got or what followed for them, on which document."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="rewards", verbose_name=_("campaign"))
    kind = models.CharField(_("kind"), max_length=20, choices=RewardKind.choices)
    text = models.CharField(_("what it is"), max_length=300)
    given_on = models.DateField(_("date"))
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    commendation = models.OneToOneField(
        Commendation, models.PROTECT, null=True, blank=True, related_name="reward", verbose_name=_("commendation list")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    objects = OwnedQuerySet.as_manager()

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")

    def __str__(self):
        return self.text


class RewardPerson(models.Model):
    """Whom an entry concerns, with the post for which it was given."""

    reward = models.ForeignKey(Reward, models.CASCADE, related_name="people")
    conferral = models.ForeignKey(Conferral, models.PROTECT, related_name="rewards", verbose_name=_("post"))
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="rewards")
    name = models.CharField(_("name"), max_length=60, blank=True)  # empty: the post as a whole

    class Meta:
        verbose_name = _("rewarded person")
        verbose_name_plural = _("rewarded people")
        ordering = ["pk"]

    def __str__(self):
        return self.name or str(self.conferral)
