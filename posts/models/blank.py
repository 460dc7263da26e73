"""The unit's own blanks 本单位模板: Word files with merge fields, kept with their history."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import OrgUnit
from campaigns.permissions import paths_for


class BlankQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the units the user oversees, and of what stands above them: a blank holds for the units below."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(org_unit__path__startswith=path) | Q(org_unit__path__in=lineage_of(path))
        return self.filter(condition)

    def active(self):
        """Those in use: neither replaced nor taken out of use."""
        return self.filter(retired_at__isnull=True)

    def for_unit(self, unit):
        """Those that hold for a unit: its own and those of what stands above it."""
        return self.filter(org_unit__path__in=lineage_of(unit.path))

    def for_list(self):
        return self.select_related("org_unit", "uploaded_by", "retired_by").order_by("kind", "org_unit__path", "title")


def lineage_of(path: str) -> list[str]:
    """The path and those of the units above it."""
    return [path[:end] for end in range(OrgUnit.steplen, len(path) + 1, OrgUnit.steplen)]


class Blank(models.Model):
    """One version of a blank. A new one replaces it; neither is ever deleted, so what was printed can be told."""

    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="blanks", verbose_name=_("unit"))
    kind = models.CharField(_("kind of case"), max_length=20)
    title = models.CharField(_("name of the blank"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    file = models.FileField(_("file"), upload_to="blanks/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    fields = models.JSONField(_("fields used"), default=list)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    retired_at = models.DateTimeField(_("taken out of use at"), null=True, blank=True)
    retired_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = BlankQuerySet.as_manager()

    class Meta:
        verbose_name = _("blank of the unit")
        verbose_name_plural = _("blanks of the unit")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org_unit", "kind", "title"],
                condition=Q(retired_at__isnull=True),
                name="blank_title_once",
                violation_error_message=_("The unit has a blank with this title already."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_active(self):
        return self.retired_at is None
