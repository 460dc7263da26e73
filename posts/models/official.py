"""Official documents 公文: drafted from a case, frozen when they are issued; the register of their numbers 发文登记."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models import Campaign, OrgUnit
from campaigns.permissions import paths_for
from posts.models.conferral import Conferral


class DocumentStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    ISSUED = "issued", _("issued")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DISCARDED = "discarded", _("discarded")


ISSUED_DOCUMENTS = (DocumentStatus.ISSUED, DocumentStatus.WITHDRAWN)
STANDING_DOCUMENTS = (DocumentStatus.DRAFT, DocumentStatus.ISSUED)
WORKSHOP = ("draft_document", "issue_document")


class OfficialDocumentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Drafts are seen where they are written; what was issued, by who sees the issuing body, the post it concerns,
        or, when it is addressed to everybody in the campaign, the campaign."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in {path for right in WORKSHOP for path in paths_for(user, right)}:
            condition |= Q(org_unit__path__startswith=path)
        issued = Q(status__in=ISSUED_DOCUMENTS)
        for path in paths_for(user, "view_unit"):
            condition |= issued & Q(org_unit__path__startswith=path)
        condition |= issued & Q(is_wide=True, campaign__in=Campaign.objects.visible_to(user).values("pk"))
        condition |= issued & Q(conferral__in=Conferral.objects.visible_to(user).values("pk"))
        return self.filter(pk__in=self.model.objects.filter(condition).values("pk"))

    def standing(self):
        """Drafts and what holds today."""
        return self.filter(status__in=STANDING_DOCUMENTS)

    def issued(self):
        """What went out, whether it still holds or not."""
        return self.filter(status__in=ISSUED_DOCUMENTS)

    def for_list(self):
        return self.select_related("campaign", "org_unit", "issued_by", "created_by").order_by("-pk")


class OfficialDocument(models.Model):
    """One document. While it is a draft its facts come from the case each time; its issue freezes everything."""

    # The code of a draft maker; which there are, each app says (posts.domain.drafting).
    kind = models.CharField(_("kind"), max_length=30)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="official_documents")
    org_unit = models.ForeignKey(
        OrgUnit, models.PROTECT, related_name="official_documents", verbose_name=_("issuing body")
    )
    conferral = models.ForeignKey(
        Conferral, models.PROTECT, null=True, blank=True, related_name="official_documents", verbose_name=_("post")
    )
    # What it is drafted from: ``app.model`` and its key, because cases of later apps are unknown here.
    source_type = models.CharField(max_length=60)
    source_id = models.PositiveBigIntegerField()
    is_wide = models.BooleanField(_("addressed to all units of the campaign"), default=False)
    title = models.CharField(pgettext_lazy("document", "title"), max_length=120)
    addressee = models.CharField(_("addressee"), max_length=300, blank=True)
    text = models.TextField(_("text"))
    letterhead = models.CharField(_("letterhead"), max_length=60, blank=True)
    code = models.CharField(_("code of the numbers"), max_length=20, blank=True)
    copies_to = models.CharField(_("copies to"), max_length=300, blank=True)
    printed_by = models.CharField(_("printed by"), max_length=60, blank=True)
    sealed = models.BooleanField(_("with a seal"), default=True)
    status = models.CharField(_("status"), max_length=10, choices=DocumentStatus.choices, default=DocumentStatus.DRAFT)
    version = models.PositiveIntegerField(_("version"), default=1)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    # What the issue froze.
    facts = models.JSONField(_("facts"), default=list, blank=True)
    final_text = models.TextField(_("text as issued"), blank=True)
    number = models.CharField(_("document number"), max_length=40, blank=True)
    day = models.DateField(_("date of the document"), null=True, blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    sha256 = models.CharField(_("checksum of the file"), max_length=64, blank=True)
    anchor = models.CharField(_("journal head at the issue"), max_length=80, blank=True)
    withdraws = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="withdrawals",
        verbose_name=_("document that it withdraws"),
    )

    objects = OfficialDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("official document")
        verbose_name_plural = _("official documents")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source_type", "source_id"],
                condition=Q(status__in=["draft", "issued"]),
                name="one_standing_document_per_case",
            ),
            models.UniqueConstraint(
                fields=["withdraws"], condition=Q(status__in=["issued", "withdrawn"]), name="document_withdrawn_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["draft", "discarded"])
                | (Q(issued_by__isnull=False, issued_at__isnull=False, day__isnull=False) & ~Q(sha256="")),
                name="issued_document_is_whole",
            ),
        ]

    def __str__(self):
        return f"{self.title}（{self.number}）" if self.number else self.title

    @property
    def is_draft(self):
        return self.status == DocumentStatus.DRAFT

    @property
    def was_issued(self):
        return self.status in ISSUED_DOCUMENTS

    @property
    def withdrawn_by(self):
        """The issued document that withdraws this one, or None."""
        return self.withdrawals.filter(issued_at__isnull=False).first()


class IssuedPaper(models.Model):
    """The file of an issued document, kept as it was made: every later print is these bytes."""

    document = models.OneToOneField(OfficialDocument, models.PROTECT, related_name="paper")
    pdf = models.BinaryField(_("file"))

    class Meta:
        verbose_name = _("issued paper")
        verbose_name_plural = _("issued papers")

    def __str__(self):
        return str(self.document_id)


class NumberSeries(models.Model):
    """The numbers of an organisation under one code 代字 in one year; ``last`` is the highest that was ever given."""

    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="number_series", verbose_name=_("issuing body"))
    code = models.CharField(_("code of the numbers"), max_length=20)
    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(1950), MaxValueValidator(2200)])
    last = models.PositiveIntegerField(_("last number"), default=0)

    class Meta:
        verbose_name = _("series of document numbers")
        verbose_name_plural = _("series of document numbers")
        ordering = ["-year", "org_unit__path", "code"]
        constraints = [models.UniqueConstraint(fields=["org_unit", "code", "year"], name="number_series_once")]

    def __str__(self):
        return f"{self.code}〔{self.year}〕"


class DocumentNumber(models.Model):
    """A number that was given, for good: to a document here, or to a paper outside of the system."""

    series = models.ForeignKey(NumberSeries, models.PROTECT, related_name="numbers")
    serial = models.PositiveIntegerField(_("running number"))
    document = models.OneToOneField(
        OfficialDocument, models.PROTECT, null=True, blank=True, related_name="register_entry"
    )
    note = models.CharField(_("what it was given to"), max_length=120, blank=True)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("document number")
        verbose_name_plural = _("document numbers")
        ordering = ["serial"]
        constraints = [
            models.UniqueConstraint(fields=["series", "serial"], name="document_number_given_once"),
            models.CheckConstraint(
                condition=Q(document__isnull=False) | ~Q(note=""), name="document_number_is_accounted_for"
            ),
        ]

    def __str__(self):
        return f"{self.series}{self.serial}号"
