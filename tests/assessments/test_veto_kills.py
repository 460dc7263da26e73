"""A veto and its setting aside are whole or not at all, whatever kills them."""

import random
import signal
import subprocess
import sys

import pytest

from assessments.domain.incidents import report_incident
from assessments.domain.verification import record_finding, take_up
from assessments.models import Incident, IncidentStatus, Review
from campaigns.domain.appointments import appoint
from campaigns.domain.journal import verify_journal
from campaigns.models import JournalEntry, Message, Role, UnitKind
from posts.domain.plaques import hand_over
from posts.models import Ban, Conferral, PlaqueStatus, Revocation
from tests.assessments.titles import make_ground, make_review, make_rule
from tests.factories import MemberFactory, UserFactory, make_unit
from tests.posts.cases import make_conferral, make_kind
from tests.processes import ROOT, clean_environment
from tests.test_kills import database_url

pytestmark = [pytest.mark.services, pytest.mark.postgres]

TITLES = 6
# Everything in one process: veto, then set aside, title by title. It dies by SIGKILL at its n-th statement: a moment
# that does not depend on how fast the machine is.
WORKER = """
import os, signal, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
django.setup()
from django.db import connection
from assessments.domain.vetoes import decide_veto
from assessments.models import Incident
from campaigns.models import User
from posts.domain.setting_aside import set_aside_revocation
from posts.models import Conferral

left = int(sys.argv[3])

def count_down(execute, sql, params, many, context):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return execute(sql, params, many, context)

head, second = (User.objects.get(pk=int(word)) for word in sys.argv[1:3])
with connection.execute_wrapper(count_down):
    for incident in Incident.objects.filter(status="verified").order_by("pk"):
        decide_veto(incident, actor=head, decision_text="撤销。", document_number="9号")
    for post in Conferral.objects.filter(status="revoked").order_by("pk"):
        if post.pk % 2:
            set_aside_revocation(post, actor=second, reason="有误。", document="12号")
"""


def killed_somewhere(words, environment, rng):
    """Run the worker, which dies at a random statement; whether it died before its end."""
    command = [sys.executable, "-c", WORKER, *words, str(rng.randint(5, 300))]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode == -signal.SIGKILL


def assert_whole(post):
    """Every part of the veto is there, or none."""
    revoked = post.status == "revoked"
    standing = post.revocations.standing().count()
    parts = {
        "decision": standing == 1,
        "report": post.incidents.get().revocation_id is not None and standing == 1,
        "ban": Ban.objects.in_force().filter(conferral=post).exists(),
        "plaque": post.plaques.get().status == PlaqueStatus.RECALLED,
        "people": not post.holders.filter(until_on__isnull=True).exists(),
        "day": post.ended_on is not None,
    }
    assert set(parts.values()) == {revoked}, (post.pk, post.status, parts)


def assert_journal_tells(post):
    """Ended and set aside exactly as often as the rows say, with the messages of each."""
    told = JournalEntry.objects.filter(subject_type="posts.conferral", subject_id=str(post.pk))
    kinds = list(told.values_list("kind", flat=True))
    rows = Revocation.objects.filter(conferral=post)
    assert kinds.count("conferral_ended") == rows.count()
    assert kinds.count("revocation_set_aside") == rows.set_aside().count()
    assert Message.objects.filter(key__startswith=f"conferral-ended-{post.pk}-").exists() == rows.exists()
    settled = post.incidents.get().status == IncidentStatus.REVOKED
    assert settled == rows.exists()
    assert Review.objects.filter(conferral=post, status="open").exists() != rows.exists()


@pytest.mark.django_db(transaction=True)
def test_a_veto_killed_at_random_moments_is_whole_or_nothing(tmp_path):
    committee = make_unit(UnitKind.COMMITTEE, code="QY")
    branch = make_unit(UnitKind.BRANCH, parent=committee)
    people = [UserFactory() for _n in range(4)]
    roles = (Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER, Role.DISCIPLINE, Role.OFFICER)
    for user, role in zip(people, roles, strict=True):
        appoint(user, org_unit=committee, role=role, actor=None)
    head, second, checker, officer = people
    kind = make_kind(committee)
    ground, rule = make_ground(kind.campaign), make_rule(kind.campaign)
    for _n in range(TITLES):
        proven_title(kind, branch, rule, ground, head=head, checker=checker, officer=officer)

    environment = clean_environment(tmp_path, DATABASE_URL=database_url())
    rng, kills = random.Random(20261121), 0
    for _n in range(60):
        kills += killed_somewhere([str(head.pk), str(second.pk)], environment, rng)
        for post in Conferral.objects.all():
            assert_whole(post)
            assert_journal_tells(post)
        odd = Conferral.objects.filter(status="revoked")
        if not Incident.objects.filter(status="verified").exists() and not any(p.pk % 2 for p in odd):
            break
    else:
        pytest.fail("the work never came to its end")

    assert kills >= 3
    assert {post.status for post in Conferral.objects.all()} == {"active", "revoked"}
    assert list(verify_journal()) == []


def proven_title(kind, branch, rule, ground, *, head, checker, officer):
    """A post that hangs, with an open review, about which a report was verified."""
    member = MemberFactory(branch=branch, user=UserFactory())
    post = make_conferral(kind, branch, decider=head, releaser=officer, members=[member])
    hand_over(post.plaques.get(), actor=officer, received_by=member.name)
    make_review(post, rule)
    incident = take_up(report_incident(post, text="收取红包，有时间有地点。"), actor=checker)
    record_finding(
        incident, actor=checker, finding="verified", finding_text="属实。", ground=ground, statement_note="未答复。"
    )
