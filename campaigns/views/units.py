from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, TemplateView

from campaigns.domain import units
from campaigns.domain.trees import as_tree, with_member_counts
from campaigns.forms.units import ConfirmForm, UnitForm, UnitMoveForm
from campaigns.models import Appointment, Member, OrgUnit
from campaigns.permissions import may_anywhere, may_on_unit
from campaigns.views.base import RuleFormView, require

MEMBERS_SHOWN = 12


class UnitList(LoginRequiredMixin, TemplateView):
    """The tree of the units that the user sees."""

    template_name = "campaigns/orgunit_list.html"

    def get_context_data(self, **kwargs):
        user = self.request.user
        require(may_anywhere(user, "view_unit"))
        text = self.request.GET.get("q", "").strip()
        closed = bool(self.request.GET.get("closed"))
        nodes = as_tree(with_member_counts(OrgUnit.objects.visible_to(user)), text=text, closed=closed)
        return super().get_context_data(
            nodes=nodes,
            text=text,
            closed=closed,
            n_units=sum(node.n_units for node in nodes),
            n_members=sum(node.n_members for node in nodes),
            may_import=may_anywhere(user, "manage_organization"),
            **kwargs,
        )


class UnitDetail(LoginRequiredMixin, DetailView):
    """One unit: contacts, what lies below it, members, appointments."""

    context_object_name = "unit"
    template_name = "campaigns/orgunit_detail.html"

    def get_queryset(self):
        return OrgUnit.objects.visible_to(self.request.user)

    def get_context_data(self, **kwargs):
        unit, user = self.object, self.request.user
        members = Member.objects.active().filter(branch=unit).for_list()
        crumbs = [above for above in OrgUnit.objects.get_ancestors(unit) if may_on_unit(user, "view_unit", above)]
        return super().get_context_data(
            crumbs=crumbs,
            children=with_member_counts(OrgUnit.objects.get_children(unit).filter(is_active=True)),
            members=members[:MEMBERS_SHOWN],
            n_members=members.count(),
            appointments=Appointment.objects.current()
            .filter(org_unit=unit)
            .select_related("user")
            .order_by("role", "pk"),
            may_organize=may_on_unit(user, "manage_organization", unit),
            may_roster=may_on_unit(user, "manage_roster", unit),
            may_appoint=may_on_unit(user, "manage_accounts", unit),
            is_top=not crumbs,
            **kwargs,
        )


class UnitFormView(RuleFormView):
    """A form about a unit, for whoever manages the organisation there."""

    permission = "manage_organization"
    template_name = "campaigns/orgunit_form.html"

    def load(self):
        return get_object_or_404(OrgUnit.objects.visible_to(self.request.user), pk=self.kwargs["pk"])

    def success_url_for(self, result):
        return reverse("campaigns:unit_detail", args=[result.pk])


class UnitCreate(UnitFormView):
    form_class = UnitForm
    done = gettext_lazy("The unit has been added.")
    extra_context = {"is_new": True}

    def act(self, form):
        return units.create_unit(self.object, actor=self.request.user, **form.cleaned_data)


class UnitEdit(UnitFormView):
    form_class = UnitForm
    done = gettext_lazy("The unit has been changed.")

    def get_initial(self):
        return {name: getattr(self.object, name) for name in units.FIELDS}

    def act(self, form):
        return units.update_unit(self.object, actor=self.request.user, **form.cleaned_data)


class UnitMove(UnitFormView):
    form_class = UnitMoveForm
    template_name = "campaigns/orgunit_move.html"
    done = gettext_lazy("The unit has been moved.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"unit": self.object, "user": self.request.user}

    def get_context_data(self, **kwargs):
        return super().get_context_data(n_below=OrgUnit.objects.get_descendant_count(self.object), **kwargs)

    def act(self, form):
        return units.move_unit(self.object, target=form.cleaned_data["target"], actor=self.request.user)


class UnitClose(UnitFormView):
    form_class = ConfirmForm
    template_name = "campaigns/orgunit_close.html"
    done = gettext_lazy("The unit is no longer in use.")

    def get_context_data(self, **kwargs):
        held = Appointment.objects.current().filter(org_unit=self.object).select_related("user")
        return super().get_context_data(appointments=held, **kwargs)

    def act(self, form):
        units.close_unit(self.object, actor=self.request.user)
        return self.object


@require_POST
@login_required
def reopen(request, pk):
    unit = get_object_or_404(OrgUnit.objects.visible_to(request.user), pk=pk)
    units.reopen_unit(unit, actor=request.user)
    messages.success(request, _("The unit is in use again."))
    return HttpResponseRedirect(reverse("campaigns:unit_detail", args=[pk]))
