"""The only door to django-guardian.

A right is a grant on an org unit to the role group of a unit, and holds for the whole subtree. Global permissions
open nothing. All grants of a user are read once a request (one query) and kept on the user object.
"""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from campaigns.domain.roles import ROLE_PERMISSIONS
from campaigns.models.org_unit import OrgUnit, OrgUnitGroupObjectPermission
from campaigns.models.user import User

_CACHE = "_unit_grants"


def grants_of(user) -> dict[str, tuple[str, ...]]:
    """Map each permission codename to the paths of the units on which the user holds it."""
    if not user.is_authenticated or not user.is_active:
        return {}
    if not hasattr(user, _CACHE):
        rows = (
            OrgUnitGroupObjectPermission.objects.filter(group__user=user)
            .values_list("permission__codename", "content_object__path")
            .distinct()
        )
        grants: dict[str, list[str]] = {}
        for codename, path in rows:
            grants.setdefault(codename, []).append(path)
        setattr(user, _CACHE, {codename: tuple(paths) for codename, paths in grants.items()})
    return getattr(user, _CACHE)


def forget_grants(user) -> None:
    """Drop what was read of the user's grants, after a change."""
    if hasattr(user, _CACHE):
        delattr(user, _CACHE)


def paths_for(user, permission: str) -> list[str]:
    """The tree paths below which the user holds ``permission``."""
    return list(grants_of(user).get(permission, ()))


def may_on_unit(user, permission: str, unit) -> bool:
    """Whether the user holds ``permission`` on ``unit`` or an ancestor of it."""
    return unit is not None and any(unit.path.startswith(path) for path in paths_for(user, permission))


def may_anywhere(user, permission: str) -> bool:
    """Whether the user holds ``permission`` on any unit: for menus."""
    return bool(paths_for(user, permission))


def units_for(user, permission: str):
    """The units on which the user holds ``permission``."""
    return OrgUnit.objects.within(paths_for(user, permission))


def require_on_unit(user, permission: str, unit) -> None:
    """Raise ``PermissionDenied`` with a sentence unless the user holds ``permission`` on ``unit``."""
    if not may_on_unit(user, permission, unit):
        raise PermissionDenied(_("Your role does not allow this in %(unit)s.") % {"unit": unit})


def role_group(unit, role: str) -> Group:
    """The group that carries the grants of a role in a unit; made with its grants on the first call.

    All rights in one go: guardian's ``assign_perm`` asks three times for each.
    """
    group, created = Group.objects.get_or_create(name=f"unit:{unit.pk}:{role}")
    if created:
        rights = Permission.objects.filter(
            content_type=ContentType.objects.get_for_model(OrgUnit), codename__in=ROLE_PERMISSIONS[role]
        )
        OrgUnitGroupObjectPermission.objects.bulk_create(
            OrgUnitGroupObjectPermission(group=group, permission=right, content_object=unit) for right in rights
        )
    return group


def holders_of(permission: str, unit):
    """Active users who hold ``permission`` on ``unit`` or an ancestor: whom to tell."""
    groups = OrgUnitGroupObjectPermission.objects.filter(
        permission__codename=permission, content_object__path__in=_ancestor_paths(unit)
    ).values("group")
    return _active_users(groups)


def nearest_holders_of(permission: str, unit):
    """Those holders who sit nearest to the unit: the branch's own secretary rather than the committee."""
    for path in reversed(_ancestor_paths(unit)):
        groups = OrgUnitGroupObjectPermission.objects.filter(
            permission__codename=permission, content_object__path=path
        ).values("group")
        users = _active_users(groups)
        if users.exists():
            return users
    return _active_users([])


def holders_at(permission: str, units):
    """Active users who hold ``permission`` on one of the units themselves: their own secretaries."""
    groups = OrgUnitGroupObjectPermission.objects.filter(
        permission__codename=permission, content_object__in=units
    ).values("group")
    return _active_users(groups)


def granted_paths(permission: str) -> set[str]:
    """The paths of the units on which at least one active user holds ``permission``."""
    rows = OrgUnitGroupObjectPermission.objects.filter(
        permission__codename=permission, group__user__is_active=True
    ).values_list("content_object__path", flat=True)
    return set(rows)


def _ancestor_paths(unit) -> list[str]:
    """The unit's own path and those of its ancestors, from the root down."""
    return [unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]


def _active_users(groups):
    return User.objects.filter(is_active=True, groups__in=groups).distinct()
