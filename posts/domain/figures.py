"""What of a survey may go on public notice. Whoever holds surveys declares it here; posts knows none of them."""

from collections.abc import Callable

from posts.models import Nomination

Source = Callable[[Nomination], list[str]]
_sources: list[Source] = []


def declare_survey_figures(source: Source) -> Source:
    """Say what of a nomination's survey is published, one sentence a line of the ballot."""
    _sources.append(source)
    return source


def survey_figures(nomination: Nomination) -> list[str]:
    """The sentences for a notice; empty without a survey."""
    return [sentence for source in _sources for sentence in source(nomination)]
