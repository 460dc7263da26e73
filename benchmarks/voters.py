"""The voters of ``cast_ballots.py``: a process of its own, so that its work is not counted with the site's.

Reads one job as JSON from a line, waits for a line before each phase, and writes one line of JSON after it. A job is
``{"port", "clients", "voters"}``; a voter has a list of steps for each phase, sent one after the other on a kept
connection; steps that stand in a list of their own are sent at once, on two connections. A step is
``[method, path, cookie, form]``; ``{name}`` in a form is filled with what an earlier page had.
"""

import asyncio
import json
import re
import sys
import time
from urllib.parse import urlencode

FIND = {
    "ticket": re.compile(rb'name="ticket" value="([^"]+)"'),
    "csrfmiddlewaretoken": re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"'),
    "receipt": re.compile(rb'class="receipt">([0-9a-f ]{19})<'),
    "signature": re.compile(rb'class="pre small">([^<]+)<'),
    "cookie": re.compile(rb"(?i)set-cookie: (csrftoken=[^;]+)"),
}


class Connection:
    """One kept connection to the site."""

    def __init__(self, port):
        self.port, self.reader = port, None

    async def send(self, method, path, cookie, form):
        """Send a request, opening the connection anew if the site closed it between two; return status, head, body."""
        body = urlencode(form).encode() if form is not None else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh-CN,zh;q=0.9\r\n"
        head += f"Cookie: {cookie}\r\n" if cookie else ""
        if form is not None:
            head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
        if self.reader is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port, limit=1 << 20)
        self.writer.write(head.encode() + b"\r\n" + body)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        length = int(re.search(rb"(?i)content-length: (\d+)", answer)[1])
        page = await self.reader.readexactly(length)
        if b"connection: close" in answer.lower():
            self.close()
        return int(answer[9:12]), answer, page

    def close(self):
        if self.reader is not None:
            self.writer.close()
            self.reader = None


class Voter:
    """What one voter has seen: his cookies, the ticket or token of his page, his receipts and the statuses."""

    def __init__(self, steps):
        self.steps, self.known, self.statuses, self.receipts = steps, {}, [], []

    async def walk(self, connections, steps):
        for step in steps:
            at_once = step if isinstance(step[0], list) else [step]
            await asyncio.gather(*(self.take(one, *each) for one, each in zip(connections, at_once, strict=False)))

    async def take(self, connection, method, path, cookie, form):
        if form is not None:
            form = {name: value.format(**self.known) for name, value in form.items()}
        cookie = "; ".join(filter(None, (cookie, self.known.get("cookie"))))
        status, head, page = await connection.send(method, path, cookie, form)
        self.statuses.append(status)
        found = {name: match[1].decode() for name, regex in FIND.items() if (match := regex.search(head + page))}
        if "signature" in found:  # the page after the last click, and nothing else, has one
            self.receipts.append(found["receipt"])
        self.known |= found


async def crowd(port, clients, voters, phase):
    """Everybody takes the steps of this phase, ``clients`` at a time."""
    queue = iter(voters)

    async def client():
        connections = [Connection(port), Connection(port)]
        for voter in queue:
            await voter.walk(connections, voter.steps[phase])
        for connection in connections:
            connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _n in range(clients)))
    return time.perf_counter() - started


def main():
    job = json.loads(sys.stdin.readline())
    voters = [Voter(steps) for steps in job["voters"]]
    for phase in range(len(job["voters"][0])):
        sys.stdin.readline()
        seconds = asyncio.run(crowd(job["port"], job["clients"], voters, phase))
        statuses = {}
        for voter in voters:
            for status in voter.statuses:
                statuses[status] = statuses.get(status, 0) + 1
            voter.statuses.clear()
        receipts = [voter.receipts for voter in voters]
        print(json.dumps({"seconds": seconds, "statuses": statuses, "receipts": receipts}), flush=True)


if __name__ == "__main__":
    main()
