from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import ngettext

from assessments.domain.on_call import call_reviews, on_call_rules
from assessments.forms.on_call import OnCallForm
from campaigns.forms.base import posted, run
from campaigns.permissions import may_anywhere


@login_required
def review_call(request):
    """Open reviews that have no cadence: the rule, the posts, the reason."""
    if not may_anywhere(request.user, "review_post"):
        raise PermissionDenied
    rules = on_call_rules(request.user)
    wanted = request.GET.get("rule", "")
    rule = next((rule for rule in rules if str(rule.pk) == wanted), None) if wanted else next(iter(rules), None)
    if wanted and rule is None:
        raise Http404
    if rule is None:
        return render(request, "assessments/review_call.html", {"rules": []})
    form = OnCallForm(posted(request), rule=rule, user=request.user)
    if form.is_valid():
        data = {"reason": form.cleaned_data["reason"], "due_on": form.cleaned_data["due_on"]}
        if reviews := run(form, call_reviews, rule, actor=request.user, conferrals=form.chosen, **data):
            text = ngettext("%(n)s review is open now.", "%(n)s reviews are open now.", len(reviews))
            messages.success(request, text % {"n": len(reviews)})
            return redirect("assessments:review_list")
    context = {"rules": rules, "rule": rule, "form": form}
    return render(request, "assessments/review_call.html", context, status=400 if form.errors else 200)
