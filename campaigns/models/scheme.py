from django.conf import settings
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


class SchemeDraft(models.Model):
    """A scheme that somebody is writing: not checked, seen by nobody else, kept until it is stored or thrown away."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("user"), on_delete=models.CASCADE)
    # JSON as text: PostgreSQL's own type would lose the order of the ways, which is the author's.
    raw = models.TextField(_("contents"))
    before = models.TextField(_("contents before the last removal"), blank=True)
    text = models.TextField(_("scheme file"), blank=True)
    base_code = models.CharField(_("code of the scheme that is changed"), max_length=40, blank=True)
    base_sha256 = models.CharField(_("checksum"), max_length=64, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    window = models.CharField(_("window that wrote last"), max_length=32, blank=True)
    is_checked = models.BooleanField(_("problems are shown"), default=False)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)

    class Meta:
        verbose_name = _("draft of a scheme")
        verbose_name_plural = _("drafts of schemes")
        ordering = ["-updated_at", "-pk"]

    def __str__(self):
        return f"{self.base_code or '–'} #{self.pk}"
