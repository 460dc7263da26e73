from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.domain.journal import verify_anchors, verify_journal
from campaigns.models import JournalHead


class Command(BaseCommand):
    """Recompute the chain of the journal; with remembered heads, check that each is still where it was."""

    help = "Recompute the hash chain of the journal and compare it with remembered heads."

    def add_arguments(self, parser):
        parser.add_argument("--anchors", type=Path, help="a file with a line 'number hash-beginning' per head")

    def handle(self, *args, anchors=None, **options):
        breaks = list(verify_journal())
        if anchors:
            breaks += verify_anchors(anchors.read_text(encoding="utf-8"))
        for found in breaks:
            self.stderr.write(f"{found.seq}: {found.problem}")
        head = JournalHead.objects.filter(pk=1).first() or JournalHead()
        if breaks:
            raise CommandError(_("The journal does not hold: %(n)s breaks.") % {"n": len(breaks)})
        self.stdout.write(_("The journal holds: %(n)s entries.") % {"n": head.seq})
        self.stdout.write(f"{head.seq} {head.hash[:16]}")
