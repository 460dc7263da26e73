from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.org_unit import OrgUnit


class MemberStatus(models.TextChoices):
    FULL = "full", _("full member")
    PROBATIONARY = "probationary", _("probationary member")


class Gender(models.TextChoices):
    MALE = "male", _("male")
    FEMALE = "female", _("female")


class LeaveReason(models.TextChoices):
    """Why an affiliation ended; what ``on_member_changed`` is told."""

    LEFT = "left", _("affiliation transferred elsewhere")
    DIED = "died", _("died")
    LOST_MEMBERSHIP = "lost_membership", _("no longer a Party member")


class MemberQuerySet(models.QuerySet):
    def active(self):
        """Members whose affiliation is here today."""
        return self.filter(left_on__isnull=True)

    def full(self):
        return self.filter(status=MemberStatus.FULL)

    def within(self, unit):
        """Members of the branches in the unit's subtree."""
        return self.filter(branch__path__startswith=unit.path)

    def visible_to(self, user):
        """Members of the branches that the user sees."""
        from campaigns.permissions import paths_for  # noqa: PLC0415  the guardian door imports the models

        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(branch__path__startswith=path)
        return self.filter(condition)

    def for_list(self):
        return self.select_related("branch", "work_unit", "user").order_by("branch__path", "number")


class Member(models.Model):
    """A Party member on the roster. Most have no account."""

    number = models.CharField(_("member number"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=60)
    gender = models.CharField(_("gender"), max_length=10, choices=Gender.choices, blank=True)
    branch = models.ForeignKey(
        OrgUnit,
        models.PROTECT,
        related_name="members",
        limit_choices_to={"kind": "branch"},
        verbose_name=_("Party branch"),
    )
    work_unit = models.ForeignKey(
        OrgUnit, models.SET_NULL, null=True, blank=True, related_name="staff", verbose_name=_("work unit")
    )
    status = models.CharField(_("membership"), max_length=15, choices=MemberStatus.choices, default=MemberStatus.FULL)
    joined_on = models.DateField(_("date joined"))
    confirmed_on = models.DateField(_("date confirmed"), null=True, blank=True)
    position = models.CharField(_("position held"), max_length=60, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="member",
        verbose_name=_("account"),
    )
    # 留党察看 and other sanctions bar a member from a title while they last (domain notes 3.2).
    sanction_until = models.DateField(_("under a sanction until"), null=True, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    left_reason = models.CharField(_("why"), max_length=20, choices=LeaveReason.choices, blank=True)

    objects = MemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("Party member")
        verbose_name_plural = _("Party members")
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_on__isnull=True) | Q(confirmed_on__gte=models.F("joined_on")),
                name="member_confirmed_after_joined",
                violation_error_message=_("The date confirmed lies before the date joined."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_full(self):
        return self.status == MemberStatus.FULL
