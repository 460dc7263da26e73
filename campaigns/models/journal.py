from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class JournalHead(models.Model):
    """One row: the last number and hash. Locking it is what makes the numbers gapless."""

    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("head of the journal")
        verbose_name_plural = _("head of the journal")

    def __str__(self):
        return str(self.seq)


class JournalEntry(models.Model):
    """A domain event in a hash chain; never changed, never one for a vote. The body holds no personal text."""

    seq = models.PositiveBigIntegerField(_("number"), primary_key=True)
    at = models.DateTimeField(_("at"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("actor")
    )
    kind = models.CharField(_("event"), max_length=40)
    subject_type = models.CharField(_("kind of object"), max_length=40)
    subject_id = models.CharField(_("object"), max_length=40)
    body = models.TextField(_("content"))
    prev = models.CharField(_("previous hash"), max_length=64)
    hash = models.CharField(_("hash"), max_length=64, unique=True)
    alg = models.CharField(_("algorithm"), max_length=10, default="sha256")

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        ordering = ["seq"]
        indexes = [models.Index(fields=["subject_type", "subject_id"], name="journal_subject")]

    def __str__(self):
        return f"{self.seq} {self.kind}"


class JournalCheck(models.Model):
    """A night's look at the whole journal, and whether it held."""

    at = models.DateTimeField(_("at"))
    anchor = models.CharField(_("head of the journal"), max_length=80)
    n_entries = models.PositiveBigIntegerField(_("entries"))
    n_breaks = models.PositiveIntegerField(_("breaks"))
    problems = models.JSONField(_("problems"), default=list, blank=True)  # sentences, the first 50

    class Meta:
        verbose_name = _("check of the journal")
        verbose_name_plural = _("checks of the journal")
        ordering = ["-at", "-pk"]

    def __str__(self):
        return f"{self.at:%Y-%m-%d} {self.n_breaks}"
