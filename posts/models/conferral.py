from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Member, OrgUnit, PostKind
from campaigns.permissions import paths_for
from posts.models.decision import Decision
from posts.models.nomination import Nomination
from posts.models.notice import make_public_id


class ConferralStatus(models.TextChoices):
    CREATING = "creating", _("being created")
    ACTIVE = "active", _("valid")
    RECTIFYING = "rectifying", _("under rectification")
    ADJUSTED = "adjusted", _("adjusted")
    ROTATED_OUT = "rotated_out", _("rotated out")
    EXPIRED = "expired", _("expired")
    REVOKED = "revoked", _("revoked")


LIVE_CONFERRALS = (ConferralStatus.CREATING, ConferralStatus.ACTIVE, ConferralStatus.RECTIFYING)


class ConferralQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=Holder.objects.filter(member__user=user).values("conferral"))
        for path in paths_for(user, "view_unit"):
            condition |= Q(org_unit__path__startswith=path)
        return self.filter(condition)

    def live(self):
        return self.filter(status__in=LIVE_CONFERRALS)

    def named(self):
        """Conferrals that carry the title today and are therefore reviewed."""
        return self.filter(status__in=(ConferralStatus.ACTIVE, ConferralStatus.RECTIFYING))

    def for_list(self):
        return self.select_related("campaign", "post_kind", "org_unit", "decision").order_by("org_unit__path", "pk")

    def with_people(self):
        """Each with its current holders as ``people``, and its plaques."""
        current = models.Q(until_on__isnull=True) | models.Q(until_on=F("conferral__ended_on"))
        people = models.Prefetch("holders", Holder.objects.filter(current), to_attr="people")
        return self.prefetch_related(people, "plaques")

    def count_by_status(self):
        """How many there are in each state."""
        return dict(self.order_by().values_list("status").annotate(models.Count("pk")))


class Conferral(models.Model):
    """The honour itself. It begins with a decision and ends by one; its history is never overwritten."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="conferrals")
    post_kind = models.ForeignKey(PostKind, models.PROTECT, related_name="conferrals")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="conferrals", verbose_name=_("unit"))
    nomination = models.OneToOneField(Nomination, models.PROTECT, related_name="conferral")
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="conferrals")
    honour = models.CharField(_("title"), max_length=40)
    name = models.CharField(_("name of the post"), max_length=60)
    category = models.CharField(_("category"), max_length=40, blank=True)
    area = models.CharField(_("area of the zone"), max_length=300, blank=True)
    duties = models.TextField(_("duties"), blank=True)
    commitment = models.TextField(_("commitment"), blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    contact_phone = models.CharField(_("supervision telephone"), max_length=40, blank=True)
    public_id = models.CharField(max_length=22, unique=True, default=make_public_id)
    status = models.CharField(_("state"), max_length=12, choices=ConferralStatus.choices)
    conferred_on = models.DateField(_("conferred on"), null=True, blank=True)
    displayed_on = models.DateField(_("displayed since"), null=True, blank=True)
    # While a report is looked into, the display may rest; the title itself is untouched (domain F15).
    suspended_at = models.DateTimeField(_("display suspended at"), null=True, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    end_reason = models.CharField(_("reason"), max_length=300, blank=True)
    end_document = models.CharField(_("document"), max_length=40, blank=True)

    objects = ConferralQuerySet.as_manager()

    class Meta:
        verbose_name = _("conferral")
        verbose_name_plural = _("conferrals")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(conferred_on__isnull=True) | Q(ended_on__gte=F("conferred_on")),
                name="conferral_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["creating", "active", "rectifying"], ended_on__isnull=True)
                | Q(status__in=["adjusted", "rotated_out", "expired", "revoked"], ended_on__isnull=False),
                name="conferral_end_has_a_date",
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_live(self):
        return self.status in LIVE_CONFERRALS


class Holder(models.Model):
    """A person who carries the title, from a day to a day."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="holders")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="held")
    name = models.CharField(_("name"), max_length=60)
    duty = models.CharField(_("task in the post"), max_length=120, blank=True)
    shared = models.BooleanField(_("shares the zone"), default=False)
    from_on = models.DateField(_("from"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("holder")
        verbose_name_plural = _("holders")
        ordering = ["pk"]

    def __str__(self):
        return self.name


class PlaqueKind(models.TextChoices):
    CREATING = "creating", _("creating")
    NAMED = "named", _("named")


class PlaqueStatus(models.TextChoices):
    TO_PRINT = "to_print", _("to be made")
    DISPLAYED = "displayed", _("displayed")
    RECALLED = "recalled", _("recalled, not yet back")
    RETURNED = "returned", _("taken back")
    LOST = "lost", _("lost")
    VOID = "void", _("never handed out")


OUT_PLAQUES = (PlaqueStatus.DISPLAYED, PlaqueStatus.RECALLED)


class PlaqueSeries(models.Model):
    """The last number given out by an organisation in a year. A number is used once, whatever becomes of the plaque."""

    prefix = models.CharField(_("prefix"), max_length=30)
    year = models.PositiveSmallIntegerField(_("year"))
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of plaque numbers")
        verbose_name_plural = _("series of plaque numbers")
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="plaque_series_once")]

    def __str__(self):
        return f"{self.prefix}-{self.year}"


class PlaqueQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(conferral__in=Conferral.objects.visible_to(user).values("pk"))

    def out(self):
        """Plaques that hang somewhere, or should be on their way back."""
        return self.filter(status__in=OUT_PLAQUES)

    def to_collect(self):
        """The recall list."""
        return self.filter(status=PlaqueStatus.RECALLED)

    def for_list(self):
        return self.select_related(
            "conferral__org_unit",
            "conferral__post_kind",
            "conferral__campaign__owner",
            "conferral__nomination",
            "conferral__decision",
            "issuer_unit",
        ).order_by("-series__year", "series", "serial")

    def with_holders(self):
        """Each with the current holders of its post as ``conferral.people``."""
        current = Holder.objects.filter(until_on__isnull=True)
        return self.prefetch_related(models.Prefetch("conferral__holders", current, to_attr="people"))

    def count_by_status(self):
        """How many there are in each state."""
        return dict(self.order_by().values_list("status").annotate(models.Count("pk")))


class Plaque(models.Model):
    """A numbered thing that somebody signed for and that can be called back."""

    conferral = models.ForeignKey(Conferral, models.PROTECT, related_name="plaques")
    kind = models.CharField(_("kind"), max_length=10, choices=PlaqueKind.choices, default=PlaqueKind.NAMED)
    series = models.ForeignKey(PlaqueSeries, models.PROTECT, related_name="plaques")
    serial = models.PositiveIntegerField(_("running number"))
    number = models.CharField(_("plaque number"), max_length=50, unique=True)
    status = models.CharField(_("state"), max_length=10, choices=PlaqueStatus.choices, default=PlaqueStatus.TO_PRINT)
    issuer = models.CharField(_("issued by"), max_length=120)
    # Whose people hand it over, call it back and take it in again.
    issuer_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+", verbose_name=_("issuing unit"))
    # What the plaque says; a post or a unit that is renamed later needs a new one.
    shown_name = models.CharField(_("name on the plaque"), max_length=60, blank=True)
    shows_unit = models.BooleanField(_("bears the name of the issuing unit"), default=False)
    # One of several plaques of a post names its holder.
    for_name = models.CharField(_("holder"), max_length=60, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )
    made_at = models.DateTimeField(auto_now_add=True)
    # The head of the journal when the number was given out, printed on the papers that go with the plaque.
    anchor = models.CharField(_("journal head at registration"), max_length=80, blank=True)
    printed_at = models.DateTimeField(_("printed at"), null=True, blank=True)
    issued_on = models.DateField(_("handed over on"), null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    received_by = models.CharField(_("received by"), max_length=60, blank=True)
    place = models.CharField(_("placed at"), max_length=120, blank=True)
    badge_given = models.BooleanField(_("badge reminder confirmed"), default=False)
    recall_reason = models.CharField(_("reason for the recall"), max_length=200, blank=True)
    recall_due_on = models.DateField(_("to be returned by"), null=True, blank=True)
    recalled_at = models.DateTimeField(_("recalled at"), null=True, blank=True)
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    returned_by = models.CharField(_("handed in by"), max_length=60, blank=True)
    returned_to = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # Who signed that it is lost or damaged, and when; a damaged one hangs until its successor is there.
    lost_on = models.DateField(_("lost on"), null=True, blank=True)
    lost_by = models.CharField(_("loss signed by"), max_length=60, blank=True)
    damaged_on = models.DateField(_("damaged on"), null=True, blank=True)
    damaged_by = models.CharField(_("damage signed by"), max_length=60, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = PlaqueQuerySet.as_manager()

    class Meta:
        verbose_name = _("plaque")
        verbose_name_plural = _("plaques")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="plaque_serial_once"),
            models.CheckConstraint(
                condition=~Q(status__in=["displayed", "recalled", "returned", "lost"])
                | (Q(issued_on__isnull=False) & ~Q(received_by="")),
                name="plaque_out_was_signed_for",
            ),
            models.CheckConstraint(
                condition=~Q(status="returned") | (Q(returned_on__isnull=False) & ~Q(returned_by="")),
                name="returned_plaque_was_signed_for",
            ),
            models.CheckConstraint(
                condition=~Q(status="lost") | (Q(lost_on__isnull=False) & ~Q(lost_by="")),
                name="lost_plaque_was_signed_for",
            ),
        ]

    def __str__(self):
        return self.number

    @property
    def shows_old_name(self):
        """Whether it hangs, or waits to, with a name that its post or its issuer has no more."""
        if self.status not in (PlaqueStatus.DISPLAYED, PlaqueStatus.TO_PRINT):
            return False
        renamed = self.shown_name not in ("", self.conferral.name)
        return renamed or (self.shows_unit and self.issuer != self.issuer_unit.name)

    @property
    def is_overdue(self):
        return (
            self.status == PlaqueStatus.RECALLED
            and self.recall_due_on is not None
            and self.recall_due_on < timezone.localdate()
        )


class BanQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(org_unit__path__startswith=path)
        return self.filter(condition)

    def in_force(self, on=None):
        """Those that hold in the year of a day, today by default."""
        return self.filter(year=(on or timezone.localdate()).year, lifted_at__isnull=True)

    def for_list(self):
        return self.select_related("conferral__campaign__owner", "member", "org_unit", "lifted_by").order_by(
            "-year", "org_unit__path", "pk"
        )


class Ban(models.Model):
    """Nobody of a revoked post is nominated or commended again in the year of the decision (domain F25, F26)."""

    conferral = models.ForeignKey(Conferral, models.PROTECT, related_name="bans")
    member = models.ForeignKey(Member, models.PROTECT, null=True, blank=True, related_name="bans")
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("year"))
    reason = models.CharField(_("reason"), max_length=300)
    document = models.CharField(_("document"), max_length=40, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    lifted_at = models.DateTimeField(_("lifted at"), null=True, blank=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    lift_reason = models.CharField(_("why it was lifted"), max_length=300, blank=True)

    objects = BanQuerySet.as_manager()

    class Meta:
        verbose_name = _("ban")
        verbose_name_plural = _("bans")
        constraints = [
            models.UniqueConstraint(fields=["conferral", "member", "year"], name="ban_once"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lift_reason=""), name="lifted_ban_has_a_reason"
            ),
        ]

    def __str__(self):
        return f"{self.member or self.conferral} {self.year}"

    @property
    def until_on(self):
        """The last day on which it holds."""
        return date(self.year, 12, 31)

    @property
    def is_in_force(self):
        return self.lifted_at is None and self.year == timezone.localdate().year
