from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from posts.models import Nomination, StageRun


class Method(models.TextChoices):
    RUBRIC = "rubric", _("scoring by the rubric")
    INSPECTION = "inspection", _("on-the-spot inspection")
    REPORT = "report", _("written inspection report")
    HEARING = "hearing", _("hearing of a report")
    OPINION = "opinion", _("hearing the opinion of the masses")


class AssessmentState(models.TextChoices):
    OPEN = "open", _("under way")
    CONCLUDED = "concluded", _("concluded")
    DROPPED = "dropped", _("not concluded")


class Assessment(models.Model):
    """A nomination examined before the decision: one for each run of the step."""

    run = models.OneToOneField(StageRun, models.CASCADE, related_name="assessment", verbose_name=_("step"))
    state = models.CharField(_("state"), max_length=10, choices=AssessmentState.choices, default=AssessmentState.OPEN)
    passed = models.BooleanField(_("result"), null=True, blank=True)
    conclusion = models.TextField(_("conclusion"), max_length=2000, blank=True)
    # Why the conclusion differs from what the pass mark says.
    contrary_reason = models.CharField(_("reason"), max_length=500, blank=True)
    # Frozen at the conclusion, as text of exact fractions: base, bonus, self, sheets.
    score = models.JSONField(_("score"), default=dict, blank=True)
    concluded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("concluded by"),
    )
    concluded_at = models.DateTimeField(_("concluded at"), null=True, blank=True)

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="concluded")
                | (Q(passed__isnull=False, concluded_by__isnull=False, concluded_at__isnull=False) & ~Q(conclusion="")),
                name="assessment_concluded_by_somebody",
            ),
        ]

    def __str__(self):
        return str(self.run)


class AssessmentRecord(models.Model):
    """What an inspection, a report, a hearing or the opinion of the masses brought. Never changed, only added to."""

    assessment = models.ForeignKey(Assessment, models.CASCADE, related_name="records", verbose_name=_("assessment"))
    method = models.CharField(_("method"), max_length=12, choices=Method.choices)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    people = models.CharField(_("people who took part"), max_length=300, blank=True)
    document_number = models.CharField(_("document number"), max_length=60, blank=True)
    text = models.TextField(_("what was found"), max_length=4000)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("record of an assessment")
        verbose_name_plural = _("records of assessments")
        ordering = ["held_on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(method="rubric"), name="assessment_record_is_no_sheet")]

    def __str__(self):
        return f"{self.get_method_display()} {self.held_on}"


class RecordFile(models.Model):
    """A file that belongs to a record: the report with its seal, photographs, signatures."""

    record = models.ForeignKey(AssessmentRecord, models.CASCADE, related_name="files", verbose_name=_("record"))
    file = models.FileField(_("file"), upload_to="assessments/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)

    class Meta:
        verbose_name = _("file of a record")
        verbose_name_plural = _("files of records")
        ordering = ["pk"]

    def __str__(self):
        return self.name


class ScoreSheet(models.Model):
    """A filled-in rubric: an assessor's own, or the applicant's self-score."""

    nomination = models.ForeignKey(
        Nomination, models.CASCADE, related_name="score_sheets", verbose_name=_("nomination")
    )
    # Empty on the self-score, which belongs to the paper and not to a step.
    assessment = models.ForeignKey(
        Assessment, models.CASCADE, null=True, blank=True, related_name="sheets", verbose_name=_("assessment")
    )
    # Of the review of a named post; then ``nomination`` is the paper by which it was named.
    review = models.ForeignKey(
        "Review", models.CASCADE, null=True, blank=True, related_name="sheets", verbose_name=_("review")
    )
    is_self = models.BooleanField(_("self-score"), default=False)
    rubric = models.CharField(_("rubric"), max_length=40)
    # Who scored; on a self-score who filled it in last.
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("assessor"))
    version = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(_("saved at"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted at"), null=True, blank=True)

    class Meta:
        verbose_name = _("score sheet")
        verbose_name_plural = _("score sheets")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(review__isnull=False, assessment__isnull=True)
                | Q(is_self=True, assessment__isnull=True)
                | Q(is_self=False, assessment__isnull=False, review__isnull=True),
                name="score_sheet_of_self_or_assessor",
            ),
            models.UniqueConstraint(
                fields=["review", "assessor"], condition=Q(is_self=False), name="score_sheet_once_per_reviewer"
            ),
            models.UniqueConstraint(
                fields=["review"], condition=Q(is_self=True), name="score_sheet_of_self_once_per_review"
            ),
            models.UniqueConstraint(
                fields=["assessment", "assessor"], condition=Q(is_self=False), name="score_sheet_once_per_assessor"
            ),
            models.UniqueConstraint(
                fields=["nomination"], condition=Q(is_self=True, review__isnull=True), name="score_sheet_of_self_once"
            ),
        ]

    def __str__(self):
        return f"{self.nomination} · {self.assessor}"

    @property
    def is_submitted(self):
        return self.submitted_at is not None


class ItemScore(models.Model):
    """A line of a sheet."""

    sheet = models.ForeignKey(ScoreSheet, models.CASCADE, related_name="items", verbose_name=_("score sheet"))
    number = models.CharField(_("number"), max_length=10)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=1, null=True, blank=True)
    not_applicable = models.BooleanField(_("does not apply"), default=False)
    found = models.BooleanField(_("found"), default=False)  # a veto
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    evidence = models.CharField(_("evidence"), max_length=500, blank=True)
    satisfied = models.PositiveIntegerField(_("satisfied answers"), null=True, blank=True)
    valid = models.PositiveIntegerField(_("valid answers"), null=True, blank=True)

    class Meta:
        verbose_name = _("score of an item")
        verbose_name_plural = _("scores of items")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["sheet", "number"], name="item_score_once"),
            models.CheckConstraint(
                condition=Q(points__isnull=True) | (Q(points__gte=0) & Q(not_applicable=False)),
                name="item_score_points_or_not_applicable",
            ),
        ]

    def __str__(self):
        return f"{self.number}: {self.points}"
