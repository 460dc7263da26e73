"""A crowd before a fresh database file.

``python -m tests.assessments.crowd 80`` prints how many ballots were accepted, are there, and rights used.
"""

import sys

import django


def main(number: int) -> None:
    django.setup()
    from django.core.management import call_command

    from assessments.domain.ballots import cast_ballot
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
    sys.stdout.write(" ".join(map(str, count_after_a_crowd(cast_ballot, survey, rights, threads=8))) + "\n")


if __name__ == "__main__":
    main(int(sys.argv[1]))
