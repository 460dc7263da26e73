"""Trial runs from the browser 试运行: a process of their own plays the scheme; the row carries progress and result.

Nothing runs inside a request or a transaction: SQLite's one writer stays free, the row is written in moments.
"""

import subprocess
import sys
import time
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from assessments.models import Trial, TrialState
from assessments.rehearsal.sandbox import play_apart
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.errors import DomainError
from campaigns.domain.rule_files import rules_as_file
from campaigns.domain.schemes import load_scheme
from campaigns.models import Campaign, DueItem, User
from campaigns.permissions import may_anywhere, require_on_unit

DELETE = "trial_delete"
KEPT = timedelta(days=1)
SECONDS = 300
LIMITS = {"seconds": 180, "megabytes": 1536}
MOST_AT_ONCE = 2
SAVE_EVERY = 1.0  # seconds


def start_trial(*, actor: User, text: str = "", campaign: Campaign | None = None) -> Trial:
    """Ask for a rehearsal of a scheme, or of a campaign with its own figures.

    Raises PermissionDenied for who manages no campaigns (this campaign), DomainError when too many are running,
    SchemeError for a faulty scheme.
    """
    if campaign is not None:
        require_on_unit(actor, "manage_campaign", campaign.owner)
        text = rules_as_file(campaign)
    elif not may_anywhere(actor, "manage_campaign"):
        raise PermissionDenied
    scheme = load_scheme(text).scheme
    with transaction.atomic():
        if Trial.objects.select_for_update().running().count() >= MOST_AT_ONCE:
            raise DomainError(_("Two trial runs are under way already. Wait a minute and start again."))
        trial = Trial.objects.create(
            campaign=campaign,
            title=campaign.title if campaign else scheme.title,
            scheme_code=scheme.code,
            scheme_text=text,
            started_by=actor,
            runs_until=timezone.now() + timedelta(seconds=SECONDS),
        )
        schedule(DELETE, trial.pk, due_at=timezone.now() + KEPT)
        transaction.on_commit(lambda: _start_process(trial.pk))
    return trial


def run_trial(trial: Trial) -> Trial:
    """Play it and keep the result. Runs in a process of its own, outside any transaction."""
    job = {"scheme": trial.scheme_text, "limits": LIMITS, "language": get_language()}
    saved_at, steps = time.monotonic(), 0
    for line in play_apart(job, seconds=SECONDS - 20):
        if "report" in line:
            _save(trial, state=TrialState.DONE, report=line["report"], steps_done=len(line["report"]["steps"]))
        elif "problems" in line:
            _save(trial, state=TrialState.FAILED, error="\n".join(p["text"] for p in line["problems"])[:500])
        elif "died" in line:
            _save(trial, state=TrialState.FAILED, error=line["died"])
        elif "step" in line:
            steps += 1
            if time.monotonic() - saved_at > SAVE_EVERY:
                saved_at = time.monotonic()
                _save(trial, steps_done=steps, played_until=line["step"]["date"])
    trial.refresh_from_db()
    return trial


@on_due(DELETE, gettext_lazy("end of a trial run"))
def delete_trial(item: DueItem) -> None:
    """A day later nothing is left of it."""
    Trial.objects.filter(pk=item.subject_id).delete()


def _save(trial: Trial, **values: object) -> None:
    Trial.objects.filter(pk=trial.pk).update(**values)


def _start_process(pk: int) -> None:
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "trial", str(pk)]
    subprocess.Popen(  # noqa: S603  our own command
        command,
        cwd=settings.BASE_DIR,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
