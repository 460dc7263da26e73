"""``rehearse FILE`` plays a scheme in a throw-away database and says what is wrong with it."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from assessments.rehearsal.sandbox import play_apart


class Command(BaseCommand):
    help = (
        "Play a scheme on a simulated calendar in a throw-away database; exit status 1 when something is wrong with it."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--script", type=Path, metavar="SCRIPT.toml", help="what is to happen; default: everything")
        parser.add_argument("--json", action="store_true", help="the whole report as JSON (docs/rehearsal.md)")

    def handle(self, *args, file, script, **options):
        job = {"scheme": self._read(file), "filename": str(file), "language": get_language()}
        if script:
            job |= {"script": self._read(script), "script_name": str(script)}
        report = None
        for line in play_apart(job):
            if "report" in line:
                report = line["report"]
            elif "step" in line and not options["json"]:
                self.stdout.write(self._step(line["step"]))
            elif "problems" in line:
                self._refuse(line["problems"])
            elif "died" in line:
                raise CommandError(_("The rehearsal broke off: %s") % line["died"])
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False, indent=2))
        else:
            self._tell(report)
        if report["findings"]:
            raise CommandError(self._count(report))

    def _read(self, path: Path) -> str:
        try:
            return path.read_text(encoding="utf-8-sig")
        except OSError as error:
            reason = _("%(file)s cannot be read: %(reason)s") % {"file": path, "reason": error.strerror}
            raise CommandError(reason) from error
        except UnicodeDecodeError as error:
            text = _("%(file)s is not UTF-8 text. Save it again with the encoding UTF-8 (in Notepad: UTF-8).")
            raise CommandError(text % {"file": path}) from error

    def _refuse(self, problems: list[dict[str, Any]]) -> None:
        for problem in problems:
            self.stderr.write(problem["text"])
        raise CommandError(_("Nothing was rehearsed: the file has faults."))

    def _step(self, step: dict[str, Any]) -> str:
        who = " ".join(word for word in (step["unit"], step["role"], step["actor"]) if word) or _(
            "the clock or the public"
        )
        post = f"〔{step['post']}〕" if step["post"] else ""
        return f"{step['date']} {post}{who}：{step['text']}"

    def _tell(self, report: dict[str, Any]) -> None:
        self._list(_("Assumptions"), [*report["assumptions"], *report["notes"]])
        rows = [
            f"{row['kind_label']} {row['position']}. {row['label']}："
            + _("%(reached)s came, %(passed)s passed, %(failed)s ended here") % row
            for row in report["stages"]
        ]
        self._list(_("Steps"), rows)
        self._list(_("Who holds what in the end"), [self._ending(ending) for ending in report["endings"]])
        self._list(_("Findings"), [finding["text"] for finding in report["findings"]] or [_("none")])

    def _ending(self, ending: dict[str, Any]) -> str:
        words = [
            f"{ending['post']}（{ending['unit']}）：{ending['text']}",
            "、".join(ending["holders"]),
            ending["reason"],
        ]
        words += [*ending["plaques"], *(_("barred: %s") % ban for ban in ending["bans"])]
        return "；".join(word for word in words if word)

    def _list(self, title: str, lines: list[str]) -> None:
        if lines:
            self.stdout.write(f"\n【{title}】")
            for line in lines:
                self.stdout.write(f"- {line}")

    def _count(self, report: dict[str, Any]) -> str:
        return _("%(n)s finding(s).") % {"n": len(report["findings"])}
