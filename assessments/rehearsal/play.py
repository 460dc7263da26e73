"""A scheme played from the first nomination to the copy for the next year, day by day, by the functions of the site."""

from collections.abc import Callable
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from assessments.rehearsal.afterwards import Afterwards
from assessments.rehearsal.all_movers import mover_of
from assessments.rehearsal.case import Case
from assessments.rehearsal.days import at, next_working_day
from assessments.rehearsal.default import default_script
from assessments.rehearsal.movers import RETURN, Mover
from assessments.rehearsal.opening import officer_of, set_up
from assessments.rehearsal.paper import hand_in, hand_in_again, send_back
from assessments.rehearsal.report import DONE, Report, Step
from assessments.rehearsal.routes import owner_kind
from assessments.rehearsal.script import Script
from assessments.rehearsal.summing_up import sum_up
from assessments.rehearsal.todo_watch import TodoWatch
from assessments.rehearsal.turns import turns_are_due
from assessments.rehearsal.world import role_of
from campaigns.domain.calendar import is_working_day
from campaigns.domain.campaigns import duplicate_campaign
from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError
from campaigns.domain.schemes import load_scheme
from campaigns.models import Campaign, DueItem, DueState, User
from campaigns.schemes.model import Scheme
from posts.models import NominationStatus, StageRun
from posts.models.nomination import LIVE_STATUSES

#: Days after which a rehearsal ends even when something is still to come; the longest cadence is added.
LONGEST = 430
TRIES = 40


def rehearse(text: str, *, script: Script | None = None, on_step: Callable[[Step], object] | None = None) -> Report:
    """Play a scheme in the current database, which is filled with invented rows: give it a throw-away one.

    Raises SchemeError for a faulty scheme; everything else that goes wrong stands in the report's findings.
    """
    scheme = load_scheme(text)
    report = Report(scheme=scheme.scheme.code, title=scheme.scheme.title, on_step=on_step)
    owner = owner_kind(scheme)
    script = script or default_script(scheme, owner)
    report.starts_on = report.ends_on = script.starts_on
    try:
        world, campaign, cases = set_up(scheme, text, script, owner=owner, report=report)
    except (DomainError, PermissionDenied) as error:
        report.find("not_opened", str(error))
        return report
    play = Play(scheme, campaign, cases, report)
    play.world = world
    play.officer_ = officer_of(world)
    play.through(script)
    return report


