"""One step of a way done as its own people do it, whatever its kind; time passes where time ends the step."""

from datetime import timedelta

from django.utils import timezone

from assessments.domain.assessing import conclude_assessment, record_assessment, save_score_sheet, save_self_score
from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code
from assessments.domain.rubrics import Entry
from assessments.domain.score_sheets import rubric_of_run, rubric_of_self_score
from assessments.domain.surveys import eligible_voters, open_survey
from posts.domain.consents import record_paper_consent
from posts.domain.decisions import propose_action, propose_decisions, release_decision
from posts.domain.endorsements import endorse
from posts.domain.meetings import record_meeting
from posts.domain.notices import publish_notice
from posts.domain.plaques import hand_over
from posts.models import Nomination, Plaque
from posts.stages.base import logic_of
from tests.schemes.world import MEMBERS, World, new_document, run_of


def walk(world: World, nomination: Nomination, *, to: str | None = None, at: int | None = None) -> Nomination:
    """Do steps until the open one is of the kind ``to`` (or at the position ``at``); without either to the end."""
    while Nomination.objects.get(pk=nomination.pk).is_live:
        run = run_of(nomination)
        if (to and run.kind == to and not at) or (at and run.position == at):
            break
        do(world, nomination)
    return Nomination.objects.get(pk=nomination.pk)


def do(world: World, nomination: Nomination) -> None:
    """The open step, with the best outcome."""
    run = run_of(nomination)
    {
        "nominate": agree,
        "endorse": agree,
        "deliberate": meet,
        "survey": survey,
        "notice": publish,
        "consent": consent,
        "assess": assess,
        "decide": decide,
        "plaque": hang,
    }[run.kind](world, nomination)


def agree(world, nomination, result="agreed", **report):
    run = run_of(nomination)
    endorse(run, actor=world.who(run, logic_of(run).main_action), result=result, opinion="同意。", **report)


def meet(world, nomination, *, should=MEMBERS, present=MEMBERS, in_favour=None, appraisal=True):
    """Minutes of a meeting; the votes are counted where it votes."""
    run = run_of(nomination)
    favour = present if in_favour is None else in_favour
    votes = {"in_favour": favour, "against": present - favour, "abstained": 0}
    return record_meeting(
        run,
        actor=world.who(run, "record_meeting"),
        held_on=timezone.localdate(),
        should_attend=should,
        present=present,
        uses_annual_appraisal=appraisal,
        minutes="经讨论，同意推荐。",
        agreed=True,
        **votes,
    )


def survey(world, nomination, *, satisfied=None, of=20):
    """A ballot of ``of`` people, members first, then codes; closed by the clock. Return the survey's result."""
    run = run_of(nomination)
    ballot = run.surveys.get()
    roll = eligible_voters(ballot).count()
    printed = make_code_batch(ballot, n=of - roll, actor=world.people[world.owner.pk][0], witness="孙样甲")
    opened = open_survey(
        ballot,
        actor=world.who(run, "open_survey"),
        closes_at=timezone.now() + timedelta(days=2),
        accept_small_group=True,
    )
    rights = [*opened.roll.all(), *map(right_of_code, printed)]
    lines = opened.lines.count()
    for i, right in enumerate(rights):
        choice = "satisfied" if satisfied is None or i < satisfied else "dissatisfied"
        cast_ballot(opened, right=right, choices=[choice] * lines)
    world.wait(3)
    opened.refresh_from_db()
    return opened.result


def publish(world, nomination):
    """Put on notice, and wait until the notice is over. Return the notice."""
    notice = put_on_notice(world, nomination)
    world.go_to(notice.ends_on + timedelta(days=1), 0, 5)
    return notice


def put_on_notice(world, nomination):
    run = run_of(nomination)
    return publish_notice([run], actor=world.who(run, "publish"))


def consent(world, nomination, answer="agreed"):
    run = run_of(nomination)
    for row in run.consents.filter(answer="waiting"):
        record_paper_consent(row, actor=world.who(run, "record_consent"), answer=answer)


def assess(world, nomination, *, passed=True, entries=None):
    """Every record and sheet the step wants, then the conclusion."""
    run = run_of(nomination)
    actor = world.who(run, "conclude")
    for method in logic_of(run).params.method:
        if method == "rubric":
            full = entries or full_marks(rubric_of_run(run))
            save_score_sheet(run, actor=actor, entries=full, submit=True)
        else:
            record_assessment(run, actor=actor, method=method, held_on=timezone.localdate(), text="情况属实。")
    conclude_assessment(run, actor=actor, passed=passed, conclusion="符合创建标准。")


def self_score(world, nomination, entries=None):
    """The applicant's own sheet, where the kind of post wants one."""
    rubric = rubric_of_self_score(nomination)
    if rubric is not None:
        save_self_score(nomination, actor=nomination.proposer, entries=entries or full_marks(rubric), submit=True)


def full_marks(rubric, **changed):
    """An entry with all points for every item; ``changed``: entries by ``n<number>``."""
    items = [item for section in rubric.sections for item in section.items]
    return [
        changed.get(f"n{item.number}")
        or Entry(
            item.number,
            item.points,
            satisfied=95 if item.satisfaction else None,
            valid=100 if item.satisfaction else None,
        )
        for item in items
    ]


def decide(world, nomination, *, outcome="approved", document=None):
    """Decided quietly and released, both at the deciding body."""
    run = run_of(nomination)
    decision = propose_decisions(
        [run],
        outcome=outcome,
        actor=world.who(run, propose_action(run)),
        held_on=timezone.localdate(),
        document_number=new_document() if document is None else document,
        reasons="" if outcome == "approved" else "暂不命名。",
    )
    return release_decision(decision, actor=world.who(run, "release"))


def hang(world, nomination):
    """Every plaque of the step is signed for."""
    run = run_of(nomination)
    kind = logic_of(run).params.plaque_kind
    for plaque in Plaque.objects.filter(conferral__nomination=nomination, kind=kind, status="to_print"):
        hand_over(plaque, actor=world.who(run, "hand_over"), received_by="本岗党员")
