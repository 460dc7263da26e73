"""A change of the members of a post, and what is answered to it."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import HolderKind
from posts.domain.members import Chosen
from posts.domain.rosters import roster_of
from posts.models import Conferral

#: More rows than this are not drawn; the search box narrows them down.
ROSTER_ROWS = 60


class AdjustForm(forms.Form):
    """Who goes, who comes, and why."""

    going = forms.TypedMultipleChoiceField(label=_("who leaves the post"), coerce=int, required=False)
    members = forms.TypedMultipleChoiceField(label=_("who joins the post"), coerce=int, required=False)
    reason = forms.CharField(label=_("reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    single = False
    heading = _("who joins the post")

    def __init__(self, *args, conferral: Conferral, search: str = "", **kwargs):
        super().__init__(*args, **kwargs)
        self.search = search
        self.may_share = conferral.post_kind.holder == HolderKind.ZONE
        self.holders = list(conferral.holders.filter(until_on__isnull=True).select_related("member"))
        self.fields["going"].choices = [(holder.pk, holder.name) for holder in self.holders]
        self.fields["going"].widget = forms.CheckboxSelectMultiple(choices=self.fields["going"].choices)
        there = [holder.member_id for holder in self.holders if holder.member_id]
        self.roster = roster_of(conferral.org_unit).exclude(pk__in=there).select_related("branch")
        self.fields["members"].choices = [(pk, pk) for pk in self.roster.values_list("pk", flat=True)]

    def rows(self) -> list[dict]:
        """The roster to choose from: those chosen first, then those the search finds."""
        chosen = {int(pk) for pk in self.data.getlist("members") if pk.isdecimal()} if self.is_bound else set()
        found = self.roster.filter(Q(name__icontains=self.search) | Q(number__icontains=self.search))
        members = [*self.roster.filter(pk__in=chosen), *found.exclude(pk__in=chosen)[:ROSTER_ROWS]]
        return [
            {
                "member": member,
                "checked": member.pk in chosen,
                "duty": self._duty(member.pk),
                "shared": f"shared-{member.pk}" in self.data,
            }
            for member in members
        ]

    def chosen_count(self) -> int:
        return len(self.data.getlist("members")) if self.is_bound else 0

    def call(self) -> dict:
        """What the domain function is called with."""
        coming = [
            Chosen(member=pk, duty=self._duty(pk), shared=f"shared-{pk}" in self.data)
            for pk in self.cleaned_data["members"]
        ]
        return {"coming": coming, "going": self.cleaned_data["going"], "reason": self.cleaned_data["reason"]}

    def _duty(self, pk: int) -> str:
        return self.data.get(f"duty-{pk}", "")[:120] if self.is_bound else ""


class RemarkForm(forms.Form):
    """The body's answer; a refusal needs the remark as its reason."""

    remark = forms.CharField(
        label=_("remark; for a refusal the reason"), max_length=300, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class ConclusionForm(forms.Form):
    conclusion = forms.CharField(
        label=_("what was found, and why the title stays or goes"), max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
