from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.domain.on_call import posts_on_call
from assessments.forms.reviews import day_input, text_area
from campaigns.models import OrgUnit
from posts.models import Conferral


class OnCallForm(forms.Form):
    """Reviews for chosen posts, or for all posts of a unit."""

    unit = forms.ModelChoiceField(
        label=_("All posts of"),
        queryset=OrgUnit.objects.none(),
        required=False,
        empty_label=_("only the ticked posts"),
    )
    posts = forms.ModelMultipleChoiceField(
        label=_("Posts"), queryset=Conferral.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("Why the review is held now"), max_length=300, widget=text_area(2))
    due_on = forms.DateField(
        label=_("Due on"), required=False, widget=day_input(), help_text=_("Empty: as many days as the scheme gives.")
    )

    def __init__(self, *args, rule, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.titles = posts_on_call(rule, user)
        self.fields["posts"].queryset = self.titles
        self.fields["posts"].label_from_instance = lambda title: f"{title.name}（{title.org_unit}）"
        paths = {path[:end] for path, step in self._paths() for end in range(step, len(path) + 1, step)}
        self.fields["unit"].queryset = OrgUnit.objects.filter(path__in=paths).order_by("path")

    def _paths(self):
        rows = self.titles.order_by().values_list("org_unit__path", flat=True).distinct()
        return [(path, OrgUnit.steplen) for path in rows]

    @property
    def chosen(self):
        """The ticked posts, or those of the unit."""
        unit = self.cleaned_data["unit"]
        return self.titles.filter(org_unit__path__startswith=unit.path) if unit else self.cleaned_data["posts"]
