"""What campaigns want to know of nominations: who has nominated, where they stand, what runs, what must be settled."""

from collections.abc import Iterator

from django.db.models import Count, Max, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.planning import stays_source
from campaigns.domain.progress import (
    StepState,
    declare_carry_over,
    declare_closing_check,
    declare_nomination_counts,
    declare_step_states,
)
from campaigns.models import Campaign
from posts.models import Ban, Conferral, NominationStatus, Notice, RunStatus, StageRun
from posts.models.nomination import LIVE_STATUSES


@declare_nomination_counts
def handed_in(campaign: Campaign) -> dict[int, int]:
    """Nominations that were handed in and not withdrawn, by unit."""
    rows = (
        campaign.nominations.filter(submitted_at__isnull=False)
        .exclude(status=NominationStatus.WITHDRAWN)
        .values_list("org_unit")
        .annotate(n=Count("pk"))
    )
    return dict(rows)


@declare_closing_check
def nominations_under_way(campaign: Campaign) -> list[str]:
    """Nominations that have not come to an end; drafts count, because somebody works on them."""
    n = campaign.nominations.filter(status__in=LIVE_STATUSES).count()
    text = ngettext("%(n)s nomination is still under way.", "%(n)s nominations are still under way.", n)
    return [text % {"n": n}] if n else []


@declare_step_states
def where_nominations_stand(campaign: Campaign) -> dict[tuple[int, int], StepState]:
    """By step (kind of post, position): how many nominations stand there, how many are through, and since when."""
    through = Q(status=RunStatus.PASSED)
    rows = (
        StageRun.objects.filter(nomination__campaign=campaign, opened_at__isnull=False)
        .exclude(status=RunStatus.CANCELLED)
        .values_list("nomination__post_kind", "position")
        .annotate(
            standing=Count("pk", filter=Q(status=RunStatus.OPEN, nomination__status__in=LIVE_STATUSES)),
            through=Count("nomination", filter=through, distinct=True),
            first=Min("opened_at"),
            last=Max("closed_at"),
        )
        .order_by()
    )
    return {
        (kind, position): StepState(
            standing, passed, timezone.localdate(first), timezone.localdate(last) if last and not standing else None
        )
        for kind, position, standing, passed, first, last in rows
    }


@stays_source
def running_notices(campaign: Campaign) -> Iterator[str]:
    """A published notice has its last day in its text and on paper: no move touches it (domain F5)."""
    for notice in Notice.objects.filter(campaign=campaign).on_show():
        yield _("The public notice “%(title)s” runs until %(day)s as published.") % {
            "title": notice.title,
            "day": notice.ends_on,
        }


@declare_carry_over
def titles_go_on(campaign: Campaign) -> list[str]:
    """A live title goes on under the campaign that conferred it; a ban holds until the end of its year."""
    titles = Conferral.objects.live().filter(campaign=campaign).count()
    bans = Ban.objects.in_force().filter(conferral__campaign=campaign).count()
    text = ngettext(
        "%(n)s title goes on under this campaign until it ends; it takes no place of the new one.",
        "%(n)s titles go on under this campaign until they end; they take no place of the new one.",
        titles,
    )
    sentences = [text % {"n": titles}] if titles else []
    text = ngettext(
        "%(n)s ban stays in force until the end of its year, for every campaign.",
        "%(n)s bans stay in force until the end of their year, for every campaign.",
        bans,
    )
    return sentences + ([text % {"n": bans}] if bans else [])
