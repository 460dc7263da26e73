"""What every form that ends in a domain call shares."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest, QueryDict

from campaigns.domain.errors import DomainError, NotAllowedError

T = TypeVar("T")


def posted(request: HttpRequest) -> QueryDict | None:
    """What was posted, for a form that one view shows and takes; an empty post is a post too."""
    return request.POST if request.method == "POST" else None


def run(form: forms.BaseForm, call: Callable[..., T], *args, **kwargs) -> T | None:
    """Make the domain call; on a broken rule put its sentence at the field and return None.

    The caller then shows the form again, so that nothing that was typed is lost. NotAllowedError passes through.
    """
    try:
        return call(*args, **kwargs)
    except NotAllowedError:
        raise
    except DomainError as error:
        field = error.field if error.field in form.fields else None
        form.add_error(field, str(error))
        return None
