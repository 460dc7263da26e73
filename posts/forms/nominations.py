"""The paper, and the filter of its list."""

import django_filters
from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from campaigns.models import Campaign, HolderKind, OrgUnit, PostKind, User
from campaigns.permissions import units_for
from posts.domain.eligibility import required_fields
from posts.domain.member_rules import rule
from posts.domain.members import Chosen
from posts.domain.nominations import DRAFT_FIELDS
from posts.domain.rosters import roster_of
from posts.models import Nomination, NominationStatus

#: More rows than this are not drawn; the search box narrows them down.
ROSTER_ROWS = 150


class NominationForm(forms.ModelForm):
    """Everything may be empty in a draft; what is missing stands in the box of rules."""

    members = forms.TypedMultipleChoiceField(label=_("members of the post"), coerce=int, required=False)
    others = forms.CharField(
        label=_("others in the post who are not Party members"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One person a line: name, a blank, task."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
    window = forms.CharField(widget=forms.HiddenInput, required=False, max_length=22)

    class Meta:
        model = Nomination
        fields = [*DRAFT_FIELDS]
        widgets = {
            "duties": forms.Textarea(attrs={"rows": 4}),
            "commitment": forms.Textarea(attrs={"rows": 3}),
            "reasons": forms.Textarea(attrs={"rows": 8}),
            "area": forms.Textarea(attrs={"rows": 2}),
            "own_tasks": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "area": _("Which village, groups, households or counters belong to it."),
            "own_tasks": _("One task a line; at its end a target with its unit, like “10 households”."),
        }

    def __init__(self, *args, search: str = "", himself: User | None = None, **kwargs):
        """``himself``: the member who applies for himself and chooses nobody else."""
        super().__init__(*args, **kwargs)
        kind = self.instance.post_kind
        self.himself = himself
        self.search = search
        self.people = {row.member_id: row for row in self.instance.members.filter(dropped_at__isnull=True)}
        self.roster = roster_of(self.instance.org_unit).select_related("branch")
        if himself:
            self.roster = self.roster.filter(user=himself)
        self.fields["members"].choices = [(pk, pk) for pk in self.roster.values_list("pk", flat=True)]
        self.initial["others"] = "\n".join(
            f"{row.name} {row.duty}".strip()
            for row in self.instance.members.all()
            if row.member_id is None and row.dropped_at is None
        )
        self.single = rule(kind, "max_members") == 1
        self.may_share = kind.holder == HolderKind.ZONE
        self._fit(kind)

    def _fit(self, kind: PostKind) -> None:
        """Only the fields this kind of post knows, with its own choices."""
        categories = kind.rules.get("categories") or []
        if categories:
            choices = [("", "---------"), *((name, name) for name in categories)]
            self.fields["category"] = forms.ChoiceField(label=_("category"), choices=choices, required=False)
        else:
            del self.fields["category"]
        if kind.holder != HolderKind.TEAM:
            del self.fields["others"]
        if kind.holder != HolderKind.ZONE:
            del self.fields["area"], self.fields["own_tasks"]
        if kind.holder == HolderKind.ORG:
            del self.fields["members"]
        if kind.holder == HolderKind.PERSON and "staff_total" not in required_fields(kind):
            del self.fields["staff_total"]

    def rows(self) -> list[dict]:
        """The roster to choose from: those chosen first, then those the search finds."""
        chosen = set(self._chosen_ids())
        found = self.roster.filter(Q(name__icontains=self.search) | Q(number__icontains=self.search))
        members = [*self.roster.filter(pk__in=chosen), *found.exclude(pk__in=chosen)[:ROSTER_ROWS]]
        return [
            {
                "member": member,
                "checked": member.pk in chosen,
                "duty": self._duty(member.pk),
                "shared": self._shared(member.pk),
            }
            for member in members
        ]

    def chosen_count(self) -> int:
        return len(self._chosen_ids())

    def chosen(self) -> list[Chosen]:
        """The people as typed: from the roster, then the names that stand alone."""
        people = [
            Chosen(member=pk, duty=self._duty(pk), shared=self._shared(pk))
            for pk in self.cleaned_data.get("members", [])
        ]
        for line in self.cleaned_data.get("others", "").splitlines():
            name, _blank, duty = line.strip().replace("\u3000", " ").partition(" ")
            if name:
                people.append(Chosen(name=name, duty=duty))
        return people

    def typed(self) -> dict:
        return {name: self.cleaned_data[name] for name in DRAFT_FIELDS if name in self.cleaned_data}

    def differences(self, stored: Nomination) -> list[tuple[str, str]]:
        """What somebody else saved, where it differs from what is typed here: (label, stored text)."""
        labels = {name: field.label for name, field in self.fields.items()}
        found = [
            (labels[name], str(getattr(stored, name) or "--"))
            for name, value in self.typed().items()
            if getattr(stored, name) != value
        ]
        if "members" not in self.fields:
            return found
        names = ", ".join(row.name for row in stored.members.filter(dropped_at__isnull=True))
        if set(
            stored.members.filter(dropped_at__isnull=True, member__isnull=False).values_list("member", flat=True)
        ) != set(self.cleaned_data["members"]):
            found.append((labels["members"], names or "--"))
        return found

    def _chosen_ids(self) -> list[int]:
        if not self.is_bound:
            return [pk for pk in self.people if pk]
        return [int(pk) for pk in self.data.getlist("members") if pk.isdecimal()]

    def _shared(self, pk: int) -> bool:
        if self.is_bound:
            return f"shared-{pk}" in self.data
        return pk in self.people and self.people[pk].shared

    def _duty(self, pk: int) -> str:
        if self.is_bound:
            return self.data.get(f"duty-{pk}", "")[:120]
        return self.people[pk].duty if pk in self.people else ""


class StartForm(forms.Form):
    """For which unit the paper is opened."""

    org_unit = forms.ModelChoiceField(label=_("nominating unit"), queryset=OrgUnit.objects.none(), empty_label=None)

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["org_unit"].queryset = units


class NominationFilter(django_filters.FilterSet):
    """The filter of the list; every choice is something the user may see."""

    q = django_filters.CharFilter(label=_("Name, number or person"), method="by_text")
    campaign = django_filters.ModelChoiceFilter(
        label=_("campaign"),
        empty_label=_("all campaigns"),
        queryset=lambda request: Campaign.objects.visible_to(request.user).for_list(),
    )
    holder = django_filters.ChoiceFilter(
        label=_("held by"), field_name="post_kind__holder", choices=HolderKind.choices, empty_label=_("all")
    )
    org_unit = django_filters.ModelChoiceFilter(
        label=_("unit"),
        empty_label=_("all units"),
        queryset=lambda request: units_for(request.user, "view_unit").order_by("path"),
        method="by_unit",
    )
    status = django_filters.ChoiceFilter(
        label=_("status"), choices=NominationStatus.choices, empty_label=_("all states")
    )

    class Meta:
        model = Nomination
        fields = ["q", "campaign", "org_unit", "holder", "status"]

    def by_text(self, queryset, _name, value):
        people = self.queryset.model.objects.filter(members__name__icontains=value).values("pk")
        return queryset.filter(Q(name__icontains=value) | Q(number__icontains=value) | Q(pk__in=people))

    def by_unit(self, queryset, _name, unit):
        return queryset.filter(org_unit__path__startswith=unit.path)
