"""Many people and many ballots at once, for the tests of crowds and of crashes."""

import random
from collections import Counter

from assessments.domain import sealing
from assessments.models import BallotCode, CodeBatch, RollEntry, SealedBallot
from campaigns.guards import maintenance
from campaigns.models import Member, User
from tests.assessments.helpers import make_open_survey
from tests.factories import MemberFactory, UserFactory

OPTIONS = ["satisfied", "basically_satisfied", "dissatisfied", "unknown", ""]


def make_members(branch, number, *, accounts=False):
    """Members of the branch, with accounts if they are to sign in."""
    users = UserFactory.build_batch(number, password="!") if accounts else [None] * number
    User.objects.bulk_create([user for user in users if user])
    return Member.objects.bulk_create(MemberFactory.build(branch=branch, user=user) for user in users)


def make_rights(branch, secretary, number):
    """An open survey and so many rights on its roll, nobody else's."""
    members = make_members(branch, number)
    survey = make_open_survey(branch, secretary, voters=0)
    with maintenance():
        RollEntry.objects.filter(survey=survey).exclude(member__in=members).delete()
    return survey, list(RollEntry.objects.filter(survey=survey).order_by("pk"))


def fill_box(survey, officer, number, *, comment_every=10):
    """So many ballots by code, as if they had been cast; return the counts of each line, and the hashes."""
    n_lines = survey.lines.count()
    ballots = [
        sealing.Ballot(
            "public",
            tuple(random.choices(OPTIONS, weights=(80, 6, 6, 5, 3), k=n_lines)),
            sealing.make_salt(),
            f"第{position}句" if position % comment_every == 0 else "",
        )
        for position in range(number)
    ]
    batch = CodeBatch.objects.create(survey=survey, n_printed=number, made_by=officer, witness="孙样甲")
    BallotCode.objects.bulk_create(
        BallotCode(survey=survey, batch=batch, code_hash=sealing.make_salt() * 2, used=True) for _ballot in ballots
    )
    SealedBallot.objects.bulk_create(
        SealedBallot(survey=survey, box=sealing.seal(ballot, seal_salt=survey.seal_salt, context=survey.public_id))
        for ballot in ballots
    )
    counts = [Counter(ballot.choices[line] for ballot in ballots) for line in range(n_lines)]
    return counts, sorted(sealing.leaf_of(survey.public_id, ballot).hex() for ballot in ballots)
