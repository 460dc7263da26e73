from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, Member, OrgUnit, PostKind
from campaigns.permissions import paths_for


class NominationStatus(models.TextChoices):
    DRAFT = "draft", _("draft")
    IN_PROGRESS = "in_progress", _("in progress")
    RETURNED = "returned", _("returned for correction")
    COMPLETED = "completed", _("completed")
    NOT_PASSED = "not_passed", _("not passed")
    WITHDRAWN = "withdrawn", _("withdrawn")


LIVE_STATUSES = (NominationStatus.DRAFT, NominationStatus.IN_PROGRESS, NominationStatus.RETURNED)
EDITABLE_STATUSES = (NominationStatus.DRAFT, NominationStatus.RETURNED)


class NominationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nominations of units the user oversees, and those in which he takes part himself."""
        if not user.is_authenticated:
            return self.none()
        condition = Q(proposer=user) | Q(pk__in=NominationMember.objects.filter(member__user=user).values("nomination"))
        for path in paths_for(user, "view_unit"):
            condition |= Q(org_unit__path__startswith=path) & (
                ~Q(status=NominationStatus.DRAFT) | Q(org_unit__path=path)
            )
        return self.filter(condition)

    def live(self):
        return self.filter(status__in=LIVE_STATUSES)

    def ended(self):
        return self.exclude(status__in=LIVE_STATUSES)

    def for_list(self):
        """With what a row of the list shows: people and the open step."""
        from posts.models.stage_run import RunStatus, StageRun  # noqa: PLC0415  the run points here

        return (
            self.select_related("campaign", "post_kind", "org_unit")
            .prefetch_related(
                models.Prefetch("members", NominationMember.objects.filter(dropped_at__isnull=True), to_attr="people"),
                models.Prefetch(
                    "runs",
                    StageRun.objects.filter(status=RunStatus.OPEN).select_related("actor_unit"),
                    to_attr="open_runs",
                ),
            )
            .order_by("-updated_at", "-pk")
        )


class Nomination(models.Model):
    """A case: one post on its way through the stages of its kind."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="nominations", verbose_name=_("campaign"))
    post_kind = models.ForeignKey(PostKind, models.PROTECT, related_name="nominations", verbose_name=_("kind of post"))
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="nominations", verbose_name=_("nominating unit"))
    number = models.CharField(_("number"), max_length=30, blank=True)
    # Everything below may be empty in a draft; domain.eligibility says what is missing at submission.
    name = models.CharField(_("name of the post"), max_length=60, blank=True)
    category = models.CharField(_("category"), max_length=40, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    duties = models.TextField(_("duties"), max_length=1000, blank=True)
    commitment = models.TextField(_("commitment"), max_length=600, blank=True)
    reasons = models.TextField(_("reasons"), max_length=3000, blank=True)
    staff_total = models.PositiveSmallIntegerField(_("people in the post"), null=True, blank=True)
    contact_phone = models.CharField(_("supervision telephone"), max_length=40, blank=True)
    # Of a responsibility zone: how far it reaches, and the tasks it sets itself beside those of the scheme.
    area = models.CharField(_("area of the zone"), max_length=300, blank=True)
    own_tasks = models.TextField(_("own tasks of the zone"), max_length=1000, blank=True)
    # The scheme's further conditions, in its words, as whoever submitted the paper confirmed them.
    declared = models.JSONField(_("conditions confirmed"), default=list, blank=True)
    declared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="proposed_nominations", verbose_name=_("proposer")
    )
    status = models.CharField(
        _("status"), max_length=12, choices=NominationStatus.choices, default=NominationStatus.DRAFT
    )
    # A saved draft says which version it started from, so that two windows cannot silently undo each other.
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("edited by")
    )
    # The browser window that saved last: its own delayed saves are no conflict.
    edited_in = models.CharField(max_length=22, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    outcome_reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        verbose_name = _("nomination")
        verbose_name_plural = _("nominations")
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "number"], condition=~Q(number=""), name="nomination_number_once"
            ),
        ]

    def __str__(self):
        return self.name or str(_("(post without a name)"))

    @property
    def is_editable(self):
        return self.status in EDITABLE_STATUSES

    @property
    def is_live(self):
        return self.status in LIVE_STATUSES


class NominationMember(models.Model):
    """A person in the post. Holders carry the title; others (non-members of the Party too) are listed beside them."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="members", verbose_name=_("nomination"))
    member = models.ForeignKey(
        Member, models.PROTECT, null=True, blank=True, related_name="nominated_as", verbose_name=_("Party member")
    )
    name = models.CharField(_("name"), max_length=60)
    duty = models.CharField(_("task in the post"), max_length=120, blank=True)
    # In a zone: does not answer for it alone, but shares it with the others 共同承担.
    shared = models.BooleanField(_("shares the zone"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    # Dropped by a failed survey line or a refused consent; the row stays, with the reason.
    dropped_at = models.DateTimeField(_("dropped at"), null=True, blank=True)
    drop_reason = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("member of the post")
        verbose_name_plural = _("members of the post")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["nomination", "member"], condition=Q(member__isnull=False), name="nomination_member_once"
            ),
        ]

    def __str__(self):
        return self.name


class Evidence(models.Model):
    """A file that supports a nomination; its type was told from its content."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="evidence", verbose_name=_("nomination"))
    file = models.FileField(_("file"), upload_to="evidence/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    # Which of the wanted pieces of evidence (stage parameter ``attachments``) this file is; empty: a further one.
    purpose = models.CharField(_("serves as"), max_length=120, blank=True)
    # Said by who uploads it; where the scheme wants the seal (盖公章), the paper is not complete without.
    sealed = models.BooleanField(_("bears the official seal"), default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["nomination", "sha256"], name="evidence_file_once")]

    def __str__(self):
        return self.name
