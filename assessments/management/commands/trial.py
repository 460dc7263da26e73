from django.core.management.base import BaseCommand

from assessments.domain.trials import run_trial
from assessments.models import Trial


class Command(BaseCommand):
    """Plays a trial run that somebody asked for in the browser; the site starts it itself."""

    help = "Play a trial run (started by the site)"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("pk", type=int)

    def handle(self, *args, pk, **options):
        run_trial(Trial.objects.get(pk=pk))
