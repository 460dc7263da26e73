from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.incident import Incident
from assessments.models.statement import IncidentReporter


class ReportPhotoQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The verifying role only, as the reporter: from where a picture was taken may tell who took it."""
        return self.filter(incident__in=IncidentReporter.objects.visible_to(user).values("incident"))


class ReportPhoto(models.Model):
    """A photograph that came with a report, drawn anew: without its name, its camera and its place."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="photos", verbose_name=_("incident"))
    file = models.FileField(_("file"), upload_to="reports/%Y/%m/")
    width = models.PositiveIntegerField(_("width"))
    height = models.PositiveIntegerField(_("height"))
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)

    objects = ReportPhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photograph of a report")
        verbose_name_plural = _("photographs of reports")
        ordering = ["pk"]

    def __str__(self):
        return f"{self._meta.verbose_name} {self.pk}"
