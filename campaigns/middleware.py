from django.db import InterfaceError, OperationalError

from campaigns.views.errors import database_away


class DatabaseAwayMiddleware:
    """Answers 503 with a page that can be repeated when the database cannot be reached."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, (OperationalError, InterfaceError)):
            return database_away(request)
        return None
