"""The right to vote and the ballot: two sets of tables without a link (votes-and-trust: xmin, rowid, order)."""

import secrets
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Member, OrgUnit
from campaigns.permissions import paths_for
from posts.models import NominationMember, StageRun
from posts.models.notice import make_public_id


class SurveyState(models.TextChoices):
    DRAFT = "draft", _("in preparation")
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")
    VOID = "void", _("void")


class Stratum(models.TextChoices):
    MEMBERS = "members", _("Party members")
    PUBLIC = "public", _("public")


class Option(models.TextChoices):
    """What can be ticked on a line; which of them count as satisfied or as not valid stands in the rules."""

    SATISFIED = "satisfied", _("satisfied")
    BASICALLY_SATISFIED = "basically_satisfied", _("basically satisfied")
    DISSATISFIED = "dissatisfied", _("dissatisfied")
    UNKNOWN = "unknown", _("do not know")


class Verdict(models.TextChoices):
    PASSED = "passed", _("threshold reached")
    FAILED = "failed", _("threshold not reached")
    VOID = "void", _("void")
    INFORMATIVE = "informative", _("for information")


def make_salt() -> bytes:
    return secrets.token_bytes(16)


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, user):
        if not user.is_authenticated:
            return self.none()
        condition = Q(pk__in=[])
        for path in paths_for(user, "view_unit"):
            condition |= Q(org_unit__path__startswith=path)
        return self.filter(condition)

    def votable_by(self, user):
        """Open surveys on whose roll the user's member entry stands."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(state=SurveyState.OPEN, roll__member__user=user)

    def for_list(self):
        about = ("run__nomination__campaign", "review__conferral__campaign", "review__conferral__post_kind")
        return self.select_related("org_unit", *about, "result").order_by("-pk")


class Survey(models.Model):
    """A secret satisfaction survey. Rules and roll are frozen and hashed when it opens."""

    public_id = models.CharField(max_length=22, unique=True, default=make_public_id)
    org_unit = models.ForeignKey(OrgUnit, models.PROTECT, related_name="surveys", verbose_name=_("unit"))
    run = models.ForeignKey(StageRun, models.PROTECT, null=True, blank=True, related_name="surveys")
    # A survey held in a review of a named post, instead of in a step.
    review = models.ForeignKey("Review", models.PROTECT, null=True, blank=True, related_name="surveys")
    title = models.CharField(_("title of the survey"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=SurveyState.choices, default=SurveyState.DRAFT)
    # options, positive, valid options, threshold_percent, min_turnout_percent, min_valid, electorate, subjects, clause
    rules = models.JSONField(_("rules"), default=dict)
    rules_sha256 = models.CharField(max_length=64, blank=True)
    roll_sha256 = models.CharField(max_length=64, blank=True)
    seal_salt = models.BinaryField(max_length=16, default=make_salt)
    opens_at = models.DateTimeField(_("opens at"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes at"), null=True, blank=True)
    n_extensions = models.PositiveSmallIntegerField(_("times extended"), default=0)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    void_reason = models.CharField(_("why it is void"), max_length=200, blank=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(state__in=["draft", "open"]), name="one_running_survey_per_run"
            ),
            models.UniqueConstraint(
                fields=["review"], condition=Q(state__in=["draft", "open"]), name="one_running_survey_per_review"
            ),
            models.CheckConstraint(
                condition=Q(run__isnull=True) | Q(review__isnull=True), name="survey_of_a_step_or_of_a_review"
            ),
        ]

    def __str__(self):
        return self.title


class SurveyLine(models.Model):
    """A line of the ballot: the post, or one of its members (domain F3)."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField()
    person = models.ForeignKey(NominationMember, models.PROTECT, null=True, blank=True, related_name="+")
    label = models.CharField(_("line"), max_length=120)

    class Meta:
        verbose_name = _("line of the ballot")
        verbose_name_plural = _("lines of the ballot")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["survey", "position"], name="survey_line_once")]

    def __str__(self):
        return self.label


class RollEntryQuerySet(models.QuerySet):
    def unused(self):
        """Rights with which nobody has voted, neither by phone nor on paper."""
        return self.filter(voted=False, on_paper=False)


class RollEntry(models.Model):
    """A member's right to vote in one survey. No time, no address: those would lead to the ballot."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="roll")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")
    voted = models.BooleanField(default=False)
    on_paper = models.BooleanField(_("has a paper ballot"), default=False)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("roll entry")
        verbose_name_plural = _("roll entries")
        constraints = [
            models.UniqueConstraint(fields=["survey", "member"], name="roll_entry_once"),
            models.CheckConstraint(condition=~Q(voted=True, on_paper=True), name="voted_by_phone_or_on_paper"),
        ]

    def __str__(self):
        return str(self.member_id)


class TurnoutSeen(models.Model):
    """The turnout of an open survey as it was last shown: taken when somebody looks, once an hour at most."""

    survey = models.OneToOneField(Survey, models.CASCADE, related_name="+")
    at = models.DateTimeField(_("at"))
    roll_voted = models.PositiveIntegerField(_("members who voted"))
    codes_used = models.PositiveIntegerField(_("codes used"))

    class Meta:
        verbose_name = _("turnout as shown")
        verbose_name_plural = _("turnouts as shown")

    def __str__(self):
        return f"{self.survey_id} {self.at:%H:%M}"


class CodeBatch(models.Model):
    """Ballot codes printed in one go by one person before a witness. The codes themselves are forgotten."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="batches")
    n_printed = models.PositiveIntegerField(_("number printed"))
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    witness = models.CharField(_("witness"), max_length=60)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("batch of ballot codes")
        verbose_name_plural = _("batches of ballot codes")

    def __str__(self):
        return f"{self.survey} {self.n_printed}"


