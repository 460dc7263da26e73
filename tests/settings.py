"""The settings under test: fast passwords, no compressed files, files in a temporary folder."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="shifangang-test-"))
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # sync Playwright keeps an event loop in the thread

from config.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
ALLOWED_HOSTS = ["*"]
AXES_ENABLED = False
CELERY_TASK_ALWAYS_EAGER = False
SURVEY_FEW_BY_PHONE = True  # most tests vote with a handful of people
# Between two tests that commit, every table is emptied, the guarded ones too.
GUARDS_MAY_BE_EMPTIED = True
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    DATABASES["default"]["ENGINE"] = "tests.postgresql"  # noqa: F405
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c shifangang.emptying=on"  # noqa: F405
