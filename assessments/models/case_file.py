from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assessments.models.incident import Incident
from assessments.models.rectification import Rectification


class FilePurpose(models.TextChoices):
    FINDING = "finding", _("evidence of the finding")
    PROOF = "proof", _("proof of what was done")
    CHECK = "check", _("evidence of the second check")


class CaseFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A file is seen by whoever sees the rectification or the report that it belongs to."""
        return self.filter(
            Q(rectification__in=Rectification.objects.visible_to(user).values("pk"))
            | Q(incident__in=Incident.objects.visible_to(user).values("pk"))
        )


class CaseFile(models.Model):
    """A file that shows something: what was found, what was done, what the second check saw."""

    rectification = models.ForeignKey(Rectification, models.CASCADE, null=True, blank=True, related_name="files")
    incident = models.ForeignKey(Incident, models.CASCADE, null=True, blank=True, related_name="files")
    purpose = models.CharField(_("shows"), max_length=10, choices=FilePurpose.choices)
    file = models.FileField(_("file"), upload_to="cases/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    objects = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("file of a case")
        verbose_name_plural = _("files of cases")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(rectification__isnull=False, incident__isnull=True)
                | Q(rectification__isnull=True, incident__isnull=False),
                name="case_file_of_one_case",
            ),
        ]

    def __str__(self):
        return self.name
