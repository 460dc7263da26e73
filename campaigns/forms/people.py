from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models import Grade, LeaveReason, Member, MemberStatus, OrgUnit, Role, UnitKind
from campaigns.permissions import units_for


def date_field(**kwargs) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class MemberForm(forms.ModelForm):
    """What the roster says of a member."""

    class Meta:
        model = Member
        fields = [
            "name", "number", "gender", "status", "joined_on", "confirmed_on", "position", "work_unit",
            "sanction_until",
        ]  # fmt: skip
        widgets = {
            name: forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            for name in ("joined_on", "confirmed_on", "sanction_until")
        }
        help_texts = {
            "confirmed_on": _("Blank for probationary members; not before the date joined."),
            "sanction_until": _("While it lasts the member cannot be nominated."),
            "work_unit": _("The office, section or team in which the member works, if it is in the tree."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        visible = OrgUnit.objects.visible_to(user).filter(is_active=True)
        self.fields["work_unit"].queryset = visible.exclude(kind=UnitKind.BRANCH)

    def _post_clean(self):
        """The rules are those of the domain, which puts its sentence at the right field."""


class TransferForm(forms.Form):
    """To which branch a member goes."""

    to = forms.ModelChoiceField(OrgUnit.objects.none(), label=_("new branch"), empty_label="—")

    def __init__(self, *args, member, user, **kwargs):
        super().__init__(*args, **kwargs)
        branches = units_for(user, "manage_roster").branches().filter(is_active=True)
        self.fields["to"].queryset = branches.exclude(pk=member.branch_id)


class LeaveForm(forms.Form):
    """Since when a member's affiliation is elsewhere."""

    on = date_field(label=_("left on"), initial=timezone.localdate)
    reason = forms.ChoiceField(
        label=_("why"), choices=LeaveReason.choices, initial=LeaveReason.LEFT, widget=forms.RadioSelect
    )


class AppraisalForm(forms.Form):
    """The grade of a year."""

    year = forms.IntegerField(label=_("year"), initial=lambda: timezone.localdate().year - 1)
    grade = forms.ChoiceField(label=_("grade"), choices=Grade.choices)


class MemberFilterForm(forms.Form):
    """The filters above the roster. A wrong value filters nothing."""

    q = forms.CharField(label=_("Name or number"), required=False)
    branch = forms.ModelChoiceField(
        OrgUnit.objects.none(), label=_("Party branch"), required=False, empty_label=_("all")
    )
    status = forms.ChoiceField(label=_("membership"), required=False, choices=[("", _("all")), *MemberStatus.choices])
    left = forms.ChoiceField(
        label=_("affiliation"), required=False, choices=[("", _("here today")), ("1", _("has left"))]
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = OrgUnit.objects.visible_to(user).branches()

    def apply(self, members):
        """The members that the filters let through."""
        self.is_valid()
        chosen = self.cleaned_data
        members = members.filter(left_on__isnull=not chosen.get("left"))
        if branch := chosen.get("branch"):
            members = members.filter(branch=branch)
        if status := chosen.get("status"):
            members = members.filter(status=status)
        if text := chosen.get("q"):
            members = members.filter(name__icontains=text) | members.filter(number__icontains=text)
        return members


class AppointForm(forms.Form):
    """Who gets which role in a unit."""

    person = forms.CharField(
        label=_("person"), max_length=150, help_text=_("Member number, or the name of the account."),
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
    )  # fmt: skip
    role = forms.ChoiceField(label=_("role"), choices=[("", "—"), *Role.choices])
    starts_on = date_field(label=_("in office since"), initial=timezone.localdate)


class EndAppointmentForm(forms.Form):
    """When a role ends."""

    on = date_field(label=_("ends on"), initial=timezone.localdate, help_text=_("The first day without the role."))
