"""How long the clock takes to open the monthly review of 20,000 named posts.

The floor, in the same run on the same database: a bare ``bulk_create`` of the same rows, with the reviewer known.
Limits: 3 times the floor, 50 MB more than before.

    python benchmarks/open_reviews.py [NUMBER]                      SQLite in a temporary folder
    DATABASE_URL=postgres://… python benchmarks/open_reviews.py     an EMPTY database
"""

import os
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="shifangang-benchmark-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LOG_LEVEL"] = "ERROR"

MOST_TIME, MOST_MEMORY = 3.0, 50
BRANCHES = 100


def set_up(n):
    """A campaign with one monthly rule and ``n`` posts on display."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    from campaigns.models import OrgUnit
    from posts.models import Conferral, Nomination
    from tests.assessments.titles import make_campaign, make_rule, make_title
    from tests.factories import make_unit

    call_command("migrate", verbosity=0)
    committee = make_unit("committee")
    branches = [make_unit("branch", parent=OrgUnit.objects.get(pk=committee.pk)) for _n in range(BRANCHES)]
    rule = make_rule(make_campaign(committee))
    first = make_title(rule.campaign, branches[0], displayed_on=date(2026, 6, 30))
    shared = {"campaign": rule.campaign, "post_kind": first.post_kind}
    with transaction.atomic():
        proposer = first.nomination.proposer
        papers = Nomination.objects.bulk_create(
            Nomination(**shared, org_unit=branches[i % BRANCHES], name=f"n{i}", proposer=proposer, status="completed")
            for i in range(1, n)
        )
        Conferral.objects.bulk_create(
            Conferral(
                **shared, org_unit_id=paper.org_unit_id, nomination=paper, decision=first.decision, name=paper.name,
                honour="h", status="active", conferred_on=first.conferred_on, displayed_on=first.displayed_on,
            )
            for paper in papers
        )  # fmt: skip
    return rule


def floor(rule):
    from django.db import transaction

    from assessments.models import Review
    from posts.models import Conferral

    posts = list(Conferral.objects.values_list("pk", "org_unit"))
    days = {"period_starts_on": date(2026, 6, 1), "period_ends_on": date(2026, 6, 30), "due_on": date(2026, 7, 15)}
    started = time.perf_counter()
    with transaction.atomic():
        Review.objects.bulk_create(
            [Review(conferral_id=pk, rule=rule, period="bare", reviewer_unit_id=unit, **days) for pk, unit in posts],
            batch_size=2000,
        )
    seconds = time.perf_counter() - started
    Review.objects.filter(period="bare").delete()
    return seconds


def open_them(rule, month):
    """Let the clock open the reviews of a month on the first day after it."""
    import time_machine
    from django.utils import timezone

    from campaigns.domain.clock import schedule, tick
    from tests.assessments.titles import at

    with time_machine.travel(at(date(2026, month + 1, 1))):
        schedule("reviews_open", rule.pk, due_at=timezone.now(), period=f"2026-{month:02}-01")
        started = time.perf_counter()
        tick()
        return time.perf_counter() - started


def memory():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    rule = set_up(n)
    from assessments.models import Review

    floor(rule)  # plans and caches are warm for both
    before = memory()
    # One after the other, twice: whatever else the machine does meets both.
    runs = [(floor(rule), open_them(rule, month)) for month in (6, 7)]
    bare, taken = (min(each) for each in zip(*runs, strict=True))
    ratio, more = taken / bare, memory() - before
    print(f"floor {bare:.2f} s, opening {taken:.2f} s: {ratio:.2f} times (limit {MOST_TIME})")
    count = Review.objects.count()
    print(f"memory {more:+.0f} MB (limit {MOST_MEMORY}), {count} reviews of {n} posts in two months")
    sys.exit(not (ratio <= MOST_TIME and more <= MOST_MEMORY and count == 2 * n))


if __name__ == "__main__":
    main()
