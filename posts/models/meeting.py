from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Member
from posts.models.nomination import Nomination, NominationMember
from posts.models.stage_run import StageRun


class Forum(models.TextChoices):
    INFORMAL = "informal", _("informal deliberation")
    MEMBERS_MEETING = "members_meeting", _("general meeting of members")
    BRANCH_COMMITTEE = "branch_committee", _("branch committee meeting")
    CADRES = "cadres", _("meeting of cadres")


class Meeting(models.Model):
    """Minutes of a deliberation 酝酿: who should attend, who came, and what came out."""

    nomination = models.ForeignKey(Nomination, models.CASCADE, related_name="meetings")
    run = models.ForeignKey(StageRun, models.CASCADE, related_name="meetings")
    forum = models.CharField(_("form"), max_length=20, choices=Forum.choices, default=Forum.INFORMAL)
    held_on = models.DateField(_("held on"))
    place = models.CharField(_("place"), max_length=120, blank=True)
    chair = models.CharField(_("chair"), max_length=60, blank=True)
    recorder = models.CharField(_("recorder"), max_length=60, blank=True)
    should_attend = models.PositiveSmallIntegerField(_("should attend"))
    excused = models.PositiveSmallIntegerField(_("not counted as should attend"), default=0)
    present = models.PositiveSmallIntegerField(_("present"))
    in_favour = models.PositiveSmallIntegerField(_("in favour"), null=True, blank=True)
    against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)
    uses_annual_appraisal = models.BooleanField(_("the annual appraisal was used"), default=False)
    minutes = models.TextField(_("minutes"), max_length=5000)
    agreed = models.BooleanField(_("agreed to recommend"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(present__lte=F("should_attend")), name="meeting_present_le_should"),
        ]

    def __str__(self):
        return f"{self.get_forum_display()} {self.held_on}"


class LeaveOutReason(models.TextChoices):
    """Why a voting member is not counted among those who should attend; the meeting agrees to it."""

    UNABLE = "unable", _("cannot express his will because of illness")
    BEDRIDDEN = "bedridden", _("bedridden, or cannot look after himself for long")
    ABROAD = "abroad", _("abroad for half a year or more")
    AWAY = "away", _("away for half a year or more; the affiliation should have been transferred")
    HOME = "home", _("retired and living in his home place")
    DETAINED = "detained", _("detained, so that he cannot exercise his rights")


class LeftOut(models.Model):
    """A member who is not counted in 应到会, with the reason."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="left_out")
    member = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("Party member"))
    reason = models.CharField(_("reason"), max_length=12, choices=LeaveOutReason.choices)

    class Meta:
        verbose_name = _("member not counted")
        verbose_name_plural = _("members not counted")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="left_out_once")]

    def __str__(self):
        return f"{self.member} {self.get_reason_display()}"


class ConsentAnswer(models.TextChoices):
    WAITING = "waiting", _("not yet answered")
    AGREED = "agreed", _("agreed")
    REFUSED = "refused", _("declined")


class Consent(models.Model):
    """The holder's own wish 本人意愿; may be taken back until the decision (domain F6)."""

    run = models.ForeignKey(StageRun, models.CASCADE, related_name="consents")
    person = models.ForeignKey(NominationMember, models.CASCADE, related_name="consents")
    answer = models.CharField(_("answer"), max_length=10, choices=ConsentAnswer.choices, default=ConsentAnswer.WAITING)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    # Paper signatures are recorded by the branch for people who do not use a phone.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("recorded by")
    )

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="consent_once")]

    def __str__(self):
        return f"{self.person} {self.get_answer_display()}"