class BallotCode(models.Model):
    """A right to vote without a name; only a keyed hash of the code is kept."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="codes")
    batch = models.ForeignKey(CodeBatch, models.CASCADE, related_name="codes")
    code_hash = models.BinaryField(max_length=32, unique=True)
    used = models.BooleanField(default=False)
    voided = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("ballot code")
        verbose_name_plural = _("ballot codes")
        constraints = [models.CheckConstraint(condition=~Q(used=True, voided=True), name="code_not_used_and_voided")]

    def __str__(self):
        return str(self.pk)


class SealedBallot(models.Model):
    """A ballot while the survey is open: ciphertext of constant length, nothing else."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="sealed_ballots")
    box = models.BinaryField()

    class Meta:
        verbose_name = _("sealed ballot")
        verbose_name_plural = _("sealed ballots")

    def __str__(self):
        return str(self.id)


class OpenedBallot(models.Model):
    """A ballot after the close, written only by the close, sorted by its hash."""

    leaf = models.CharField(primary_key=True, max_length=64)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="opened_ballots")
    stratum = models.CharField(max_length=10, choices=Stratum.choices)
    choices = models.JSONField()  # one option code or "" per line
    salt = models.BinaryField(max_length=16)

    class Meta:
        verbose_name = _("opened ballot")
        verbose_name_plural = _("opened ballots")

    def __str__(self):
        return self.leaf[:16]


class Comment(models.Model):
    """Words that came with a ballot, parted from it at the close and kept in random order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="comments")
    text = models.CharField(_("comment"), max_length=200)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]

    def __str__(self):
        return self.text[:30]


class SurveyResult(models.Model):
    """Counts, never rates: the verdict is computed from integers (domain F2)."""

    survey = models.OneToOneField(Survey, models.CASCADE, related_name="result")
    n_roll = models.PositiveIntegerField(_("entitled members"))
    n_roll_voted = models.PositiveIntegerField(_("members who voted"))
    n_codes = models.PositiveIntegerField(_("codes given out"))  # printed, less voided
    n_codes_used = models.PositiveIntegerField(_("codes used"))
    n_codes_voided = models.PositiveIntegerField(_("codes voided"))
    n_paper_members = models.PositiveIntegerField(_("paper ballots of members"), default=0)
    n_paper_members_issued = models.PositiveIntegerField(_("paper ballots handed out to members"), default=0)
    n_paper_public = models.PositiveIntegerField(_("paper ballots of the public"), default=0)
    n_paper_public_issued = models.PositiveIntegerField(_("paper ballots handed out to the public"), default=0)
    n_ballots = models.PositiveIntegerField(_("ballots"))
    # [{"line": 0, "label": …, "person": pk or null, "counts": {"satisfied": 21, …, "": 1}, "valid": 25,
    #   "positive": 19, "passed": false}]
    lines = models.JSONField()
    verdict = models.CharField(_("verdict"), max_length=12, choices=Verdict.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    leaf_root = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("result of a survey")
        verbose_name_plural = _("results of surveys")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    n_ballots=F("n_roll_voted") + F("n_codes_used") + F("n_paper_members") + F("n_paper_public")
                ),
                name="ballots_equal_rights_used",
            )
        ]

    def __str__(self):
        return f"{self.survey} {self.verdict}"

    @property
    def n_issued(self):
        """Ballots given out: one for every member on the roll, every code not voided, papers for the public."""
        return self.n_roll + self.n_codes + self.n_paper_public_issued

    @property
    def n_paper(self):
        """Ballots on paper; the others were cast by phone."""
        return self.n_paper_members + self.n_paper_public


class Bulletin(models.Model):
    """What the public may check of a closed survey: published once, corrected only by another version."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="bulletins")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    # The canonical JSON without the list of hashes, which ``leaf_root`` in it stands for.
    text = models.TextField(_("text"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    signature = models.CharField(_("signature"), max_length=90)
    reason = models.CharField(_("reason of the correction"), max_length=200, blank=True)
    published_at = models.DateTimeField(_("published at"))

    class Meta:
        verbose_name = _("bulletin of a survey")
        verbose_name_plural = _("bulletins of surveys")
        ordering = ["survey", "version"]
        constraints = [models.UniqueConstraint(fields=["survey", "version"], name="bulletin_version_once")]

    def __str__(self):
        return f"{self.survey} {self.version}"
