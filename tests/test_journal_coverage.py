"""Whatever changes its state leaves an event, no vote ever does, and no event holds a person's name or words."""

import json

import pytest
from django.db import connection

from assessments.demo.story import tell_story
from assessments.domain.ballots import cast_ballot
from assessments.models import (
    Commendation,
    Comment,
    Hearing,
    Incident,
    IncidentReporter,
    Proposal,
    Rectification,
    Review,
    Rotation,
    Statement,
    Survey,
)
from campaigns.domain.journal import verify_journal
from campaigns.models import Campaign, JournalEntry, JournalHead, Member, OrgUnit, User
from posts.models import (
    Conferral,
    Decision,
    Holder,
    Nomination,
    NominationMember,
    Notice,
    Objection,
    OfficialDocument,
    Plaque,
    StageRun,
)
from tests.assessments.helpers import make_code_rights, make_open_survey, make_voters, vote

ENDED = {state: {"conferral_ended"} for state in ("adjusted", "rotated_out", "expired", "revoked")}
CANCELLED = {"open_work_cancelled"}
SETTLED = ("not_accepted", "upheld", "partly_upheld", "not_upheld", "cannot_verify")
#: Model, column of the state, and for each state the events one of which tells that it was entered.
#: A state without an event, because nothing has happened yet, has an empty set.
STATES = {
    Campaign: ("status", {"draft": {"campaign_created"}, "open": {"campaign_opened"}, "closed": {"campaign_closed"}}),
    Nomination: (
        "status",
        {
            "draft": {"nomination_started"},
            "in_progress": {"submitted"},
            "returned": {"returned"},
            "completed": {"finished"},
            "not_passed": {"finished"},
            "withdrawn": {"finished"},
        },
    ),
    StageRun: (
        "status",
        {"pending": set()}
        | {state: {f"stage_{state}"} for state in ("open", "passed", "failed", "returned", "cancelled")},
    ),
    Decision: (
        "status",
        {"pending": {"decision_proposed"}, "released": {"decision_released"}, "cancelled": {"decision_cancelled"}},
    ),
    Conferral: (
        "status",
        {
            "creating": {"admitted"},
            "active": {"conferred", "conferral_active"},
            "rectifying": {"conferral_rectifying"},
            **ENDED,
        },
    ),
    OfficialDocument: (
        "status",
        {
            "draft": {"document_drafted"},
            "issued": {"document_issued"},
            "withdrawn": {"document_withdrawn"},
            "discarded": {"document_discarded"},
        },
    ),
    Plaque: (
        "status",
        {
            "to_print": {"plaque_issued"},
            "displayed": {"plaque_handed_over"},
            "recalled": {"plaque_recalled"},
            "returned": {"plaque_returned"},
            "lost": {"plaque_lost"},
            "void": {"plaque_voided"},
        },
    ),
    Objection: (
        "status",
        {"registered": {"objection_filed"}, "late": {"objection_filed"}, "verifying": {"objection_accepted"}}
        | {state: {"objection_settled"} for state in SETTLED},
    ),
    Survey: (
        "state",
        {
            "draft": {"survey_prepared"},
            "open": {"survey_opened"},
            "closed": {"survey_closed"},
            "void": {"survey_closed", "survey_abandoned", "survey_voided"},
        },
    ),
    Review: (
        "status",
        {
            "open": {"reviews_opened", "reviews_called", "missed_review_settled"},
            "done": {"review_done"},
            "missed": {"reviews_missed", "reviews_opened"},
            "cancelled": CANCELLED,
        },
    ),
    Rectification: (
        "status",
        {
            "open": {"rectification_opened", "rectification_checked"},
            "submitted": {"rectification_submitted"},
            "passed": {"rectification_checked"},
            "failed": {"rectification_checked"},
            "lapsed": {"rectification_lapsed"},
            "cancelled": CANCELLED,
        },
    ),
    Proposal: (
        "status",
        {
            "open": {"end_proposed"},
            "accepted": {"proposal_decided"},
            "refused": {"proposal_decided"},
            "cancelled": CANCELLED,
        },
    ),
    Incident: (
        "status",
        {
            "reported": {"incident_reported"},
            "verifying": {"incident_taken_up", "incident_sent_back"},
            "verified": {"incident_found"},
            "to_confirm": {"incident_dismissed", "incident_found"},
            "closed": {"incident_closed", "incident_closing_confirmed"},
            "revoked": {"veto_decided"},
        },
    ),
    Rotation: (
        "status",
        {"open": {"rotation_opened"}, "released": {"rotation_released"}, "missed": {"rotation_missed"}},
    ),
    Commendation: ("status", {"open": {"commendation_opened"}, "released": {"commendation_released"}}),
    Notice: ("CASE WHEN {}withdrawn_at IS NULL THEN 'published' ELSE 'withdrawn' END", {}),
}
STATES[Notice] = (STATES[Notice][0], {"published": {"notice_published"}, "withdrawn": {"notice_withdrawn"}})
#: Whose events tell of a row when they are not about the row itself.
SUBJECTS = {
    StageRun: lambda run: {("posts.nomination", run.nomination_id)},
    Objection: lambda objection: {("posts.nomination", objection.item.run.nomination_id)},
    Review: lambda review: {("campaigns.reviewrule", review.rule_id), ("posts.conferral", review.conferral_id)},
    Rectification: lambda rectification: {("posts.conferral", rectification.conferral_id)},
    Proposal: lambda proposal: {("posts.conferral", proposal.conferral_id)},
}


