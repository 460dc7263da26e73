from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.founding import found_organization
from campaigns.models import UnitKind


class Command(BaseCommand):
    """The first step of a real installation."""

    help = "Make the first Party organisation and its officer, and print the officer's initial password."

    def add_arguments(self, parser):
        parser.add_argument("name", help="full name of the Party organisation")
        parser.add_argument("--code", default="DW", help="its short code; plaque numbers begin with it")
        parser.add_argument("--kind", default=UnitKind.COMMITTEE, choices=UnitKind.values)
        parser.add_argument("--login", default="officer", help="user name of the officer")
        parser.add_argument("--officer", required=True, help="the officer's own name")

    def handle(self, *args, **options):
        try:
            founded = found_organization(
                code=options["code"],
                name=options["name"],
                kind=options["kind"],
                login=options["login"],
                officer_name=options["officer"],
            )
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%(unit)s has been set up.") % {"unit": founded.unit})
        self.stdout.write(_("User name: %(login)s") % {"login": founded.officer.username})
        self.stdout.write(_("Initial password: %(password)s") % {"password": founded.password})
