import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

# Read every module a page needs now and not within somebody's first request; then leave all of it out of the rounds
# of the garbage collector, which would walk through it again and again and find nothing (a tenth of a request).
from django.urls import get_resolver  # noqa: E402  needs the applications

get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
