from django.db import models
from django.utils.translation import gettext_lazy as _


class Scheme(models.Model):
    """A scheme file of the users' own that passed the checker, kept word for word."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("scheme file"))
    sha256 = models.CharField(_("checksum"), max_length=64)
    loaded_at = models.DateTimeField(_("loaded at"), auto_now=True)

    class Meta:
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")
        ordering = ["code"]

    def __str__(self):
        return self.title
