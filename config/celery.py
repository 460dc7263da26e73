"""The Celery application and the only decorator for tasks."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("shifangang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# The one way to declare a task, so that the defaults of this project (late acknowledgement, ignored results) hold.
task = app.task
