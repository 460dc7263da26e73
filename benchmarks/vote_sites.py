"""The two sites of ``cast_ballots.py`` with their voters: the product, and the floor (``bare_site``)."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


class Product:
    """One open survey with as many members and codes as are asked for, signed in."""

    def __init__(self):
        import django

        django.setup()
        from django.core.management import call_command

        from campaigns.domain.appointments import appoint
        from campaigns.models import Role, UnitKind
        from tests.assessments.helpers import make_open_survey
        from tests.factories import UserFactory, make_unit

        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.committee = make_unit(UnitKind.COMMITTEE)
        branch, secretary = make_unit(UnitKind.BRANCH, parent=self.committee), UserFactory()
        self.officer = UserFactory()
        appoint(secretary, org_unit=branch, role=Role.SECRETARY, actor=None)
        appoint(self.officer, org_unit=self.committee, role=Role.OFFICER, actor=None)
        self.survey = make_open_survey(branch, secretary, voters=1)
        self.branch = branch
        self.address = f"/v/{self.survey.public_id}/"

    def members(self, n):
        """The walks of ``n`` members, each with a session."""
        from assessments.models import RollEntry
        from campaigns.guards import maintenance
        from campaigns.models import Member, User

        start = User.objects.count()
        users = [User(username=f"voter{start + i}", name=f"赵样{i}", password="!") for i in range(n)]
        given = {"branch": self.branch, "joined_on": date(2020, 7, 1)}
        members = [Member(number=u.username, name=u.name, user=u, **given) for u in User.objects.bulk_create(users)]
        Member.objects.bulk_create(members)
        with maintenance():  # the roll is frozen since the opening
            RollEntry.objects.bulk_create([RollEntry(survey=self.survey, member=member) for member in members])
        return [self._member_walk(f"sfg={key}") for key in make_sessions(users)]

    def _member_walk(self, cookie):
        ballot = {"line0": "satisfied", "comment": ""}
        cast = ["POST", self.address, cookie, ballot | {"step": "cast", "ticket": "{ticket}"}]
        look = [["GET", self.address, cookie, None], ["POST", self.address, cookie, ballot | {"step": "confirm"}]]
        return [look, [cast]]

    def codes(self, n):
        """The walks of ``n`` people with a ballot code."""
        from assessments.domain.ballots import make_code_batch

        codes = []
        while len(codes) < n:
            codes += make_code_batch(self.survey, n=min(n - len(codes), 2000), actor=self.officer, witness="孙样甲")
        return [self._code_walk(code) for code in codes]

    def _code_walk(self, code):
        ballot = {"code": code, "line0": "satisfied", "comment": ""}
        cast = ["POST", "/v/", "", ballot | {"step": "cast", "ticket": "{ticket}"}]
        look = [["GET", "/v/", "", None], ["POST", "/v/", "", {"code": code}]]
        return [[*look, ["POST", "/v/", "", ballot | {"step": "confirm"}]], [cast]]

    def box_bytes(self):
        from assessments.domain import sealing

        ballot = sealing.Ballot("members", ("satisfied",), sealing.make_salt())
        return len(sealing.seal(ballot, seal_salt=self.survey.seal_salt, context=self.survey.public_id))

    def database_pid(self, parent_of):
        """The process of PostgreSQL that all its others are children of."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return parent_of(cursor.fetchone()[0])

    def bare_environment(self):
        """The environment of the floor: a database of its own on the same server, ballots of the same size."""
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE bare")
        return {
            "DATABASE_URL": os.environ["DATABASE_URL"].rpartition("/")[0] + "/bare",
            "DJANGO_SETTINGS_MODULE": "benchmarks.bare_site.settings",
            "BOX_BYTES": str(self.box_bytes()),
        }

    def rows(self):
        """Ballots in the box, rights used, and the receipts that belong to the ballots."""
        from assessments.domain import sealing
        from assessments.models import SealedBallot

        survey = self.survey
        boxes = SealedBallot.objects.filter(survey=survey).values_list("box", flat=True)
        ballots = [sealing.unseal(box, seal_salt=survey.seal_salt, context=survey.public_id) for box in boxes]
        used = survey.roll.filter(voted=True).count() + survey.codes.filter(used=True).count()
        return len(ballots), used, {sealing.receipt_of(sealing.leaf_of(survey.public_id, one)) for one in ballots}


def make_sessions(users):
    """A session for each of the users, as signing in makes it; returns their keys."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    rows = []
    for user in users:
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        backend = {BACKEND_SESSION_KEY: "django.contrib.auth.backends.ModelBackend"}
        known = {SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash()}
        rows.append(store.create_model_instance(backend | known))
    return [row.session_key for row in type(rows[0]).objects.bulk_create(rows, batch_size=1000)]


def bare_walks(n, environment):
    """The walks of ``n`` voters of the floor, made in a process with its settings."""
    make = [sys.executable, "-m", "benchmarks.bare_site.voters", str(n)]
    cookies = subprocess.run(
        make, env={**os.environ, **environment}, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    form = {"choice": "satisfied", "csrfmiddlewaretoken": "{csrfmiddlewaretoken}"}
    return [
        [[["GET", "/vote/1/", f"sessionid={key}", None]], [["POST", "/vote/1/", f"sessionid={key}", form]]]
        for key in cookies.stdout.split()
    ]
