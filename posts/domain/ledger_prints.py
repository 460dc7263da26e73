"""The ledgers 台账 on paper: the same rows and columns as on the page and in the Excel file."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.anchors import anchor_of
from campaigns.domain.errors import NotAllowedError
from campaigns.domain.ledgers import Ledger, Wanted, find_ledger, rows_of, shown, stream
from campaigns.models import Campaign, JournalHead, OrgUnit
from posts.domain.notice_texts import formal_date
from posts.domain.print_makers import printer
from posts.domain.table_prints import TableMaker

SMALL = 150  # entries


def ledger_params(code: str, wanted: Wanted, told: str) -> dict[str, object]:
    """What a print of a ledger needs to know, as plain data."""
    return {
        "code": code,
        "campaign": wanted.campaign.pk if wanted.campaign else None,
        "unit": wanted.unit.pk if wanted.unit else None,
        "state": wanted.state,
        "first": wanted.first.isoformat() if wanted.first else None,
        "last": wanted.last.isoformat() if wanted.last else None,
        "text": wanted.text,
        "told": told,
    }


@printer("ledger", gettext_lazy("Ledger"))
class LedgerMaker(TableMaker):
    """One ledger, as far as who ordered it may see it at the time it is made."""

    def is_small(self) -> bool:
        return self._rows.count() <= SMALL

    def title(self) -> str:
        return str(self._entry.label)

    def subtitle(self) -> str:
        day = _("as of %(day)s") % {"day": formal_date(timezone.localdate())}
        return "　".join(part for part in (self.params["told"], day) if part)

    def foot(self) -> str:
        head = JournalHead.objects.filter(pk=1).first()
        return f"{_('head of the journal')} {anchor_of(head)}" if head and head.seq else ""

    def headings(self) -> Sequence[str]:
        return [str(column.heading) for column in self._entry.columns]

    def rows(self) -> Iterator[list[str]]:
        for cells in stream(self._entry, self._rows):
            yield [shown(cell) for cell in cells]

    @cached_property
    def _entry(self) -> Ledger:
        entry = find_ledger(self.params["code"], self.actor)
        if entry is None:
            raise NotAllowedError(_("You do not keep this ledger any more."))
        return entry

    @cached_property
    def _rows(self) -> QuerySet:
        params = self.params
        seen_campaigns, seen_units = Campaign.objects.visible_to(self.actor), OrgUnit.objects.visible_to(self.actor)
        wanted = Wanted(
            campaign=seen_campaigns.get(pk=params["campaign"]) if params["campaign"] else None,
            unit=seen_units.get(pk=params["unit"]) if params["unit"] else None,
            state=params["state"],
            first=date.fromisoformat(params["first"]) if params["first"] else None,
            last=date.fromisoformat(params["last"]) if params["last"] else None,
            text=params["text"],
        )
        return rows_of(self._entry, self.actor, wanted)
