from django.contrib.auth.forms import AuthenticationForm
from django.utils.translation import gettext_lazy as _


class SignInForm(AuthenticationForm):
    """Says in one sentence what to do when the password is wrong; never which of the two was."""

    error_messages = {
        "invalid_login": _("User name or password is wrong. Check both; capital letters count."),
        "inactive": _("This account has been closed. Ask your Party-affairs officer."),
    }
