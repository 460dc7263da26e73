"""The Celery application and the only decorator for tasks."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("shifangang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The one way to declare a task, so that the defaults of this project (late acknowledgement, ignored results) hold.
task = app.task


@worker_ready.connect
def catch_up(**kwargs):
    """What fell due while nothing ran is done at once, not after beat's first interval."""
    app.send_task("campaigns.tick")


# For requests: a connection that gives up at once instead of waiting for a broker that does not answer.
IMPATIENT = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 1,
}


def impatient_connection():
    """A broker connection that fails within about a second when the broker is away."""
    return app.connection_for_write(transport_options=IMPATIENT)
