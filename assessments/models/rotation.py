from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import OrgUnit, PostKind
from campaigns.permissions import paths_for
from posts.models import Conferral, Nomination


class RotationStatus(models.TextChoices):
    OPEN = "open", _("to be decided")
    RELEASED = "released", _("released")
    MISSED = "missed", _("not decided in time")


class RotationChoice(models.TextChoices):
    HOLD = "hold", _("keeps the plaque (re-elected)")
    ROTATE_OUT = "rotate_out", _("hands the plaque on")


class RotationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Who sees the deciding body; what is noted in it is quiet until the release."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(deciding_unit__path__startswith=path)
        return self.filter(condition)

    def open(self):
        return self.filter(status=RotationStatus.OPEN)

    def for_list(self):
        return self.select_related("post_kind__campaign__owner", "deciding_unit", "released_by").order_by(
            "-period_ends_on", "post_kind", "deciding_unit__path"
        )


class Rotation(models.Model):
    """One turn of the rotating plaques 流动挂牌: all posts of a kind that one body has named, for one interval."""

    post_kind = models.ForeignKey(PostKind, models.PROTECT, related_name="rotations", verbose_name=_("kind of post"))
    deciding_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("deciding body"))
    period_starts_on = models.DateField(_("interval from"))
    period_ends_on = models.DateField(_("interval until"))
    opened_at = models.DateTimeField(_("opened at"), auto_now_add=True)
    due_on = models.DateField(_("due on"))
    status = models.CharField(_("status"), max_length=10, choices=RotationStatus.choices, default=RotationStatus.OPEN)
    held_on = models.DateField(_("decided on"), null=True, blank=True)
    meeting = models.CharField(_("meeting"), max_length=120, blank=True)
    document_number = models.CharField(_("document number"), max_length=40, blank=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    released_at = models.DateTimeField(_("released at"), null=True, blank=True)

    objects = RotationQuerySet.as_manager()

    class Meta:
        verbose_name = _("rotation")
        verbose_name_plural = _("rotations")
        constraints = [
            models.UniqueConstraint(
                fields=["post_kind", "deciding_unit", "period_starts_on"], name="rotation_once_per_interval"
            ),
            models.CheckConstraint(
                condition=Q(period_ends_on__gte=F("period_starts_on")), name="rotation_interval_in_order"
            ),
            models.CheckConstraint(
                condition=~Q(status="released") | Q(released_by__isnull=False), name="rotation_release_has_a_releaser"
            ),
        ]

    def __str__(self):
        return f"{self.post_kind} {self.period_starts_on:%Y-%m-%d} – {self.period_ends_on:%Y-%m-%d}"

    @property
    def is_overdue(self):
        return self.status == RotationStatus.OPEN and self.due_on < timezone.localdate()


class RotationItem(models.Model):
    """One post of a rotation, and what becomes of its plaque."""

    rotation = models.ForeignKey(Rotation, models.CASCADE, related_name="items")
    conferral = models.ForeignKey(Conferral, models.PROTECT, related_name="rotations", verbose_name=_("post"))
    choice = models.CharField(_("decision"), max_length=10, choices=RotationChoice.choices, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # The nomination that is named in the same release and takes the plaque over.
    successor = models.ForeignKey(
        Nomination, models.PROTECT, null=True, blank=True, related_name="rotated_in", verbose_name=_("successor")
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    # Two officers at one table: who decides says which state he has seen.
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("item of a rotation")
        verbose_name_plural = _("items of a rotation")
        constraints = [
            models.UniqueConstraint(fields=["rotation", "conferral"], name="rotation_item_once"),
            models.UniqueConstraint(fields=["rotation", "successor"], name="rotation_successor_once"),
            models.CheckConstraint(
                condition=Q(choice="") | (Q(decided_by__isnull=False) & ~Q(reason="")),
                name="rotation_choice_has_decider_and_reason",
            ),
        ]

    def __str__(self):
        return f"{self.conferral} {self.get_choice_display()}".strip()
