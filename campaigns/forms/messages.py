from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from campaigns.models import Channel, MessageChoice, Pace

#: Signs that can stand in an address without changing what is asked, or of whom.
plain_signs = RegexValidator(r"^[\w.@+-]+\Z", _("Only letters, digits and . @ + - _ are possible here."))


class ChannelForm(forms.Form):
    """The ways of this site with the user's addresses, how often, and his own quiet hours."""

    by_email = forms.BooleanField(label=_("Also by e-mail"), required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    by_channel = forms.BooleanField(required=False)
    channel_address = forms.CharField(max_length=64, required=False, validators=[plain_signs])
    pace = forms.ChoiceField(label=_("How often"), choices=Pace.choices, widget=forms.RadioSelect)
    quiet_from = forms.TimeField(label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    def __init__(self, data, *, choice: MessageChoice, ways):
        fields = ("by_email", "by_channel", "channel_address", "pace")
        kept = {name: getattr(choice, name) for name in fields}
        kept |= {name: _clock(getattr(choice, name)) for name in ("quiet_from", "quiet_until")}
        self.kept = kept | {"email": choice.user.email}
        super().__init__(data, initial=self.kept)
        name = {"name": settings.CHANNEL_NAME}
        self.fields["by_channel"].label = _("Also by %(name)s") % name
        self.fields["channel_address"].label = _("My address at %(name)s") % name
        hidden = {Channel.EMAIL: ("by_email", "email"), Channel.CHANNEL: ("by_channel", "channel_address")}
        for way, names in hidden.items():
            if way not in ways:
                for field in names:
                    del self.fields[field]
        if not ways:
            for field in ("pace", "quiet_from", "quiet_until"):
                del self.fields[field]

    def wishes(self):
        """What was chosen, and what was chosen before for the ways that this site does not have now."""
        return self.kept | self.cleaned_data


def _clock(value):
    return value.strftime("%H:%M") if value else None
