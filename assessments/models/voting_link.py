"""How a member without a password votes: a link of his own, for one survey and one device."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from assessments.models.survey import RollEntry


class VotingLink(models.Model):
    """A personal link: a key to the roll entry and no right beside it.

    Neither when it was opened nor where is kept: that would lead to when its owner voted. It is no sign-in.
    """

    entry = models.OneToOneField(RollEntry, models.CASCADE, related_name="voting_link")
    token_hash = models.BinaryField(max_length=32, unique=True)
    # Keyed hash of a secret that only the device has; empty until the link is opened there, and again after the close.
    device_hash = models.BinaryField(max_length=32, null=True, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    witness = models.CharField(_("witness"), max_length=60)

    class Meta:
        verbose_name = _("personal voting link")
        verbose_name_plural = _("personal voting links")

    def __str__(self):
        return str(self.pk)