class Play:
    """A rehearsal under way."""

    def __init__(self, scheme: Scheme, campaign: Campaign, cases: list[Case], report: Report) -> None:
        self.scheme, self.campaign, self.cases, self.report = scheme, campaign, cases, report
        self.today = campaign.starts_on
        self.minute = 0
        self.documents = 0
        self.watch = TodoWatch(self)
        self.after = Afterwards(self)

    def through(self, script: Script) -> None:
        """Live through the days; what nobody waits for is skipped."""
        last = self._last_day(script)
        while self.today <= last and not self._is_over():
            self._one_day()
            self.today = self._next_day()
        self._year_end(script)
        self.report.ends_on = self.today
        sum_up(self)

    def officer(self) -> User:
        """The person of the owner's office."""
        return User.objects.get(pk=self.officer_.pk)

    def document_number(self) -> str:
        self.documents += 1
        return f"示委发〔{self.today.year}〕{self.documents + 1}号"

    def say(self, case: Case | None, actor: User | None, what: str, outcome: str, text: str) -> None:
        """Tell a step."""
        role, unit = role_of(actor, self.today) if actor else ("", "")
        post = str(case.nomination) if case and case.nomination else ""
        step = Step(
            self.today, case.code if case else "", post, actor.name if actor else "", role, unit, what, outcome, text
        )
        self.report.add(step)

    def guard(self, case: Case, act: Callable[[], object]) -> None:
        """Do something for a case; what the site refuses, or breaks at, is a finding and ends the case."""
        try:
            act()
        except (DomainError, PermissionDenied) as error:
            self._end_with(case, "refused", str(error))
        except Exception as error:  # noqa: BLE001  a rehearsal reports every fault and goes on with the other cases
            self._end_with(case, "error", f"{type(error).__name__}: {error}")

    def _end_with(self, case: Case, code: str, text: str) -> None:
        where = {"case": case.code, "kind": case.kind.code, "position": self._where(case)}
        self.report.find(code, f"{case.code}：{text}", **where)
        case.is_over, case.waiting = True, []

    def _where(self, case: Case) -> int:
        run = case.run() if case.nomination else None
        return run.position if run else 0

    def _one_day(self) -> None:
        if DueItem.objects.filter(state=DueState.PENDING, due_at__date__lte=self.today).exists():
            with at(self.today, 7, 30):
                tick()
        if is_working_day(self.today):
            with at(self.today, 9):
                for case in self.cases:
                    if not case.is_over and case.next_on <= self.today:
                        self.guard(case, lambda case=case: self._act(case))
                self.after.one_day()
        if DueItem.objects.filter(state=DueState.PENDING, due_at__date__lte=self.today).exists():
            with at(self.today, 18, 5):
                tick()

    def _act(self, case: Case) -> None:
        case.next_on = next_working_day(self.today)
        if case.nomination is None:
            hand_in(self, case)
            return
        nomination = case.fresh()
        if nomination.status not in LIVE_STATUSES:
            case.is_over = True
            case.begin_waiting()
            return
        run = case.run()
        if run is not None and (not_before := case.plan.doing(run.position).on) and self.today < not_before:
            case.next_on = not_before
            return
        if nomination.status == NominationStatus.RETURNED and nomination.submitted_at is None:
            self.watch.look_at_paper(case)
            hand_in_again(self, case)
        elif run is None:
            self._stuck(case, _("no step is open"))
        else:
            self._move(case, run)

    def _move(self, case: Case, run: StageRun) -> None:
        mover = mover_of(run.kind)
        if mover is None:
            self._stuck(case, _("the rehearsal does not know how a step of the kind “%s” is done") % run.kind)
            return
        self._count_try(case, run)
        if not mover.waits_for_person(run):
            mover.act(self, case, run)
            return
        self.watch.look_at_run(case, run, mover)
        if self._goes_back(case, run, mover):
            send_back(self, case, run)
        else:
            mover.act(self, case, run)

    def _goes_back(self, case: Case, run: StageRun, mover: Mover) -> bool:
        return case.plan.doing(run.position).does == RETURN and case.once(f"returned:{run.position}")

    def _count_try(self, case: Case, run: StageRun) -> None:
        key = f"tries:{run.pk}"
        tries = int(case.notes.get(key, 0)) + 1  # type: ignore[call-overload]
        case.notes[key] = tries
        if tries > TRIES:
            self._stuck(case, _("the step “%s” does not come to an end") % run.label)

    def _stuck(self, case: Case, why: str) -> None:
        text = _("“%(case)s” is stuck: %(why)s.") % {"case": case.code, "why": why}
        self.report.find("stuck", text, case=case.code, kind=case.kind.code, position=self._where(case))
        case.is_over, case.waiting = True, []

    def _is_over(self) -> bool:
        quiet = all(case.is_over and not case.waiting for case in self.cases) and not self.after.is_busy()
        return quiet and not turns_are_due(self)

    def _next_day(self) -> date:
        """Tomorrow, or the next day on which a case or the clock has something to do."""
        tomorrow = self.today + timedelta(days=1)
        if self.after.is_busy() or any(not case.is_over for case in self.cases):
            return tomorrow
        due = DueItem.objects.filter(state=DueState.PENDING).order_by("due_at").values_list("due_at", flat=True).first()
        return max(tomorrow, due.date()) if due else tomorrow

    def _last_day(self, script: Script) -> date:
        months = max([rule.every_months or 0 for rule in self.scheme.reviews] or [0])
        return max(script.starts_on, self.campaign.ends_on) + timedelta(days=LONGEST + 31 * months)

    def _year_end(self, script: Script) -> None:
        with at(self.today, 15):
            officer = self.officer()
            copy = duplicate_campaign(self.campaign, actor=officer, year=script.year + 1)
            text = _("The campaign of the next year is prepared with the same rules: “%(title)s”.")
            self.say(None, officer, "next_year", DONE, text % {"title": copy.title})
