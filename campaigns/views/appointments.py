from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from campaigns.domain.appointments import end_appointment
from campaigns.domain.people import appoint_by_name
from campaigns.forms.people import AppointForm, EndAppointmentForm
from campaigns.models import Appointment, Member, OrgUnit
from campaigns.views.base import RuleFormView

PEOPLE_OFFERED = 300


class AppointmentCreate(RuleFormView):
    """Give somebody a role in a unit."""

    permission = "manage_accounts"
    form_class = AppointForm
    template_name = "campaigns/appointment_form.html"
    done = gettext_lazy("The appointment has been recorded; the rights that go with it hold from its first day.")

    def load(self):
        return get_object_or_404(OrgUnit.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def get_initial(self):
        return super().get_initial() | {"person": self.request.GET.get("person", "")}

    def get_context_data(self, **kwargs):
        people = Member.objects.active().within(self.object).order_by("branch__path", "number")[:PEOPLE_OFFERED]
        return super().get_context_data(people=people, **kwargs)

    def act(self, form):
        data = form.cleaned_data
        return appoint_by_name(
            data["person"],
            org_unit=self.object,
            role=data["role"],
            actor=self.request.user,
            starts_on=data["starts_on"],
        )

    def success_url_for(self, result):
        return reverse("campaigns:unit_detail", args=[result.org_unit_id])


class AppointmentEnd(RuleFormView):
    """Take a role away."""

    permission = "manage_accounts"
    form_class = EndAppointmentForm
    template_name = "campaigns/appointment_end.html"
    done = gettext_lazy("The appointment has been ended.")

    def load(self):
        units = OrgUnit.objects.visible_to(self.request.user)
        return get_object_or_404(
            Appointment.objects.select_related("user", "org_unit").filter(org_unit__in=units), pk=self.kwargs["pk"]
        )

    @property
    def unit(self):
        return self.object.org_unit

    def act(self, form):
        end_appointment(self.object, actor=self.request.user, on=form.cleaned_data["on"])
        return self.object

    def success_url_for(self, result):
        return reverse("campaigns:unit_detail", args=[result.org_unit_id])
