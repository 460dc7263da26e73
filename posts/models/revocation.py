"""What is decided about a title later: withdrawn and perhaps given back, renamed. The old state stays readable."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from posts.models.conferral import Conferral, ConferralStatus, Holder, Plaque


class RevocationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(conferral__in=Conferral.objects.visible_to(user).values("pk"))

    def standing(self):
        """Those that nobody has set aside."""
        return self.filter(set_aside_at__isnull=True)

    def set_aside(self):
        return self.filter(set_aside_at__isnull=False)


class Revocation(models.Model):
    """The decision that withdrew a title 撤销决定, and the later one that put it right 纠正决定."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="revocations")
    revoked_on = models.DateField(_("revoked on"))
    made_at = models.DateTimeField(auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300)
    document = models.CharField(_("document"), max_length=40, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # What it took, so that exactly this can be given back.
    status_before = models.CharField(_("state before"), max_length=12, choices=ConferralStatus.choices)
    holders = models.ManyToManyField(Holder, related_name="+")
    plaques = models.ManyToManyField(Plaque, related_name="+")
    set_aside_at = models.DateTimeField(_("set aside at"), null=True, blank=True)
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    set_aside_reason = models.CharField(_("why it was wrong"), max_length=300, blank=True)
    set_aside_document = models.CharField(_("document that sets it aside"), max_length=40, blank=True)

    objects = RevocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("revocation")
        verbose_name_plural = _("revocations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conferral"], condition=Q(set_aside_at__isnull=True), name="one_standing_revocation"
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at__isnull=True)
                | (
                    Q(set_aside_by__isnull=False)
                    & ~Q(set_aside_by=F("decided_by"))
                    & ~Q(set_aside_reason="")
                    & ~Q(set_aside_document="")
                ),
                name="set_aside_by_another_with_a_document",
            ),
        ]

    def __str__(self):
        return f"{self.conferral} {self.revoked_on}"

    @property
    def is_standing(self):
        return self.set_aside_at is None


class Renaming(models.Model):
    """A post that got another name; its title, its address and its history go on."""

    conferral = models.ForeignKey(Conferral, models.CASCADE, related_name="renamings")
    old_name = models.CharField(_("old name"), max_length=60)
    new_name = models.CharField(_("new name"), max_length=60)
    reason = models.CharField(_("reason"), max_length=300)
    document = models.CharField(_("document"), max_length=40, blank=True)
    renamed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    renamed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("renaming")
        verbose_name_plural = _("renamings")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.old_name} → {self.new_name}"
