from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import DetailView, ListView

from campaigns.domain import members
from campaigns.domain.appraisals import record_appraisal, remove_appraisal
from campaigns.domain.history import recent_lines
from campaigns.domain.sign_in_links import make_account, set_initial_password, why_no_link
from campaigns.forms.people import AppraisalForm, LeaveForm, MemberFilterForm, MemberForm, TransferForm
from campaigns.models import Appointment, Appraisal, Member, OrgUnit
from campaigns.permissions import may_anywhere, may_on_unit
from campaigns.views.base import RuleFormView, require


class MemberList(LoginRequiredMixin, ListView):
    """The roster of the branches that the user sees."""

    template_name = "campaigns/member_list.html"
    context_object_name = "members"
    paginate_by = 30

    def get_queryset(self):
        require(may_anywhere(self.request.user, "view_unit"))
        self.filter = MemberFilterForm(self.request.GET, user=self.request.user)
        return self.filter.apply(Member.objects.visible_to(self.request.user)).for_list()

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            filter=self.filter,
            is_filtered=any(self.request.GET.get(name) for name in self.filter.fields),
            may_roster=may_anywhere(user, "manage_roster"),
            may_accounts=may_anywhere(user, "manage_accounts"),
            **kwargs,
        )


class MemberDetail(LoginRequiredMixin, DetailView):
    """A member as the roster has him, his account and his appointments."""

    template_name = "campaigns/member_detail.html"
    context_object_name = "member"

    def get_queryset(self):
        return Member.objects.visible_to(self.request.user).for_list()

    def get_context_data(self, **kwargs):
        member, user = self.object, self.request.user
        held = Appointment.objects.current().filter(user=member.user_id).select_related("org_unit")
        return super().get_context_data(
            appointments=held if member.user_id else [],
            no_link=why_no_link(member),
            may_roster=may_on_unit(user, "manage_roster", member.branch),
            appraisals=member.appraisals.all(),
            may_account=may_on_unit(user, "manage_accounts", member.branch),
            history=recent_lines(member, user),
            **kwargs,
        )


class MemberFormView(RuleFormView):
    """A form about a member, for whoever keeps the roster of his branch."""

    permission = "manage_roster"
    template_name = "campaigns/member_form.html"

    def load(self):
        return get_object_or_404(Member.objects.visible_to(self.request.user).for_list(), pk=self.kwargs["pk"])

    @property
    def unit(self):
        return self.object.branch

    def success_url_for(self, result):
        return reverse("campaigns:member_detail", args=[result.pk])


class MemberCreate(MemberFormView):
    form_class = MemberForm
    done = gettext_lazy("The member has been entered.")
    extra_context = {"is_new": True}

    def load(self):
        return get_object_or_404(OrgUnit.objects.visible_to(self.request.user).branches(), pk=self.kwargs["pk"])

    @property
    def unit(self):
        return self.object

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def act(self, form):
        return members.add_member(self.object, actor=self.request.user, **form.cleaned_data)


class MemberEdit(MemberFormView):
    form_class = MemberForm
    done = gettext_lazy("The member has been changed.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}

    def get_initial(self):
        return {name: getattr(self.object, name) for name in members.FIELDS}

    def act(self, form):
        return members.update_member(self.object, actor=self.request.user, **form.cleaned_data)


class MemberTransfer(MemberFormView):
    form_class = TransferForm
    template_name = "campaigns/member_transfer.html"
    done = gettext_lazy("The member has been transferred.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user, "member": self.object}

    def act(self, form):
        return members.transfer_member(self.object, to=form.cleaned_data["to"], actor=self.request.user)


class MemberLeave(MemberFormView):
    form_class = LeaveForm
    template_name = "campaigns/member_leave.html"
    done = gettext_lazy("The member has left the roster.")

    def act(self, form):
        return members.let_member_leave(self.object, actor=self.request.user, **form.cleaned_data)


def _member(request, pk):
    return get_object_or_404(Member.objects.visible_to(request.user).select_related("branch", "user"), pk=pk)


@require_POST
@login_required
def bring_back(request, pk):
    member = members.bring_member_back(_member(request, pk), actor=request.user)
    messages.success(request, _("The member is on the roster again."))
    return HttpResponseRedirect(reverse("campaigns:member_detail", args=[member.pk]))


class AppraisalCreate(MemberFormView):
    """A grade of the yearly appraisal, entered or corrected."""

    form_class = AppraisalForm
    template_name = "campaigns/appraisal_form.html"
    done = gettext_lazy("The appraisal has been recorded.")

    def act(self, form):
        return record_appraisal(self.object, actor=self.request.user, **form.cleaned_data)

    def success_url_for(self, result):
        return reverse("campaigns:member_detail", args=[result.member_id])


@require_POST
@login_required
def appraisal_remove(request, pk):
    visible = Member.objects.visible_to(request.user)
    appraisal = get_object_or_404(Appraisal.objects.filter(member__in=visible).select_related("member__branch"), pk=pk)
    remove_appraisal(appraisal, actor=request.user)
    messages.success(request, _("The appraisal has been taken out."))
    return HttpResponseRedirect(reverse("campaigns:member_detail", args=[appraisal.member_id]))


@require_POST
@login_required
def give_account(request, pk):
    user = make_account(_member(request, pk), actor=request.user)
    messages.success(request, _("The account “%(name)s” has been made.") % {"name": user.username})
    return HttpResponseRedirect(reverse("campaigns:member_detail", args=[pk]))


@require_POST
@login_required
def initial_password(request, pk):
    """Shows the password once, on the answer to the POST: it is in no address and in no history."""
    member = _member(request, pk)
    require(member.user_id is not None)
    password = set_initial_password(member.user, actor=request.user)
    return render(request, "campaigns/member_password.html", {"member": member, "password": password})
