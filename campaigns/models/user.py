from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """Somebody who can sign in. What he may do follows from his appointments, never from this row."""

    first_name = None
    last_name = None
    name = models.CharField(_("name"), max_length=60)
    must_change_password = models.BooleanField(_("must change the password at the next sign-in"), default=False)

    objects = UserManager()

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self):
        return self.name or self.username

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name


class SignInLink(models.Model):
    """A printed link with which a member without a password signs in once; only its hash is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_links", verbose_name=_("user"))
    token_hash = models.BinaryField(_("hash of the token"), max_length=32, unique=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_at = models.DateTimeField(_("valid until"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)

    class Meta:
        verbose_name = _("sign-in link")
        verbose_name_plural = _("sign-in links")

    def __str__(self):
        return f"{self.user} {self.expires_at:%Y-%m-%d}"
