from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models.org_unit import OrgUnit


class CampaignStatus(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    OPEN = "open", _("running")
    CLOSED = "closed", _("closed")


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Campaigns of units the user sees; an open one also for the members who belong to, or work in, a
        participating unit or one below it."""
        from campaigns.models.member import Member  # noqa: PLC0415  members stand beside campaigns
        from campaigns.permissions import paths_for  # noqa: PLC0415  the guardian door imports the models

        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(owner__path__startswith=path)
            condition |= Q(units__path__startswith=path) & ~Q(status=CampaignStatus.DRAFT)
        himself = Member.objects.active().filter(
            Q(branch__path__startswith=models.OuterRef("orgunit__path"))
            | Q(work_unit__path__startswith=models.OuterRef("orgunit__path")),
            user=user,
        )
        joined = self.model.units.through.objects.filter(models.Exists(himself))
        condition |= Q(pk__in=joined.values("campaign")) & ~Q(status=CampaignStatus.DRAFT)
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def running(self):
        return self.filter(status=CampaignStatus.OPEN)

    def for_list(self):
        return self.select_related("owner").order_by("-year", "-pk")

    def with_counts(self):
        """Each with ``unit_count``: how many units take part."""
        return self.annotate(unit_count=models.Count("units", distinct=True))


class Campaign(models.Model):
    """One round of a campaign: a copy of a scheme's rules, with an owner, dates and participating units."""

    title = models.CharField(_("title of the campaign"), max_length=120)
    honour = models.CharField(_("title conferred"), max_length=40, help_text=_("Printed on plaques and documents."))
    scheme_code = models.CharField(_("scheme"), max_length=40)
    scheme_text = models.TextField(_("scheme file at the time of copying"))
    year = models.PositiveSmallIntegerField(_("year"))
    owner = models.ForeignKey(OrgUnit, models.PROTECT, related_name="campaigns", verbose_name=_("owning organisation"))
    units = models.ManyToManyField(
        OrgUnit, related_name="joined_campaigns", blank=True, verbose_name=_("participating units")
    )
    # 创建示范活动管理办法 art. 3-4: basis, approving body and scope must be known before a campaign starts.
    basis_document = models.CharField(_("basis document"), max_length=200, blank=True)
    approving_body = models.CharField(_("approving body"), max_length=120, blank=True)
    scope = models.CharField(_("scope"), max_length=200, blank=True)
    internal_only = models.BooleanField(_("only for the owner's own units"), default=True)
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    nominations_until = models.DateField(_("nominations until"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=CampaignStatus.choices, default=CampaignStatus.DRAFT)
    # What of the scheme needs no table of its own: channels, rotation, consequences, rubrics, texts …
    rules = models.JSONField(_("further rules"), default=dict, blank=True)
    rules_sha256 = models.CharField(_("checksum of the frozen rules"), max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    opened_at = models.DateTimeField(_("opened at"), null=True, blank=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="campaign_dates_in_order",
                violation_error_message=_("The campaign ends before it starts."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_frozen(self):
        return self.status != CampaignStatus.DRAFT
