"""``python -m benchmarks.bare_site.voters N``: make N voters with their rights and sessions, and print the sessions."""

import sys


def main(n):
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command

    from benchmarks.bare_site.models import Right, Survey
    from benchmarks.vote_sites import make_sessions

    for app in ("auth", "sessions"):  # first: what has no migrations is made before what has
        call_command("migrate", app, verbosity=0)
    call_command("migrate", run_syncdb=True, verbosity=0)
    survey, _is_new = Survey.objects.get_or_create(title="Satisfaction survey")
    start = User.objects.count()
    users = User.objects.bulk_create([User(username=f"voter{start + i}", password="!") for i in range(n)])
    Right.objects.bulk_create([Right(survey=survey, user=user) for user in users])
    print("\n".join(make_sessions(users)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
