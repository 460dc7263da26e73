"""What the machine must have for the paper of this app."""

from django.core.checks import Warning as CheckWarning
from django.core.checks import register
from django.utils.translation import gettext as _

from posts.documents.fonts import FAMILIES, INSTALL_COMMAND, FontMissingError, find_face, missing_faces


@register
def check_fonts(app_configs, **kwargs):
    """Without the Chinese faces no plaque, notice or ballot slip can be printed; two of them Song can stand in for."""
    found = []
    for family in FAMILIES:
        try:
            find_face(family)
        except FontMissingError as error:
            found.append(CheckWarning(str(error), hint=INSTALL_COMMAND, id="posts.W001"))
    if not found and (missing := missing_faces()):
        text = _("%(families)s could not be made; documents are set in Song instead.")
        text %= {"families": "、".join(missing)}
        found.append(CheckWarning(text, hint=INSTALL_COMMAND, id="posts.W002"))
    return found
