from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from campaigns.domain import holidays
from campaigns.domain.errors import DomainError
from campaigns.domain.holiday_effects import calendar_effects, changes_of_year
from campaigns.forms.holidays import HolidayForm
from campaigns.models import Holiday
from campaigns.views.base import RuleFormView


def _year(text):
    """A year to show: the one asked for if it is one, else this."""
    this = timezone.localdate().year
    return int(text) if str(text).isdigit() and 2000 <= int(text) <= 2100 else this


def _list_url(year):
    return f"{reverse('campaigns:holiday_list')}?year={year}"


class HolidayList(LoginRequiredMixin, ListView):
    """The days of a year that differ from the plain week."""

    template_name = "campaigns/holiday_list.html"
    context_object_name = "days"

    def get_queryset(self):
        holidays.require_calendar(self.request.user)
        self.year = _year(self.request.GET.get("year", ""))
        return Holiday.objects.filter(date__year=self.year)

    def get_context_data(self, **kwargs):
        known = bool(holidays.arrangement(self.year))
        return super().get_context_data(
            year=self.year, before=self.year - 1, after=self.year + 1, known=known, **kwargs
        )


class HolidayFormView(RuleFormView):
    form_class = HolidayForm
    template_name = "campaigns/holiday_form.html"
    done = gettext_lazy("The day has been saved. Plans follow it; published notices and deadlines already set stay.")

    @property
    def unit(self):
        return None

    def check_right(self):
        holidays.require_calendar(self.request.user)

    def form_valid(self, form):
        """First what would move; the same form, with ``seen``, saves it."""
        changes = {self.object.date: None} if self.object else {}
        changes[form.cleaned_data["date"]] = form.cleaned_data["is_workday"]
        if "seen" not in self.request.POST and (effects := calendar_effects(changes, user=self.request.user)):
            return self.render_to_response(self.get_context_data(form=form, effects=effects))
        return super().form_valid(form)

    def act(self, form):
        holiday = self.object or Holiday()
        for name, value in form.cleaned_data.items():
            setattr(holiday, name, value)
        return holidays.save_holiday(holiday, actor=self.request.user)

    def success_url_for(self, result):
        return _list_url(result.date.year)


class HolidayCreate(HolidayFormView):
    pass


class HolidayEdit(HolidayFormView):
    def load(self):
        holidays.require_calendar(self.request.user)
        return get_object_or_404(Holiday, pk=self.kwargs["pk"])

    def get_initial(self):
        day = self.object
        return {"date": day.date, "name": day.name, "is_workday": "1" if day.is_workday else ""}


def _effects_page(request, changes, context):
    """What the change would move, with a button that makes it; None when it moves nothing or has been looked at."""
    if "seen" in request.POST:
        return None
    effects = calendar_effects(changes, user=request.user)
    return render(request, "campaigns/holiday_effects.html", {"effects": effects, **context}) if effects else None


@require_POST
@login_required
def fill(request):
    year = _year(request.POST.get("year", ""))
    if shown := _effects_page(request, changes_of_year(year), {"year": year}):
        return shown
    try:
        added = holidays.fill_year(year, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("%(n)s days of %(year)s have been entered.") % {"n": added, "year": year})
    return HttpResponseRedirect(_list_url(year))


@require_POST
@login_required
def delete(request, pk):
    holidays.require_calendar(request.user)
    holiday = get_object_or_404(Holiday, pk=pk)
    year = holiday.date.year
    if shown := _effects_page(request, {holiday.date: None}, {"year": year}):
        return shown
    holidays.delete_holiday(holiday, actor=request.user)
    messages.success(request, _("The day counts by its weekday again."))
    return HttpResponseRedirect(_list_url(year))
