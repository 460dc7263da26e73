"""Web server and clock of one machine in one command."""

import json
import os
import socket
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from config.broker import broker_command, find_broker_program, private_broker_url, socket_path
from config.supervisor import Program, Supervisor

THREADS = 8


class Command(BaseCommand):
    help = "Runs broker, worker with clock, and web server until Ctrl-C; leaves no process behind."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--bind", default=os.environ.get("BIND", "127.0.0.1"), help="address to listen on")
        parser.add_argument("--port", type=int, default=os.environ.get("PORT", "8000"))
        parser.add_argument("--workers", type=int, default=None, help="web processes (default: by database and cores)")

    def handle(self, *, bind, port, workers, **options):
        self.check(databases=["default"])
        _require_migrated()
        _require_static_files()
        _require_free_port(bind, port)
        # Links in QR codes and messages lead to this server unless SITE_URL says otherwise.
        os.environ.setdefault("SITE_URL", f"http://localhost:{port}")
        programs = [*_broker(), _worker(), _web(bind, port, workers or _default_workers())]
        sys.exit(Supervisor(programs).run(on_ready=lambda: self._greet(bind, port)))

    def _greet(self, bind, port):
        self.stdout.write("")
        self.stdout.write(
            _("Ready: http://%(host)s:%(port)s/ (Ctrl-C stops)") % {"host": _url_host(bind), "port": port}
        )
        self.stdout.write("")
        self.stdout.flush()


def _url_host(bind: str) -> str:
    """The address to type into a browser of this machine."""
    if bind in ("0.0.0.0", "::", "127.0.0.1", "::1"):  # noqa: S104  compared, not listened on
        return "localhost"
    return f"[{bind}]" if ":" in bind else bind


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _default_workers() -> int:
    """SQLite has one writer: one process keeps the queue for it short. PostgreSQL takes one process per core."""
    return 1 if _is_sqlite() else min(os.cpu_count() or 1, 8)


def _broker() -> list[Program]:
    if private_broker_url(settings.DATA_DIR) != settings.CELERY_BROKER_URL:
        return []
    program = find_broker_program()
    if program is None:
        raise CommandError(_("No broker: install redis-server or valkey-server, or set CELERY_BROKER_URL."))
    path = socket_path(settings.DATA_DIR)
    if _answers(path):
        raise CommandError(
            _("Another “manage.py serve” already runs with DATA_DIR=%(folder)s. Stop it, or use another folder.")
            % {"folder": settings.DATA_DIR}
        )
    command = broker_command(program, settings.DATA_DIR)
    return [Program("broker", command, grace=10, is_ready=lambda: _answers(path))]


def _worker() -> Program:
    concurrency = "1" if _is_sqlite() else "2"
    command = [sys.executable, "-m", "celery", "-q", "-A", "config", "worker", "-B", "--concurrency", concurrency]
    command += ["-s", str(settings.DATA_DIR / "beat-schedule"), "--loglevel", "warning"]
    # In a container everything runs as root; Celery's warning means pickled messages, which are refused here.
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    return Program("worker", [*command, "--without-gossip", "--without-mingle"], grace=30, environment=quiet)


def _web(bind: str, port: int, workers: int) -> Program:
    host = f"[{bind}]" if ":" in bind else bind
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"{host}:{port}", "--worker-class", "gthread"]
    command += ["--workers", str(workers), "--threads", str(THREADS), "--timeout", "120", "--graceful-timeout", "25"]
    # No access log: addresses and ballot links are personal data.
    command += ["--no-control-socket", "--log-level", "warning"]
    return Program("web", command, grace=30, is_ready=lambda: _listens(bind, port))


def _answers(path: Path) -> bool:
    """Whether a broker on this socket answers a ping."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
            probe.sendall(b"PING\r\n")
            return probe.recv(16).startswith(b"+PONG")
        except OSError:
            return False


def _listens(bind: str, port: int) -> bool:
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True


def _require_migrated() -> None:
    try:
        executor = MigrationExecutor(connection)
        missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise CommandError(_("The database does not answer: %(error)s") % {"error": error}) from error
    finally:
        connection.close()
    if missing:
        raise CommandError(_("The database is not up to date. Run first: manage.py migrate"))


def _require_static_files() -> None:
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or not json.loads(manifest.read_text()).get("paths"):
        raise CommandError(_("The static files are not collected. Run first: manage.py collectstatic --noinput"))


def _require_free_port(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
        except OSError as error:
            raise CommandError(
                _("Port %(port)s on %(bind)s cannot be used: %(error)s. Choose another with PORT=… or --port.")
                % {"port": port, "bind": bind, "error": error.strerror}
            ) from error
