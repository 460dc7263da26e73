from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from assessments.demo.story import tell_story
from assessments.demo.town import DEMO_PASSWORD
from campaigns.domain.demo_people import demo_people
from campaigns.models import OrgUnit


class Command(BaseCommand):
    """Fills an empty database with an invented town and a year of its campaign."""

    help = "Load the demonstration data into an empty database; does nothing when it is there already."

    def handle(self, *args, **options):
        if not settings.DEMO:
            raise CommandError(_("Demonstration data is loaded in demo mode only: set DEMO=1."))
        if not demo_people():
            if OrgUnit.objects.exists():
                raise CommandError(_("The database holds real units; the demonstration needs an empty one."))
            self.stdout.write(_("Telling the story of an invented town …"))
            tell_story(say=self.stdout.write)
        self.stdout.write(
            _("Demo logins (password %(password)s, or one click in demo mode):") % {"password": DEMO_PASSWORD}
        )
        for person in demo_people():
            self.stdout.write(f"  {person.username:<18} {person.name}  {person.role}")
