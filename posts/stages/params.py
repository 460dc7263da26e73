"""Fields for the parameters of stages that Django's forms do not have."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class TextListField(forms.JSONField):
    """A list of short texts, as TOML and JSON write it."""

    def to_python(self, value: Any) -> Any:
        """One text alone may stand without brackets, as everywhere in a scheme."""
        if isinstance(value, str) and value.strip() and not value.lstrip().startswith("["):
            return [value]
        return super().to_python(value)

    def clean(self, value: Any) -> Any:
        texts = super().clean(value) or []
        if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
            raise ValidationError(_("A list of texts is wanted here."))
        return [text.strip() for text in texts]
