"""The nightly look at the journal: the chain, the printed anchors, the anchor file; a break is told at once."""

from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.anchors import anchor_of, verify_anchors, verify_printed
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.journal import Break, verify_journal
from campaigns.domain.messages import tell
from campaigns.models import DueItem, JournalCheck, JournalHead, OrgUnit
from campaigns.permissions import holders_at

CHECK = "journal_check"
AT_NIGHT = time(2, 10)
KEPT = 50  # breaks that are written down; more say nothing new

PROBLEMS: dict[str, str | Promise] = {
    "missing": gettext_lazy("an entry before it is missing"),
    "changed": gettext_lazy("the entry was changed"),
    "columns": gettext_lazy("the columns of the entry were changed"),
    "head": gettext_lazy("the last entries are missing: the head is another"),
    "beyond": gettext_lazy("the entry stands after the head"),
    "tail": gettext_lazy("the remembered entry is not there any more"),
    "anchor": gettext_lazy("the entry differs from the remembered one: the chain was rewritten"),
    "unreadable": gettext_lazy("this line is no anchor"),
}


def describe(found: Break) -> str:
    """A break in a sentence."""
    words = {"seq": found.seq, "problem": PROBLEMS[found.problem], "where": found.where}
    if found.where:
        return _("No. %(seq)s: %(problem)s (%(where)s)") % words
    return _("No. %(seq)s: %(problem)s") % words


def all_breaks() -> list[Break]:
    """What does not hold: in the chain itself, against printed anchors, against the anchor file."""
    breaks = [*verify_journal(), *verify_printed()]
    path = settings.JOURNAL_ANCHOR_FILE
    if path and Path(path).exists():
        breaks += verify_anchors(Path(path).read_text(encoding="utf-8"), where=str(_("anchor file")))
    return breaks


@transaction.atomic
def check_journal() -> JournalCheck:
    """Recompute the chain, write down how it stands, remember its head outside, and tell of a break.

    The head goes to the anchor file and by mail only while everything holds. Raises OSError when the file cannot be
    written: the clock shows that and tries again.
    """
    head = JournalHead.objects.filter(pk=1).first() or JournalHead()
    breaks = all_breaks()
    check = JournalCheck.objects.create(
        at=timezone.now(),
        anchor=anchor_of(head),
        n_entries=head.seq,
        n_breaks=len(breaks),
        problems=[describe(found) for found in breaks[:KEPT]],
    )
    if breaks:
        _tell_of_break(check)
    elif head.seq:
        _remember(check)
    return check


def schedule_check() -> None:
    """Write down the next night's check; safe to call again."""
    night = timezone.localdate() + timedelta(days=1)
    schedule(CHECK, 0, due_at=timezone.make_aware(datetime.combine(night, AT_NIGHT)), period=night.isoformat())


@on_due(CHECK, gettext_lazy("check of the history"))
def check_when_due(item: DueItem) -> None:
    """Tonight's check, and the next night's item."""
    schedule_check()
    check_journal()


def _tell_of_break(check: JournalCheck) -> None:
    told = _("%(n)s breaks; the first: %(first)s") % {"n": check.n_breaks, "first": check.problems[0]}
    tell(
        holders_at("manage_accounts", OrgUnit.objects.all()),
        key=f"journal-broken:{check.pk}",
        title=_("The history does not hold"),
        body=told,
        url=reverse("campaigns:clock"),
    )
    _mail(_("The history does not hold"), "\n".join(check.problems))


def _remember(check: JournalCheck) -> None:
    if path := settings.JOURNAL_ANCHOR_FILE:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{check.anchor} {check.at.isoformat(timespec='seconds')}\n")
    _mail(_("Head of the history: %(anchor)s") % {"anchor": check.anchor}, check.anchor)


def _mail(subject: str, text: str) -> None:
    """To the supervising body, once the night's work is written; a mail server that is away must not undo it."""
    address = settings.JOURNAL_ANCHOR_MAIL
    if address and getattr(settings, "EMAIL_URL", ""):
        title = f"{settings.SITE_NAME} {subject}"
        transaction.on_commit(lambda: send_mail(title, text + "\n", None, [address]), robust=True)
