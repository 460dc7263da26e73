"""What the machine must have for the paper of this app."""

from django.core.checks import Warning as CheckWarning
from django.core.checks import register

from posts.documents.fonts import FAMILIES, INSTALL_COMMAND, FontMissingError, find_face


@register
def check_fonts(app_configs, **kwargs):
    """Without the Chinese families no plaque, notice or ballot slip can be printed."""
    found = []
    for family in FAMILIES:
        try:
            find_face(family)
        except FontMissingError as error:
            found.append(CheckWarning(str(error), hint=INSTALL_COMMAND, id="posts.W001"))
    return found
