from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DueState(models.TextChoices):
    PENDING = "pending", _("waiting")
    DONE = "done", _("done")
    CANCELLED = "cancelled", _("cancelled")
    GIVEN_UP = "given_up", _("given up")


class DueItemQuerySet(models.QuerySet):
    def due(self, at):
        """What the clock must do by ``at``: waiting, due, not held back after a failure and in nobody's hands."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        return self.waiting().filter(free, Q(retry_at__isnull=True) | Q(retry_at__lte=at), due_at__lte=at)

    def waiting(self):
        return self.filter(state=DueState.PENDING)

    def failed(self):
        """Tried in vain at least once, and to be tried again."""
        return self.waiting().filter(attempts__gt=0)


class DueItem(models.Model):
    """Something that must happen at or after a time, exactly once. The database is the queue."""

    kind = models.CharField(_("kind"), max_length=40)
    subject_id = models.PositiveBigIntegerField(_("object"))
    period = models.CharField(_("period"), max_length=40, blank=True)
    due_at = models.DateTimeField(_("due at"))
    state = models.CharField(_("state"), max_length=10, choices=DueState.choices, default=DueState.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("next try at"), null=True, blank=True)
    error = models.TextField(_("last error"), blank=True)
    # Work outside a transaction (sending): until then it is in the hands of one tick; a killed one leaves it behind.
    leased_until = models.DateTimeField(_("being done until"), null=True, blank=True)
    give_up_reason = models.CharField(_("why it was given up"), max_length=200, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    objects = DueItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("due item")
        verbose_name_plural = _("due items")
        ordering = ["due_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id", "period"], name="due_item_once")]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="due_item_waiting"),
            models.Index(fields=["-done_at"], condition=Q(state="done"), name="due_item_done"),
        ]

    def __str__(self):
        return f"{self._meta.verbose_name} № {self.pk}"


class Heartbeat(models.Model):
    """When a part of the machinery was last seen alive, for ``/healthz``."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self):
        return f"{self.part} {self.at:%Y-%m-%d %H:%M:%S}"


class KeyMark(models.Model):
    """The fingerprint of the secret this database was begun with, so that a wrong key is found before it does harm."""

    name = models.CharField(max_length=20, primary_key=True)
    fingerprint = models.CharField(max_length=32)

    class Meta:
        verbose_name = _("fingerprint of a key")
        verbose_name_plural = _("fingerprints of keys")

    def __str__(self):
        return self.name
