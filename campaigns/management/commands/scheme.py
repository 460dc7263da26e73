"""``scheme check FILE`` explains a scheme or says what is wrong with it; ``scheme load FILE`` keeps it."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.library import store_scheme
from campaigns.domain.schemes import Examination, examine_scheme
from campaigns.schemes.explain import explain_scheme


class Command(BaseCommand):
    help = "check FILE…: explain a scheme, or name file, line and key of every fault; load FILE…: keep it"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("action", choices=["check", "load"])
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *args, action, files, **options):
        examined = [(path, self._examine(path)) for path in files]
        faulty = sum(examination.scheme is None for _path, examination in examined)
        if faulty:
            raise CommandError(_("%(n)s of %(all)s files cannot be used.") % {"n": faulty, "all": len(files)})
        if action == "load":
            for path, examination in examined:
                self._load(path, examination)

    def _load(self, path: Path, examination: Examination) -> None:
        try:
            stored = store_scheme(examination.text, actor=None, filename=path.name)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("“%(title)s” (%(code)s) is in the library.") % vars(stored))

    def _examine(self, path: Path) -> Examination:
        try:
            content = path.read_bytes()
        except OSError as error:
            reason = _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}
            raise CommandError(reason) from error
        examination = examine_scheme(content, filename=str(path))
        for problem in examination.problems:
            self.stderr.write(str(problem))
        if examination.scheme is not None:
            self._explain(examination)
        return examination

    def _explain(self, examination: Examination) -> None:
        self.stdout.write(f"《{examination.scheme.scheme.title}》")
        for section in explain_scheme(examination.scheme):
            self.stdout.write(f"\n【{section.title}】")
            for number, line in enumerate(section.lines, start=1):
                mark = f"{number}. " if section.steps else "- "
                clause = f"  〔{line.clause}〕" if line.clause else ""
                self.stdout.write(f"{mark}{line.text}{clause}")
                for detail in line.details:
                    self.stdout.write(f"     {detail}")
        for warning in examination.warnings:
            self.stdout.write(self.style.WARNING(f"\n{_('Warning')}: {warning}"))