@pytest.fixture
def state_log(transactional_db):
    """Every entry into a state, written by triggers: no way of changing a row escapes them."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE state_log (model TEXT, pk INTEGER, state TEXT, seq INTEGER)")
        for model, (column, _states) in STATES.items():
            table, name = model._meta.db_table, model._meta.label
            new = column.format("NEW.") if "{" in column else f"NEW.{column}"
            old = column.format("OLD.") if "{" in column else f"OLD.{column}"
            seq = "(SELECT seq FROM campaigns_journalhead)"
            note = f"INSERT INTO state_log VALUES ('{name}', NEW.id, {new}, {seq})"  # noqa: S608
            cursor.execute(f"CREATE TRIGGER log_new_{table} AFTER INSERT ON {table} BEGIN {note}; END")
            cursor.execute(f"CREATE TRIGGER log_{table} AFTER UPDATE ON {table} WHEN {new} <> {old} BEGIN {note}; END")
    yield
    with connection.cursor() as cursor:
        for model in STATES:
            for name in ("log_new", "log"):
                cursor.execute(f"DROP TRIGGER {name}_{model._meta.db_table}")
        cursor.execute("DROP TABLE state_log")


def logged():
    with connection.cursor() as cursor:
        cursor.execute("SELECT model, pk, state, seq FROM state_log")
        return cursor.fetchall()


def subjects_of(model, pk):
    own = {(model._meta.label_lower, pk)}
    return own | (SUBJECTS[model](model.objects.get(pk=pk)) if model in SUBJECTS else set())


def texts_about_people():
    """Names, and what people wrote, as far as it is long enough to be somebody's."""
    names = [Member, User, NominationMember, Holder]
    found = {name for model in names for name in model.objects.values_list("name", flat=True)}
    found |= set(Member.objects.values_list("number", flat=True)) | set(User.objects.values_list("username", flat=True))
    found |= set(OrgUnit.objects.values_list("phone", flat=True))
    for model, columns in (
        (Comment, ["text"]),
        (Incident, ["text", "statement", "finding_text", "decision_text"]),
        (IncidentReporter, ["name", "contact"]),
        (Hearing, ["name", "matter", "text"]),
        (Statement, ["speaker", "text"]),
        (Objection, ["text", "name", "contact"]),
        (Nomination, ["name", "duties"]),
        (Review, ["performance", "problems", "opinions", "reasons"]),
        (Rectification, ["finding", "requirement", "responsible", "proof"]),
    ):
        for column in columns:
            found |= set(model.objects.values_list(column, flat=True))
    return {text for text in found if text}


@pytest.mark.sqlite
def test_every_state_of_the_demonstration_left_its_event_and_none_holds_a_personal_text(state_log):
    if connection.vendor != "sqlite":
        pytest.skip("the log of states is made with SQLite's triggers")
    tell_story()

    events = [
        (entry.seq, entry.kind, entry.subject_type, entry.subject_id, json.loads(entry.body)["facts"])
        for entry in JournalEntry.objects.order_by("seq")
    ]
    about = {}
    for seq, kind, subject, pk, _facts in events:
        about.setdefault((subject, pk), []).append((seq, kind))
    models = {model._meta.label: model for model in STATES}
    silent, seen = [], set()
    for label, pk, state, seq in logged():
        model = models[label]
        kinds = STATES[model][1][state]
        near = [
            s for key in subjects_of(model, pk) for s, kind in about.get((key[0], str(key[1])), []) if kind in kinds
        ]
        # In the transaction of the change: a handful of entries before or after the head of that moment.
        if kinds and not any(abs(number - seq) <= 60 for number in near):
            silent.append((label, pk, state))
        seen.add((label, state))
    assert silent == []
    assert {label for label, _state in seen} >= {"posts.Nomination", "posts.Conferral", "posts.Plaque", "posts.Notice"}
    assert len(seen) >= 30

    bodies = list(JournalEntry.objects.values_list("seq", "body"))
    assert [(seq, text) for text in texts_about_people() for seq, body in bodies if text in body] == []
    assert list(verify_journal()) == []


@pytest.mark.parametrize("model", STATES, ids=lambda model: model._meta.label)
def test_every_state_is_known_to_the_test_above(model):
    """A state that somebody adds must say which event tells of it."""
    column, states = STATES[model]
    if model is not Notice:
        assert set(states) == set(model._meta.get_field(column).choices and dict(model._meta.get_field(column).choices))


@pytest.mark.django_db(transaction=True)
def test_a_vote_leaves_no_event(branch, secretary, officer):
    survey = make_open_survey(branch, secretary, voters=0)
    voter = survey.roll.first().member if survey.roll.exists() else make_voters(branch, 1)[0]
    rights = make_code_rights(survey, officer, 2)
    before = JournalHead.objects.get().seq

    for right in rights:
        cast_ballot(survey, right=right, choices=["satisfied"])
    if voter.user:
        vote(survey, voter, "dissatisfied", comment="窗口要早点开")

    assert survey.sealed_ballots.count() >= 2
    assert JournalHead.objects.get().seq == before
