from django.contrib.auth import login
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from campaigns.domain.sign_in_links import use_link
from campaigns.forms.base import run
from campaigns.forms.sign_in import SignInCodeForm


@never_cache
@sensitive_post_parameters("token")
def sign_in(request):
    """The page of a printed slip. The code stands behind "#", which no server log sees; the button sends it."""
    form = SignInCodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        user = run(form, use_link, form.cleaned_data["token"])
        if user is not None:
            login(request, user, backend="django.contrib.auth.backends.ModelBackend")
            return HttpResponseRedirect(reverse("campaigns:home"))
    return render(request, "campaigns/sign_in_link.html", {"form": form}, status=400 if form.errors else 200)
