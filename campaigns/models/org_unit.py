from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet


class UnitKind(models.TextChoices):
    SUPERIOR = "superior", _("superior body")
    COMMITTEE = "committee", _("Party committee")
    WORKING_COMMITTEE = "working_committee", _("Party working committee")
    SUB_COMMITTEE = "sub_committee", _("subordinate Party committee")
    GENERAL_BRANCH = "general_branch", _("general Party branch")
    BRANCH = "branch", pgettext_lazy("kind of unit", "Party branch")
    PARTY_GROUP = "party_group", _("Party group")
    OFFICE = "office", _("office")
    DEPARTMENT = "department", _("department")
    SECTION = "section", _("section")
    PROJECT_TEAM = "project_team", _("project team")
    SERVICE_POST = "service_post", _("service post")
    VILLAGE = "village", _("village or community")


PARTY_KINDS = frozenset(
    {
        UnitKind.COMMITTEE,
        UnitKind.WORKING_COMMITTEE,
        UnitKind.SUB_COMMITTEE,
        UnitKind.GENERAL_BRANCH,
        UnitKind.BRANCH,
        UnitKind.PARTY_GROUP,
    }
)


class OrgUnitQuerySet(MP_NodeQuerySet):
    def within(self, paths):
        """The units whose path starts with one of ``paths``: whole subtrees, in one query."""
        condition = Q(pk__in=[])
        for path in paths:
            condition |= Q(path__startswith=path)
        return self.filter(condition)

    def visible_to(self, user):
        """The units on which, or above which, the user holds a role."""
        from campaigns.permissions import paths_for  # noqa: PLC0415  the guardian door imports the models

        return self.within(paths_for(user, "view_unit"))

    def party(self):
        return self.filter(kind__in=PARTY_KINDS)

    def branches(self):
        return self.filter(kind=UnitKind.BRANCH)


class OrgUnitManager(MP_NodeManager.from_queryset(OrgUnitQuerySet)):
    def get_queryset(self):
        """Treebeard's manager names its own query set here; ours must come instead."""
        return OrgUnitQuerySet(self.model, using=self._db).order_by("path")


class OrgUnit(MP_Node):
    """A Party organisation, or a unit without one (office, project team, village …), in one tree."""

    code = models.CharField(_("unit code"), max_length=30, unique=True)
    name = models.CharField(_("unit name"), max_length=120)
    kind = models.CharField(_("kind of unit"), max_length=20, choices=UnitKind.choices)
    phone = models.CharField(_("telephone"), max_length=40, blank=True, help_text=_("Printed on notices and plaques."))
    address = models.CharField(_("address"), max_length=200, blank=True)
    postcode = models.CharField(_("post code"), max_length=10, blank=True)
    office_hours = models.CharField(_("office hours"), max_length=120, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    objects = OrgUnitManager()

    class Meta:
        verbose_name = _("org unit")
        verbose_name_plural = _("org units")
        # The permissions that grants on a unit can carry; which role holds which: campaigns.domain.roles.
        permissions = [
            ("view_unit", _("see the unit")),
            ("manage_organization", _("manage the tree of units")),
            ("manage_roster", _("manage the roster")),
            ("manage_accounts", _("manage accounts and appointments")),
            ("manage_campaign", _("manage campaigns")),
            ("nominate", _("nominate")),
            ("deliberate", _("record deliberations")),
            ("run_survey", _("run surveys")),
            ("audit_survey", _("count ballots again")),
            ("publish_notice", _("publish notices")),
            ("handle_objection", _("handle objections")),
            ("endorse", _("endorse")),
            ("assess", _("assess")),
            ("decide", _("decide")),
            ("release_decision", _("release decisions")),
            ("issue_plaque", _("issue plaques")),
            ("review_post", _("review posts")),
            ("verify_incident", _("verify incidents")),
            ("decide_veto", _("decide on a veto")),
            ("draft_document", _("draft official documents")),
            ("issue_document", _("issue official documents")),
        ]

    def __str__(self):
        return self.name

    @property
    def is_party(self):
        return self.kind in PARTY_KINDS

    def lineage(self):
        """The unit itself and what stands above it, nearest first."""
        return [self, *reversed(OrgUnit.objects.get_ancestors(self))]


class OrgUnitUserObjectPermission(UserObjectPermissionBase):
    """Guardian needs the table; it stays empty, because people get rights through role groups only."""

    content_object = models.ForeignKey(OrgUnit, models.CASCADE)


class OrgUnitGroupObjectPermission(GroupObjectPermissionBase):
    """A role group's grant on a unit; a real foreign key, so that it goes with the unit."""

    content_object = models.ForeignKey(OrgUnit, models.CASCADE)
