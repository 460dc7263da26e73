from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, views
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.domain.demo_people import demo_people
from campaigns.forms.accounts import SignInForm
from campaigns.models import User


class SignInView(views.LoginView):
    """Sign-in by name and password; in demo mode one button per role."""

    template_name = "registration/login.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs):
        people = demo_people() if settings.DEMO else []
        return super().get_context_data(demo_people=people, **kwargs)


class PasswordChangeView(views.PasswordChangeView):
    """A new password; also the only page open to somebody with an initial one."""

    template_name = "registration/password_change.html"
    success_url = reverse_lazy("campaigns:home")

    def form_valid(self, form):
        response = super().form_valid(form)
        User.objects.filter(pk=self.request.user.pk).update(must_change_password=False)
        messages.success(self.request, _("The password has been changed."))
        return response


@require_POST
def demo_sign_in(request, username):
    """Sign in as one of the demo's people. Exists in demo mode only."""
    if not settings.DEMO or username not in {person.username for person in demo_people()}:
        raise Http404
    user = get_object_or_404(User, username=username, is_active=True)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect("campaigns:home")
