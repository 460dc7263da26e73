from django.core.management.base import BaseCommand

from campaigns.domain.keys import adopt_ballot_key


class Command(BaseCommand):
    help = "Takes the present BALLOT_KEY for the right one. Ballots sealed with another key are lost."
    requires_system_checks = []

    def handle(self, **options):
        adopt_ballot_key()
        self.stdout.write("BALLOT_KEY adopted")
