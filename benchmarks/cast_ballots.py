"""What a vote costs, against the least that Django needs to write the same two rows (``bare_site``).

    python -m tests.services --postgres -- python benchmarks/cast_ballots.py [VOTERS] [RUNS]

Both sites run at the same time on one PostgreSQL, each under gunicorn (gthread, 2 processes of 4 threads), and are
used in turn by 32 voters at once, over kept connections. A voter of the floor loads the form and sends it. A voter of
the product loads the ballot (with a code: the entry page, then the ballot), sends it to be checked, and casts it.
"""

import os
import sys
import tempfile
from collections import Counter
from statistics import median

from processes import Crowd, parent_of, site

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="shifangang-benchmark-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
os.environ["LOG_LEVEL"] = "ERROR"

from vote_sites import Product, bare_walks

CLIENTS = 32
MOST_CAST, MOST_WALK, LEAST_RATE = 1.2, 1.6, 0.85
FLOOR, MEMBER, CODE = "floor", "member", "code"


def walk(walks, web, port, database):
    """Both phases of a crowd: the pages before the last click, and the casts."""
    crowd = Crowd(port, CLIENTS, walks)
    pages, casts = crowd.phase(web, database), crowd.phase(web, database)
    crowd.end()
    for phase in (pages, casts):
        if set(phase["statuses"]) != {"200"}:
            sys.exit(f"unexpected answers: {phase['statuses']}")
    return {
        "cast": casts["web"],
        "cast, database": casts["database"],
        "whole": pages["web"] + casts["web"],
        "whole, database": pages["database"] + casts["database"],
        "rate": casts["rate"],
    }


def compare(sites, *, voters, runs, database):
    """The figures of every run: the floor, members, codes, one after the other."""
    found = {name: [] for name in (FLOOR, MEMBER, CODE)}
    for run in range(-1, runs):
        n = voters if run >= 0 else 300
        for name, (make_walks, web, port) in sites.items():
            figures = walk(make_walks(n), web, port, database)
            if run >= 0:
                found[name].append(figures)
                told = "  ".join(f"{key} {value:6.2f}" for key, value in figures.items())
                print(f"{run + 1} {name:<7}{told}", flush=True)
    return found


def ratios(found, name, *keys):
    """The median over the runs of a figure, or of a sum, against the floor's in the same run."""
    pairs = zip(found[name], found[FLOOR], strict=True)
    return median(sum(ours[key] for key in keys) / sum(bare[key] for key in keys) for ours, bare in pairs)


def verdicts(found):
    """Whether each limit is kept; prints the ratios beside it."""
    for name in (MEMBER, CODE):
        cast, whole, rate = (ratios(found, name, key) for key in ("cast", "whole", "rate"))
        print(f"{name}: against the floor, medians of {len(found[name])} runs")
        told = ratios(found, name, "cast, database"), ratios(found, name, "cast", "cast, database")
        print(f"  CPU of a cast        {cast:.2f} (limit {MOST_CAST}); PostgreSQL {told[0]:.2f}, both {told[1]:.2f}")
        told = ratios(found, name, "whole, database"), ratios(found, name, "whole", "whole, database")
        print(f"  page, vote, receipt  {whole:.2f} (limit {MOST_WALK}); PostgreSQL {told[0]:.2f}, both {told[1]:.2f}")
        print(f"  casts a second       {rate:.2f} (limit {LEAST_RATE})")
        yield cast <= MOST_CAST and whole <= MOST_WALK and rate >= LEAST_RATE


def twice_at_once(product, walks, web, port, database):
    """Half of the voters send the last click twice at the same moment; whether everybody voted once."""
    ballots, used, known = product.rows()
    for steps in walks[::2]:
        steps[1][0] = [steps[1][0]] * 2
    crowd = Crowd(port, CLIENTS, walks)
    crowd.phase(web, database)
    casts = crowd.phase(web, database)
    crowd.end()
    receipts = Counter(len(each) for each in casts["receipts"])
    given = {receipt for each in casts["receipts"] for receipt in each}
    late_ballots, late_used, late_known = product.rows()
    more, more_used = late_ballots - ballots, late_used - used
    print(
        f"twice at once: {len(walks)} voters, {more} ballots, {more_used} rights, receipts {dict(receipts)}, ", end=""
    )
    print(f"answers {casts['statuses']}")
    good = set(casts["statuses"]) == {"200"} and receipts == {1: len(walks)}
    return good and more == more_used == len(walks) and given == late_known - known


def main():
    voters, runs = (int(word) for word in (sys.argv[1:] + ["1000", "5"][len(sys.argv) - 1 :]))
    product = Product()
    database = product.database_pid(parent_of)
    bare = product.bare_environment()
    with (
        site("benchmarks.bare_site.wsgi", **bare) as (bare_web, bare_port),
        site("config.wsgi") as (web, port),
    ):
        sites = {
            FLOOR: (lambda n: bare_walks(n, bare), bare_web, bare_port),
            MEMBER: (product.members, web, port),
            CODE: (product.codes, web, port),
        }
        found = compare(sites, voters=voters, runs=runs, database=database)
        good = list(verdicts(found))
        good += [twice_at_once(product, make(voters), web, port, database) for make in (product.members, product.codes)]
    sys.exit(not all(good))


if __name__ == "__main__":
    main()
