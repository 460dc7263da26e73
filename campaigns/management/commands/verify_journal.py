from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.domain.anchors import anchor_of, verify_anchors, verify_printed
from campaigns.domain.journal import verify_journal
from campaigns.domain.journal_check import describe
from campaigns.models import JournalHead


class Command(BaseCommand):
    """Recompute the chain of the journal and compare it with remembered heads.

    Exit status: 0 all holds, 1 it does not (each break on a line of its own on stderr), 2 the anchors cannot be read.
    """

    help = "重新计算历史记录的哈希链，并与记在别处的位置核对。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--anchors", type=Path, action="append", default=[], help="文件，每行：编号、空格、校验码的前16个字符"
        )
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="'编号 校验码'", help="印在公示或审批表上的一行"
        )
        parser.add_argument("--head", action="store_true", help="只输出当前位置，不核对")

    def handle(self, *args, anchors, anchor, head, **options):
        last = JournalHead.objects.filter(pk=1).first() or JournalHead()
        if head:
            self.stdout.write(anchor_of(last))
            return
        breaks = [*verify_journal(), *verify_printed(), *verify_anchors("\n".join(anchor))]
        for path in anchors:
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise CommandError(
                    _("%(path)s cannot be read: %(why)s") % {"path": path, "why": error}, returncode=2
                ) from error
            breaks += verify_anchors(text, where=path.name)
        for found in breaks:
            self.stderr.write(describe(found))
        if breaks:
            unreadable = all(found.problem == "unreadable" for found in breaks)
            text = _("The journal does not hold: %(n)s breaks.") % {"n": len(breaks)}
            raise CommandError(
                _("The anchors cannot be read.") if unreadable else text, returncode=2 if unreadable else 1
            )
        self.stdout.write(_("The journal holds: %(n)s entries.") % {"n": last.seq})
        self.stdout.write(anchor_of(last))
