import secrets
from pathlib import Path

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def new_folder() -> str:
    return secrets.token_hex(12)


def prints_root() -> Path:
    """Where all prints are made: what lies there for a moment is cleared away even after a kill."""
    return settings.DATA_DIR / "prints"


class PrintState(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("print", "waiting")
    WORKING = "working", _("being made")
    DONE = "done", _("ready")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


AT_WORK = (PrintState.WAITING, PrintState.WORKING)


class PrintJobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever ordered it, nobody else: the file holds what he may see."""
        return self.filter(owner=user) if user.is_authenticated else self.none()

    def at_work(self):
        return self.filter(state__in=AT_WORK)

    def for_list(self):
        return self.defer("params").order_by("-pk")


class PrintJob(models.Model):
    """A file that takes longer than a request: made by the clock in parts, kept for its owner for some days."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("ordered by"))
    kind = models.CharField(_("kind"), max_length=40)
    title = models.CharField(_("Title"), max_length=200)
    params = models.JSONField(default=dict, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PrintState.choices, default=PrintState.WAITING)
    # Below DATA_DIR/prints: the parts made so far and, in the end, the file alone.
    folder = models.CharField(max_length=24, unique=True, default=new_folder)
    n_done = models.PositiveIntegerField(_("parts done"), default=0)
    n_total = models.PositiveIntegerField(_("parts"), default=0)
    # Each turn of the clock has its number, so that one that comes too late does nothing; ``n_broken`` counts turns
    # that ended without a word (a killed worker) since the last part was done.
    turn = models.PositiveIntegerField(default=0)
    n_broken = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(_("what went wrong"), blank=True)
    file_name = models.CharField(_("file name"), max_length=200, blank=True)
    content_type = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("ordered at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    objects = PrintJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("print job")
        verbose_name_plural = _("print jobs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="done") | ~models.Q(sha256=""), name="print_job_done_has_file"
            )
        ]

    def __str__(self):
        return self.title

    @property
    def path(self) -> Path:
        return prints_root() / self.folder

    @property
    def result(self) -> Path:
        return self.path / "result"

    @property
    def is_at_work(self):
        return self.state in AT_WORK

    @property
    def is_ready(self):
        return self.state == PrintState.DONE

    @property
    def is_pdf(self):
        return self.content_type == "application/pdf"

    @property
    def percent(self):
        return 100 * self.n_done // self.n_total if self.n_total else 0
