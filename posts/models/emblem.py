from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models import OrgUnit
from campaigns.permissions import paths_for


class EmblemQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever issues plaques for the unit."""
        condition = models.Q(pk__in=[])
        for path in paths_for(user, "issue_plaque") if user.is_authenticated else ():
            condition |= models.Q(org_unit__path__startswith=path)
        return self.filter(condition)

    def in_use(self):
        return self.filter(ended_at__isnull=True)


class Emblem(models.Model):
    """The image that an organisation prints on its plaques, as it was uploaded; never one of the program's own."""

    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="emblems", verbose_name=_("unit"))
    content_type = models.CharField(max_length=20)
    content = models.BinaryField(_("image"))
    sha256 = models.CharField(max_length=64)
    source = models.CharField(_("where the file comes from"), max_length=200)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("used until"), null=True, blank=True)

    objects = EmblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("emblem")
        verbose_name_plural = _("emblems")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["org_unit"], condition=models.Q(ended_at__isnull=True), name="one_emblem_in_use"
            )
        ]

    def __str__(self):
        return f"{self.org_unit} {self.sha256[:8]}"
