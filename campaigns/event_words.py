"""What the events of campaigns, the organisation and the lists are called in a history."""

from collections.abc import Callable

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.domain.history import Named, words
from campaigns.models import Campaign, Grade, ImportKind, Member, OrgUnit, Role, UnitKind

OF_UNIT = Named(OrgUnit)


def _fields_of(model: type[models.Model]) -> Callable[[list[str]], str]:
    """The names of columns in words."""

    def tell(names: list[str]) -> str:
        found = []
        for name in names:
            try:
                found.append(str(getattr(model._meta.get_field(name), "verbose_name", name)))  # noqa: SLF001  public API
            except FieldDoesNotExist:
                continue
        return "、".join(found)

    return tell


YEAR = _("year %s")
ROWS = _("%s rows")

words("founded", _("Organisation founded in this system"))
words("unit_created", _("Unit created"), unit_kind=UnitKind, parent=Named(OrgUnit, template=_("below %s")))
words("unit_changed", _("Unit changed"), fields=_fields_of(OrgUnit))
words(
    "unit_moved",
    _("Unit moved"),
    before=Named(OrgUnit, template=_("from %s")),
    after=Named(OrgUnit, template=_("to %s")),
)
words("unit_closed", _("Unit taken out of use"))
words("unit_reopened", _("Unit taken into use again"))
words("appointed", _("Appointment made"), role=Role, unit=OF_UNIT)
words("appointment_ended", _("Appointment ended"), unit=OF_UNIT)

words("member_added", _("Member entered on the roster"), branch=OF_UNIT)
words("member_changed", _("Data of the member changed"), fields=_fields_of(Member))
words(
    "member_transferred",
    _("Member transferred to another branch"),
    before=Named(OrgUnit, template=_("from %s")),
    after=Named(OrgUnit, template=_("to %s")),
)
words("member_left", _("Member left"), on="%s")
words("member_returned", _("Member brought back"))
words("appraisal_recorded", _("Annual appraisal recorded"), year=YEAR, grade=Grade)
words("appraisal_removed", _("Annual appraisal taken out"), year=YEAR)
words("account_made", _("Account made"))
words("sign_in_link_made", _("Sign-in slip made"))
words("sign_in_link_used", _("Signed in with a slip"))
words("password_reset", _("Initial password set"))

words(
    "campaign_created",
    _("Campaign prepared"),
    copied_from=Named(Campaign, "title", _("copied from “%s”")),
    units=_("%s units"),
)
words("campaign_changed", _("Campaign changed"), fields=_fields_of(Campaign), units=_("%s units"))
words("campaign_opened", _("Campaign opened, its rules frozen"), rules_sha256=_("check sum %s"))
words("campaign_closed", _("Campaign closed"))
words("campaign_reminded", _("Units reminded"), units=_("%s units"))
words("quota_set", _("Quota set"))
words("date_moved", _("Date of the plan moved"), before=_("from %s"), after=_("to %s"))
words("advice_noted", _("Note on a piece of advice"))
words("milestone_recorded", _("Milestone recorded"), milestone="%s", unit=OF_UNIT)

words("due_item_retried", _("Clock: an item tried again"), attempts=_("%s attempts"))
words("due_item_given_up", _("Clock: an item given up"), attempts=_("%s attempts"))

words("scheme_stored", _("Scheme stored"), replaced=(_("replaces an earlier version"), ""), sha256=_("check sum %s"))
words("scheme_removed", _("Scheme removed"))
words("holiday_saved", _("Day entered"), date="%s", worked=(_("worked"), _("day off")))
words("holiday_deleted", _("Day taken out"), date="%s")
words("holidays_filled", _("National arrangement of the year entered"), year=YEAR, n=_("%s days"))

words("import_uploaded", _("List uploaded"), list=ImportKind, rows=ROWS)
words("import_confirmed", _("List confirmed to be written"), new=_("%s new"), changed=_("%s changed"))
words("import_written", _("List written"), new=_("%s new"), changed=_("%s changed"))
words("import_discarded", _("List discarded"))
words("message_channels_chosen", _("Chose how to be told"))
