"""Whom a unit may put into a post."""

from django.db.models import Q, QuerySet

from campaigns.models import Member, OrgUnit


def roster_of(unit: OrgUnit) -> QuerySet[Member]:
    """The active members a unit may nominate: of its branches; for an office or section also those who work there
    and those of the nearest Party organisation above."""
    condition = Q(branch__path__startswith=unit.path)
    if not unit.is_party:
        condition |= Q(work_unit__path__startswith=unit.path)
        above = next((u for u in unit.lineage() if u.is_party), None)
        if above is not None:
            condition |= Q(branch__path__startswith=above.path)
    return Member.objects.active().filter(condition)
