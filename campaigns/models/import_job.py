from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.org_unit import OrgUnit


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("being checked")
    REFUSED = "refused", _("has errors")
    CHECKED = "checked", _("ready to be written")
    CONFIRMED = "confirmed", _("being written")
    WRITTEN = "written", _("written")
    FAILED = "failed", _("failed")


class ImportJob(models.Model):
    """An uploaded Excel file on its way: check, preview, confirm, write."""

    kind = models.CharField(_("kind of list"), max_length=20)  # units, members, appointments
    org_unit = models.ForeignKey(OrgUnit, models.CASCADE, related_name="+", verbose_name=_("below"))
    file = models.FileField(_("file"), upload_to="imports/%Y/")
    file_name = models.CharField(_("file name"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    state = models.CharField(_("state"), max_length=10, choices=ImportState.choices, default=ImportState.UPLOADED)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    rows_done = models.PositiveIntegerField(_("rows done"), default=0)
    n_new = models.PositiveIntegerField(_("new"), default=0)
    n_changed = models.PositiveIntegerField(_("changed"), default=0)
    n_same = models.PositiveIntegerField(_("unchanged"), default=0)
    # [{"row": 17, "column": "入党时间", "value": "…", "error": "…"}], the first 500
    errors = models.JSONField(_("errors"), default=list, blank=True)
    n_errors = models.PositiveIntegerField(_("number of errors"), default=0)
    preview = models.JSONField(_("preview"), default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.kind} {self.file_name}"
