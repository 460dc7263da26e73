from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.org_unit import OrgUnit


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("being checked")
    REFUSED = "refused", _("has errors")
    CHECKED = "checked", _("ready to be written")
    CONFIRMED = "confirmed", _("being written")
    WRITTEN = "written", _("written")
    FAILED = "failed", _("failed")
    DISCARDED = "discarded", _("discarded")


class ImportKind(models.TextChoices):
    UNITS = "units", _("org units")
    MEMBERS = "members", _("Party members")
    APPOINTMENTS = "appointments", _("appointments")
    APPRAISALS = "appraisals", _("annual appraisals")


# Which right a list needs on the unit below which its rows lie.
IMPORT_PERMISSIONS = {
    ImportKind.UNITS: "manage_organization",
    ImportKind.MEMBERS: "manage_roster",
    ImportKind.APPOINTMENTS: "manage_accounts",
    ImportKind.APPRAISALS: "manage_roster",
}


class ImportJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The imports below units on which the user may make such imports himself."""
        from campaigns.permissions import paths_for  # noqa: PLC0415  the guardian door imports the models

        condition = Q(pk__in=[])
        for kind, permission in IMPORT_PERMISSIONS.items():
            for path in paths_for(user, permission):
                condition |= Q(kind=kind, org_unit__path__startswith=path)
        return self.filter(condition)

    def for_list(self):
        return self.select_related("org_unit", "created_by").defer("errors", "preview").order_by("-pk")


class ImportJob(models.Model):
    """An uploaded Excel file on its way: check, preview, confirm, write."""

    kind = models.CharField(_("kind of list"), max_length=20, choices=ImportKind.choices)
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
    # {"headings": […], "rows": [{"row": 2, "new": true, "cells": [{"text": …, "old": …, "changed": …}]}]}, the first 20
    preview = models.JSONField(_("preview"), default=dict, blank=True)
    # What the check rested on, and what it came to: before writing, both are compared with the database as it is then.
    fingerprint = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveSmallIntegerField(default=1)
    is_stale = models.BooleanField(_("the data changed since the check"), default=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    objects = ImportJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.kind} {self.file_name}"

    @property
    def is_at_work(self):
        return self.state in (ImportState.UPLOADED, ImportState.CONFIRMED)

    @property
    def percent(self):
        return 100 * self.rows_done // self.rows_total if self.rows_total else 0

    @property
    def n_to_write(self):
        return self.n_new + self.n_changed
