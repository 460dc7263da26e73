"""Servers that take what the site sends, for the tests: a mail server and a web hook on this machine."""

import json
import threading
from contextlib import contextmanager
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller

from tests.services import free_port


class MailSink:
    """A mail server; ``answers`` are given in turn instead of taking the next mails, ``refused`` addresses never."""

    def __init__(self):
        self.mails, self.answers, self.refused = [], [], set()
        self.port = free_port()
        self.came, self.may_answer = threading.Event(), threading.Event()
        self.may_answer.set()

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        if address in self.refused:
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        mail = message_from_bytes(envelope.content, policy=policy.default)
        self.mails.append(mail)
        self.came.set()
        while not self.may_answer.is_set():
            await _pause()
        return "250 OK"

    @property
    def subjects(self):
        return [mail["Subject"].strip() for mail in self.mails]  # a space is no part of it

    def text(self, number):
        return self.mails[number].get_content()


async def _pause():
    import asyncio

    await asyncio.sleep(0.05)


@contextmanager
def mail_sink():
    sink = MailSink()
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port)
    controller.start()
    try:
        yield sink
    finally:
        sink.may_answer.set()
        controller.stop()


@contextmanager
def hook_sink():
    """A web hook: yields its port, and what was posted as pairs of path and content."""
    posted = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            content = self.rfile.read(int(self.headers["Content-Length"]))
            posted.append((self.path, json.loads(content)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port, posted
    finally:
        server.shutdown()
        server.server_close()
