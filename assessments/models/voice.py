"""Who is heard in a review 五评. What fellow members say is counted only; nothing keeps who said what."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.review import Review
from campaigns.models import Member
from campaigns.schemes import vocabulary as words


class Voice(models.TextChoices):
    SELF = "self", words.ASSESSMENTS["self"]
    PEER = "peer", words.ASSESSMENTS["peer"]
    MASS = "mass", words.ASSESSMENTS["mass"]
    LEADER = "leader", words.ASSESSMENTS["leader"]
    ORGANISATION = "organisation", words.ASSESSMENTS["organisation"]


class Grade(models.TextChoices):
    EXCELLENT = "excellent", words.GRADES["excellent"]
    QUALIFIED = "qualified", words.GRADES["qualified"]
    BASICALLY_QUALIFIED = "basically_qualified", words.GRADES["basically_qualified"]
    UNQUALIFIED = "unqualified", words.GRADES["unqualified"]


class Statement(models.Model):
    """A word with a name: of the post about itself, of a leader, of the organisation that reviews."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="statements", verbose_name=_("review"))
    voice = models.CharField(_("voice"), max_length=12, choices=Voice.choices)
    # A leader speaks at a meeting and the secretary writes it down.
    speaker = models.CharField(_("who speaks"), max_length=60)
    grade = models.CharField(_("grade"), max_length=20, choices=Grade.choices)
    aspects = models.JSONField(_("aspects"), default=dict, blank=True)  # {"比技能": "excellent", …}
    text = models.TextField(_("in words"), max_length=2000)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_at = models.DateTimeField(_("written down at"), auto_now=True)

    class Meta:
        verbose_name = _("statement in a review")
        verbose_name_plural = _("statements in reviews")
        ordering = ["voice", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "voice", "speaker"], name="statement_once_per_speaker"),
            models.CheckConstraint(
                condition=models.Q(voice__in=["self", "leader", "organisation"]), name="statement_has_a_name"
            ),
        ]

    def __str__(self):
        return f"{self.get_voice_display()} {self.speaker}"

    @property
    def told_aspects(self):
        """Each aspect with its grade in words, in the order of the scheme: PostgreSQL keeps keys in one of its own."""
        order = self.review.rule.params.get("aspects", ())
        return [f"{aspect} {Grade(self.aspects[aspect]).label}" for aspect in order if aspect in self.aspects]


class PeerTally(models.Model):
    """What the fellow members said, as counts of grades."""

    review = models.OneToOneField(Review, models.CASCADE, related_name="peer_tally", verbose_name=_("review"))
    counts = models.JSONField(default=dict)  # {"excellent": 3, …}
    aspects = models.JSONField(default=dict, blank=True)  # {"比技能": {"excellent": 3, …}, …}
    # So many of them were counted on paper at a meeting.
    n_paper = models.PositiveIntegerField(_("counted at a meeting"), default=0)
    meeting = models.CharField(_("meeting"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("assessment by fellow members")
        verbose_name_plural = _("assessments by fellow members")

    def __str__(self):
        return str(self.counts)


class PeerTurn(models.Model):
    """That a fellow member has spoken: neither when nor what."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="peer_turns")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("fellow member who has spoken")
        verbose_name_plural = _("fellow members who have spoken")
        constraints = [models.UniqueConstraint(fields=["review", "member"], name="peer_speaks_once")]

    def __str__(self):
        return str(self.member_id)


class PeerRemark(models.Model):
    """Words of a fellow member; the key is random, so that their order tells nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.CASCADE, related_name="peer_remarks")
    text = models.CharField(_("remark"), max_length=300)

    class Meta:
        verbose_name = _("remark of a fellow member")
        verbose_name_plural = _("remarks of fellow members")
        ordering = ["id"]

    def __str__(self):
        return self.text[:30]


class ReviewPhoto(models.Model):
    """The plaque where it hangs, for reviews of which the scheme asks it."""

    review = models.ForeignKey(Review, models.CASCADE, related_name="photos", verbose_name=_("review"))
    file = models.FileField(_("file"), upload_to="reviews/%Y/%m/")
    name = models.CharField(_("file name"), max_length=200)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("photograph of a plaque")
        verbose_name_plural = _("photographs of plaques")
        ordering = ["pk"]

    def __str__(self):
        return self.name
