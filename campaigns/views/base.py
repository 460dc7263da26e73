"""What pages with a form that ends in a domain call share."""

from django.contrib import messages
from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.views.generic import FormView

from campaigns.forms.base import run
from campaigns.permissions import require_on_unit


class RuleFormView(LoginRequiredMixin, FormView):
    """A form whose valid submission makes one domain call; a broken rule comes back at its field.

    A subclass gives ``load()`` (the object, or 404), ``unit`` (where the right is needed), ``permission``, ``act()``
    (the call; returns what ``success_url_for`` takes) and ``done`` (the sentence afterwards).
    """

    permission = ""
    done = ""

    def dispatch(self, request, *args, **kwargs):
        if not request.user.is_authenticated:
            return self.handle_no_permission()
        self.object = self.load()
        self.check_right()
        return super().dispatch(request, *args, **kwargs)

    def load(self):
        return None

    def check_right(self):
        require_on_unit(self.request.user, self.permission, self.unit)

    @property
    def unit(self):
        return self.object

    def act(self, form):
        raise NotImplementedError

    def success_url_for(self, result):
        raise NotImplementedError

    def form_valid(self, form):
        result = run(form, self.act, form)
        if not form.is_valid():
            return self.form_invalid(form)
        if self.done:
            messages.success(self.request, self.done)
        return HttpResponseRedirect(self.success_url_for(result))

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=400)

    def get_context_data(self, **kwargs):
        return super().get_context_data(object=self.object, unit=self.unit, **kwargs)


def require(condition: bool) -> None:
    """403 unless the condition holds."""
    if not condition:
        raise PermissionDenied
