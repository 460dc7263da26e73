from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from campaigns.domain.messages import choose_channels, ways_out
from campaigns.forms.base import posted, run
from campaigns.forms.messages import ChannelForm
from campaigns.models import Message, MessageChoice


class MessageList(LoginRequiredMixin, ListView):
    """All messages; those that are shown become read."""

    template_name = "campaigns/message_list.html"
    context_object_name = "all_messages"
    paginate_by = 50

    def get_queryset(self):
        return Message.objects.visible_to(self.request.user)

    def render_to_response(self, context, **kwargs):
        response = super().render_to_response(context, **kwargs).render()
        shown = [message.pk for message in context["all_messages"]]
        self.get_queryset().unread().filter(pk__in=shown).update(read_at=timezone.now())
        return response


@require_POST
@login_required
def open_message(request, pk):
    """Mark a message read and go where it points."""
    message = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    Message.objects.filter(pk=message.pk, read_at__isnull=True).update(read_at=timezone.now())
    return HttpResponseRedirect(message.url or reverse("campaigns:message_list"))


@login_required
def message_choice(request):
    """How the user is told outside the application, and when not."""
    user, ways = request.user, ways_out()
    choice = MessageChoice.objects.filter(user=user).first() or MessageChoice(user=user)
    form = ChannelForm(posted(request), choice=choice, ways=ways)
    if form.is_valid() and run(form, choose_channels, user, **form.wishes()):
        messages.success(request, _("From now on you are told as you have chosen."))
        return redirect("campaigns:message_choice")
    context = {"form": form, "ways": ways, "quiet_hours": settings.QUIET_HOURS.replace("-", "–")}
    return render(request, "campaigns/message_choice.html", context, status=400 if form.errors else 200)
