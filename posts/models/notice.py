import secrets

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, OrgUnit
from campaigns.permissions import paths_for
from posts.models.stage_run import StageRun


def make_public_id() -> str:
    """An address that cannot be guessed: 128 bits."""
    return secrets.token_urlsafe(16)


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(org_unit__path__startswith=path) | Q(items__run__nomination__org_unit__path__startswith=path)
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def on_show(self, on=None):
        """Notices whose period is running; expired ones leave the public page but stay in the ledger."""
        on = on or timezone.localdate()
        listed = NoticeItem.objects.live().values("notice")
        return self.filter(starts_on__lte=on, ends_on__gte=on, withdrawn_at__isnull=True, pk__in=listed)


class Notice(models.Model):
    """A public notice 公示: a frozen text over several nominations, with its period; both ends count (F5)."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="notices")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="notices", verbose_name=_("publishing unit"))
    public_id = models.CharField(max_length=22, unique=True, default=make_public_id)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"))
    object = models.CharField(
        _("object of the notice"), max_length=20
    )  # members, posts, survey_result, final_list, plan
    days = models.PositiveSmallIntegerField(_("length in days"))
    day_kind = models.CharField(_("kind of days"), max_length=10)  # working, calendar
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    channels = models.JSONField(_("channels"), default=list, blank=True)
    contact = models.JSONField(_("where to object"), default=dict)  # office, phone, address, postcode, hours
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    published_at = models.DateTimeField(_("published at"), default=timezone.now)
    # The head of the journal on the day, printed at the foot of the sheet: paper remembers what a database may forget.
    anchor = models.CharField(_("journal head at publication"), max_length=80, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason"), max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        ordering = ["-starts_on", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="notice_dates_in_order")]

    def __str__(self):
        return self.title

    @property
    def is_running(self):
        return self.withdrawn_at is None and self.starts_on <= timezone.localdate() <= self.ends_on

    @property
    def is_over(self):
        return timezone.localdate() > self.ends_on

    @property
    def phase(self):
        """A word for the state today: withdrawn, planned, running, over."""
        if self.withdrawn_at:
            return "withdrawn"
        if self.is_over:
            return "over"
        return "running" if self.is_running else "planned"


class NoticeItemQuerySet(models.QuerySet):
    def live(self):
        """Items that still count: not taken off by a withdrawal or a correction."""
        return self.filter(dropped_at__isnull=True)


class NoticeItem(models.Model):
    """A nomination on a notice, as it read on the day: an allow-list of fields, never a copy of the form."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="items")
    run = models.ForeignKey(StageRun, models.CASCADE, related_name="notice_items")
    position = models.PositiveSmallIntegerField(default=0)
    snapshot = models.JSONField(default=dict)  # post, kind, unit, members, duties, survey
    # Taken off: the notice was withdrawn, or the nomination sent back for correction. The row stays as it was.
    dropped_at = models.DateTimeField(_("taken off at"), null=True, blank=True)

    objects = NoticeItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("item of a notice")
        verbose_name_plural = _("items of notices")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(dropped_at__isnull=True), name="one_live_notice_per_run"
            )
        ]

    def __str__(self):
        return self.snapshot.get("post", "")


class ObjectionStatus(models.TextChoices):
    REGISTERED = "registered", _("registered")
    VERIFYING = "verifying", _("being verified")
    NOT_ACCEPTED = "not_accepted", _("not accepted")
    UPHELD = "upheld", _("verified true")
    PARTLY_UPHELD = "partly_upheld", _("partly true")
    NOT_UPHELD = "not_upheld", _("not true")
    CANNOT_VERIFY = "cannot_verify", _("cannot be verified")
    LATE = "late", _("late, kept as a report")


OPEN_OBJECTIONS = (ObjectionStatus.REGISTERED, ObjectionStatus.VERIFYING)


class ObjectionEffect(models.TextChoices):
    CONTINUE = "continue", _("go on")
    CORRECT = "correct", _("correct and publish again")
    DROP = "drop", _("stop the nomination")


class ObjectionChannel(models.TextChoices):
    WEB = "web", _("web page")
    PHONE = "phone", _("telephone call")
    LETTER = "letter", _("letter")
    VISIT = "visit", _("visit")


class ObjectionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(status__in=OPEN_OBJECTIONS)

    def for_list(self):
        return self.select_related("item__notice", "item__run__nomination__org_unit", "handler").order_by(
            F("due_on").asc(nulls_last=True), "-received_at"
        )

    def visible_to(self, user):
        """Who handles objections; never the person concerned, and never by way of the branch (retaliation guard)."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "handle_objection"):
            condition |= Q(item__run__nomination__org_unit__path__startswith=path)
        return self.filter(condition).exclude(item__run__nomination__members__member__user=user)


class Objection(models.Model):
    """What somebody raised during a notice, and how it was settled."""

    item = models.ForeignKey(NoticeItem, models.CASCADE, related_name="objections", verbose_name=_("concerns"))
    public_id = models.CharField(max_length=22, unique=True, default=make_public_id)
    is_anonymous = models.BooleanField(_("anonymous"), default=True)
    name = models.CharField(_("name"), max_length=60, blank=True)
    contact = models.CharField(_("how to reach you"), max_length=100, blank=True)
    channel = models.CharField(
        _("received by"), max_length=20, choices=ObjectionChannel.choices, default=ObjectionChannel.WEB
    )
    text = models.TextField(_("what is raised"), max_length=2000)
    received_at = models.DateTimeField(_("received at"), default=timezone.now)
    status = models.CharField(
        _("status"), max_length=15, choices=ObjectionStatus.choices, default=ObjectionStatus.REGISTERED
    )
    due_on = models.DateField(_("to be verified by"), null=True, blank=True)
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("handled by")
    )
    finding = models.TextField(_("finding"), max_length=2000, blank=True)
    reply = models.TextField(_("reply"), max_length=1000, blank=True)
    effect = models.CharField(_("consequence"), max_length=10, choices=ObjectionEffect.choices, blank=True)
    registered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("entered by")
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        ordering = ["-received_at", "-pk"]

    def __str__(self):
        return self.text[:30]

    @property
    def is_open(self):
        return self.status in OPEN_OBJECTIONS

    @property
    def is_overdue(self):
        return self.is_open and self.due_on is not None and timezone.localdate() > self.due_on
