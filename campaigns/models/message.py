from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MessageQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user=user) if user.is_authenticated else self.none()

    def unread(self):
        return self.filter(read_at__isnull=True)


class Message(models.Model):
    """Something a user is told inside the application; written in the transaction of what it tells."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="messages", verbose_name=_("user"))
    # One message per event and person, however often the event's code runs.
    key = models.CharField(_("key"), max_length=120)
    title = models.CharField(_("title"), max_length=120)
    body = models.CharField(_("text"), max_length=500, blank=True)
    url = models.CharField(_("address"), max_length=200, blank=True)
    # Sent outside at once, even in the quiet hours.
    urgent = models.BooleanField(_("urgent"), default=False)
    created_at = models.DateTimeField(_("sent at"), auto_now_add=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="message_once")]

    def __str__(self):
        return self.title


class Channel(models.TextChoices):
    """Ways out of the application; inside it everybody is told anyway."""

    EMAIL = "email", _("e-mail")
    CHANNEL = "channel", _("message service")


class Pace(models.TextChoices):
    SOON = "soon", _("soon, several together")
    DAILY = "daily", _("once a day, after the quiet hours")


class MessageChoice(models.Model):
    """How a user wants to be told outside the application; without a row not at all."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="message_choice")
    by_email = models.BooleanField(_("also by e-mail"), default=False)
    by_channel = models.BooleanField(_("also by the message service"), default=False)
    channel_address = models.CharField(_("my address at the message service"), max_length=64, blank=True)
    pace = models.CharField(_("how often"), max_length=5, choices=Pace.choices, default=Pace.SOON)
    # Empty: those of the site. Both alike: none.
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice of channels")
        verbose_name_plural = _("choices of channels")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_hours_begin_and_end",
            )
        ]

    def __str__(self):
        return str(self.user)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("to be sent")
    SENT = "sent", _("sent")
    DROPPED = "dropped", _("not sent")


class Delivery(models.Model):
    """A message on its way out through one channel: sent at least once, with others that wait."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    # What was once put together is sent again as it was, under the same number: mail programs show it once.
    batch = models.UUIDField(_("sent together as"), null=True, blank=True)
    claimed_until = models.DateTimeField(_("being sent until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False), name="delivery_sent_has_time"
            ),
        ]
        indexes = [models.Index(fields=["channel"], condition=Q(state="waiting"), name="delivery_waiting")]

    def __str__(self):
        return f"{self.channel} {self.message_id}"
