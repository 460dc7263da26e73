"""A crowd before a fresh database file, and what is to be read in the file afterwards.

``python -m tests.assessments.crowd 80`` prints JSON: how many ballots were accepted, are there, and rights used; then
which secrets stand in the bytes of the file and of its log, while a survey is open and after its close.
"""

import json
import sys

import django


def main(number: int) -> None:
    django.setup()
    from django.core.management import call_command

    from assessments.models import SealedBallot
    from campaigns.domain.appointments import appoint
    from campaigns.models import Role, UnitKind
    from tests.assessments.electorate import make_rights
    from tests.assessments.test_ballot_races import count_after_a_crowd
    from tests.factories import MemberFactory, UserFactory, make_unit

    call_command("migrate", verbosity=0)
    branch = make_unit(UnitKind.BRANCH, parent=make_unit(UnitKind.COMMITTEE))
    secretary = UserFactory()
    appoint(secretary, org_unit=branch, role=Role.SECRETARY, actor=None)
    MemberFactory(branch=branch)
    survey, rights = make_rights(branch, secretary, number)
    counted = count_after_a_crowd(cast, survey, rights, threads=8)
    SealedBallot.objects.filter(survey=survey).delete()
    sys.stdout.write(json.dumps({"crowd": counted, **read_the_files(*make_rights(branch, secretary, 20))}) + "\n")


def cast(*args, **kwargs):
    from assessments.domain.ballots import cast_ballot

    return cast_ballot(*args, **kwargs)


def read_the_files(survey, rights):
    """Whether the title of the survey (as a proof of the search), words, hashes and boxes stand in the files."""
    from assessments.domain.closing import close_survey
    from assessments.models import SealedBallot

    said = [f"窗口{right.pk}号排队时间太长" for right in rights]
    leaves = [
        cast(survey, right=right, choices=["satisfied"], comment=words).leaf
        for right, words in zip(rights, said, strict=True)
    ]
    boxes = [bytes(box) for box in SealedBallot.objects.filter(survey=survey).values_list("box", flat=True)]
    found = {"open": {"title": in_files(survey.title), "words": in_files(*said), "hashes": in_files(*leaves)}}
    found["open"]["boxes"] = in_files(*boxes)
    close_survey(survey)
    found["closed"] = {"title": in_files(survey.title), "boxes": in_files(*boxes)}
    return found


def in_files(*secrets):
    """How many of the texts or bytes stand somewhere in the database's file or its log."""
    from pathlib import Path

    from django.conf import settings

    file = Path(settings.DATABASES["default"]["NAME"])
    data = b"".join(part.read_bytes() for part in file.parent.glob(file.name + "*"))
    return sum((secret if isinstance(secret, bytes) else secret.encode()) in data for secret in secrets)


if __name__ == "__main__":
    main(int(sys.argv[1]))
