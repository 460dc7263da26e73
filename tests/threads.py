"""Several people at the same moment, each on a connection of his own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connections

from campaigns.domain.errors import DomainError


def in_threads(calls, *, threads):
    """Run the calls in their order, so many at a time; what each returned, or the DomainError that refused it."""
    results, waiting, turn = [None] * len(calls), iter(enumerate(calls)), threading.Lock()

    def work(_number):
        try:
            while True:
                with turn:
                    place, call = next(waiting, (None, None))
                if call is None:
                    return
                results[place] = _tried(call)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(threads)))
    return results


def at_once(*calls):
    """Run the calls in threads that start together; what each returned, or the DomainError that refused it."""
    barrier = threading.Barrier(len(calls))

    def started_together(call):
        barrier.wait()
        return call()

    return in_threads([lambda call=call: started_together(call) for call in calls], threads=len(calls))


def _tried(call):
    try:
        return call()
    except DomainError as error:
        return error
