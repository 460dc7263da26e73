from csp.constants import HEADER
from csp.utils import build_policy
from django.contrib import auth
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.db import InterfaceError, OperationalError
from django.utils.functional import SimpleLazyObject

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.sessions import owner_of
from campaigns.views import errors


class ContentSecurityPolicyMiddleware:
    """django-csp's header, put together once: no page here has a policy of its own. What is set already stays."""

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault(HEADER, self.policy)
        return response


class SignedInMiddleware(AuthenticationMiddleware):
    """Django's, with the user who was read together with the session."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: owner_of(request.session) or auth.get_user(request))


class DatabaseAwayMiddleware:
    """Answers 503 with a page that can be repeated when a view cannot reach the database (elsewhere: server_error)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, (OperationalError, InterfaceError)):
            return errors.database_away(request)
        return None


class NullCharacterMiddleware:
    """A NUL is never typed by a person, and PostgreSQL refuses it in any text: no such address, no such question."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if "\x00" in request.path_info:
            return errors.not_found(request)
        if any("\x00" in value for values in request.GET.lists() for value in [values[0], *values[1]]):
            return errors.bad_request(request)
        return self.get_response(request)


class DomainErrorMiddleware:
    """Turns a broken rule that no form caught into a page with its sentence and the right status."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, DomainError):
            return None
        if isinstance(exception, NotAllowedError):
            return errors.forbidden(request, exception)
        status = 409 if isinstance(exception, (OutOfOrderError, StaleError)) else 400
        return errors.rule_broken(request, exception, status)


class SecurePagesMiddleware:
    """Pages of signed-in people are not kept by caches or by the browser's history on shared computers."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.user.is_authenticated and "Cache-Control" not in response:
            response["Cache-Control"] = "no-cache, no-store, must-revalidate, private"
        return response


class PasswordChangeMiddleware:
    """Somebody with an initial password changes it before he does anything else."""

    allowed = ("/account/", "/logout/", "/static/", "/healthz", "/large/")

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        user = request.user
        if user.is_authenticated and user.must_change_password and not request.path.startswith(self.allowed):
            return errors.must_change_password(request)
        return self.get_response(request)
