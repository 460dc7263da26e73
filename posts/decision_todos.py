"""What waits for deciding bodies and for those who keep the plaques."""

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.todos import Todo, todo_provider
from campaigns.permissions import paths_for
from posts.domain.deciding import waiting_by_day
from posts.models import Decision, Plaque, PlaqueStatus


@todo_provider
def decisions_to_make(user):
    """Nominations on which this user's body decides."""
    if not (paths_for(user, "decide") or paths_for(user, "release_decision")):
        return
    for day, number in waiting_by_day(user).items():
        title = ngettext("%(n)s nomination waits for a decision", "%(n)s nominations wait for a decision", number)
        yield Todo(
            title=title % {"n": number},
            url=reverse("posts:decision_waiting"),
            action=_("Examine and decide"),
            icon="gavel",
            due_on=day,
            section="decisions",
        )


@todo_provider
def decisions_to_release(user):
    """Pending decisions of the bodies for which this user releases."""
    paths = paths_for(user, "release_decision")
    if not paths:
        return
    pending = Decision.objects.pending().filter(org_unit__path__in=paths).select_related("org_unit")
    for decision in pending.annotate(live=Count("items", Q(items__is_live=True))):
        title = ngettext("%(n)s decided item is not released", "%(n)s decided items are not released", decision.live)
        yield Todo(
            title=title % {"n": decision.live},
            url=reverse("posts:decision_detail", args=[decision.pk]),
            action=_("Check and release"),
            icon="send",
            meta=f"{decision.org_unit} · {decision.held_on:%Y-%m-%d} {decision.document_number}".strip(),
            section="decisions",
        )


@todo_provider
def plaques_to_care_for(user):
    """Plaques that wait to be printed or handed over, and recalled ones that are not back yet: in one query."""
    paths = paths_for(user, "issue_plaque")
    if not paths:
        return
    waiting, recalled = Q(status=PlaqueStatus.TO_PRINT), Q(status=PlaqueStatus.RECALLED)
    found = Plaque.objects.filter(issuer_unit__path__in=paths).aggregate(
        unprinted=Count("pk", waiting & Q(printed_at__isnull=True)),
        printed=Count("pk", waiting & Q(printed_at__isnull=False)),
        recalled=Count("pk", recalled),
        due=Min("recall_due_on", filter=recalled),
    )
    url = reverse("posts:plaque_list")
    if number := found["unprinted"]:
        title = ngettext("%(n)s plaque is to be printed", "%(n)s plaques are to be printed", number)
        yield _todo(title, number, f"{url}?status=to_print", action=_("Print"), icon="printer")
    if number := found["printed"]:
        title = ngettext("%(n)s plaque is to be handed over", "%(n)s plaques are to be handed over", number)
        yield _todo(title, number, f"{url}?status=to_print", action=_("Hand over"), icon="handshake")
    if number := found["recalled"]:
        title = ngettext("%(n)s recalled plaque is not back yet", "%(n)s recalled plaques are not back yet", number)
        yield _todo(title, number, f"{url}?status=recalled", action=_("Collect"), icon="undo-2", due_on=found["due"])


def _todo(title, number, url, **fields):
    return Todo(title=title % {"n": number}, url=url, section="plaques", **fields)
