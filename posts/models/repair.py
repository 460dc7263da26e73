"""What happens when a named post loses people: the repair by a day, the change of its members, the matter to settle."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Member
from posts.models.conferral import Conferral, Holder
from posts.models.meeting import ConsentAnswer


class RepairStatus(models.TextChoices):
    OPEN = "open", _("to be repaired")
    REPAIRED = "repaired", _("repaired")
    LAPSED = "lapsed", _("not repaired in time")
    CANCELLED = "cancelled", _("no longer needed")


class RepairTask(models.Model):
    """A post breaks a rule about its members; until a day its branch may mend that (domain F31)."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="repairs")
    cause = models.CharField(_("what happened"), max_length=200)
    problem = models.CharField(_("what is missing"), max_length=300)
    opened_on = models.DateField(_("opened on"))
    due_on = models.DateField(_("to be repaired by"))
    status = models.CharField(_("state"), max_length=10, choices=RepairStatus.choices, default=RepairStatus.OPEN)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("repair")
        verbose_name_plural = _("repairs")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conferral"], condition=Q(status="open"), name="repair_open_once"),
        ]

    def __str__(self):
        return f"{self.conferral} {self.due_on}"

    @property
    def is_overdue(self):
        return self.status == RepairStatus.OPEN and self.due_on < timezone.localdate()


class AdjustmentStatus(models.TextChoices):
    OPEN = "open", _("waiting")
    CONFIRMED = "confirmed", _("confirmed")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AdjustmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(conferral__in=Conferral.objects.visible_to(user).values("pk"))

    def open(self):
        return self.filter(status=AdjustmentStatus.OPEN)


class Adjustment(models.Model):
    """A change of the members of a post 调整: the branch proposes, who comes agrees, the body that named confirms."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="adjustments")
    reason = models.CharField(_("reason"), max_length=300)
    status = models.CharField(_("state"), max_length=10, choices=AdjustmentStatus.choices, default="open")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    answer = models.CharField(_("remark of the body that named the post"), max_length=300, blank=True)

    objects = AdjustmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of members")
        verbose_name_plural = _("changes of members")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conferral"], condition=Q(status="open"), name="adjustment_open_once"),
        ]

    def __str__(self):
        return f"{self.conferral} {self.get_status_display()}"


class AdjustmentLine(models.Model):
    """Somebody who comes (``member``, who is asked) or goes (``holder``)."""

    adjustment = models.ForeignKey(Adjustment, models.CASCADE, related_name="lines")
    holder = models.ForeignKey(Holder, models.CASCADE, null=True, blank=True, related_name="+")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="asked_to_join")
    name = models.CharField(_("name"), max_length=60)
    duty = models.CharField(_("task in the post"), max_length=120, blank=True)
    shared = models.BooleanField(_("shares the zone"), default=False)
    consent = models.CharField(_("answer"), max_length=10, choices=ConsentAnswer.choices, default=ConsentAnswer.WAITING)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("person of a change")
        verbose_name_plural = _("people of a change")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(holder__isnull=True, member__isnull=False) | Q(holder__isnull=False, member__isnull=True),
                name="adjustment_line_comes_or_goes",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def comes(self):
        return self.member_id is not None


class SanctionMatterQuerySet(models.QuerySet):
    def open(self):
        return self.filter(settled_at__isnull=True, conferral__ended_on__isnull=True)


class SanctionMatter(models.Model):
    """A holder of a named post came under a sanction: nothing ends by itself, somebody verifies and settles it."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="sanction_matters")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    until = models.DateField(_("under a sanction until"))
    opened_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(_("settled at"), null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    conclusion = models.CharField(_("conclusion"), max_length=300, blank=True)

    objects = SanctionMatterQuerySet.as_manager()

    class Meta:
        verbose_name = _("sanction of a holder")
        verbose_name_plural = _("sanctions of holders")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["conferral", "member", "until"], name="sanction_matter_once"),
        ]

    def __str__(self):
        return f"{self.conferral} {self.until}"
