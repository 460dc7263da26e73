"""Every kind of paper the site prints, made from the demonstration's year, and text that tries to break out of it."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist

from assessments.documents import ballot_slips, counting_sheet, paper_ballots
from assessments.models import Incident, PaperSheet, Rectification, Review, Survey
from campaigns.domain.errors import DomainError
from campaigns.domain.ledgers import Wanted, ledgers_for, rows_of
from campaigns.models import Campaign, Member, User
from posts.documents.badge import badge_pdf
from posts.documents.form_sheet import form_pdf
from posts.documents.official_layout import official_pdf
from posts.documents.pickup import pickup_pdf
from posts.documents.plaque import Look, plaque_pdf
from posts.domain.document_papers import sheet_of
from posts.domain.dossier_prints import DossierMaker
from posts.domain.drafting import _makers
from posts.domain.ledger_prints import LedgerMaker, ledger_params
from posts.domain.papers import papers_of
from posts.domain.print_jobs import make_whole
from posts.domain.sheet_kinds import each_sheet_kind
from posts.models import Conferral, Decision, Meeting, Nomination, Notice, Objection, Plaque, Revocation

#: The 17 ways by which a document could ask a server or read a file; ``{u}`` is the address.
VECTORS = {
    "img": '<img src="{u}/img">',
    "img_redirect": '<img src="{u}/redirect">',
    "import": "<style>@import url({u}/import.css);</style>",
    "link": '<link rel="stylesheet" href="{u}/link.css">',
    "background": '<p style="background:url({u}/background)">x</p>',
    "font_face": "<style>@font-face{{font-family:e;src:url({u}/font.ttf)}} p{{font-family:e}}</style><p>x</p>",
    "svg_image": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{u}/svg" width="9"/></svg>',
    "svg_use": '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><use href="{u}/use.svg#a"/></svg>',
    "object": '<object data="{u}/object"></object>',
    "embed": '<embed src="{u}/embed">',
    "iframe": '<iframe src="{u}/iframe"></iframe>',
    "content": "<style>p::before{{content:url({u}/content)}}</style><p>x</p>",
    "list_style": "<ul style='list-style-image:url({u}/list)'><li>x</li></ul>",
    "base": '<base href="{u}/"><img src="relative.png">',
    "attachment": '<link rel="attachment" href="{u}/attachment">',
    "a_attachment": '<a rel="attachment" href="{u}/a-attachment">x</a>',
    "colour_profile": "<style>@color-profile device-cmyk{{src:url({u}/icc);components:c,m,y,k}}</style>",
}

Make = Callable[[], bytes]
#: Where people type what is printed: long texts, and names.
TYPED = {
    Conferral: ("duties", "commitment", "place", "area", "end_reason"),
    Nomination: ("reasons", "duties", "commitment"),
    Notice: ("title", "text"),
    Meeting: ("chair", "place", "minutes"),
    Decision: ("meeting",),
    Objection: ("text", "finding"),
    Revocation: ("reason", "document"),
    Survey: ("title",),
    Rectification: ("finding", "requirement", "responsible", "proof", "check_opinion"),
    Review: ("performance", "problems", "opinions", "reasons"),
    Incident: ("text", "finding_text", "decision_text", "document_number"),
    Campaign: ("title", "basis_document"),
    Member: ("name",),
}


def poison(text: str) -> None:
    """Put a text into everything that people type and that is printed."""
    for model, names in TYPED.items():
        model._default_manager.update(**dict.fromkeys(names, text))


def every_paper() -> Iterator[tuple[str, Make]]:
    """Name and maker of one paper of each kind."""
    user = User.objects.get(username="demo-officer")
    seen = set()
    for post in Conferral.objects.visible_to(user).order_by("pk"):
        for paper in papers_of(post, user):
            kind = paper.code.rpartition(":")[0]
            if kind not in seen:
                seen.add(kind)
                yield kind, paper.make
    yield from _sheets(seen)
    yield from _ledgers()
    yield from _documents()
    yield from _plaques()
    post = Revocation.objects.first().conferral
    yield "dossier", partial(_whole, DossierMaker, user, {"conferral": post.pk})
    survey = Survey.objects.filter(state="open").first()
    yield "ballot slips", partial(ballot_slips, survey, ["0123456789ABCDEF"])
    yield "paper ballots", partial(paper_ballots, survey)
    yield "counting sheet", partial(counting_sheet, PaperSheet(survey=survey, stratum="public", n_handed_out=3))


def _sheets(seen: set[str]) -> Iterator[tuple[str, Make]]:
    for kind in each_sheet_kind():
        for user in User.objects.filter(username__startswith="demo-"):
            case = next((case for case in kind.rows(user).order_by("pk") if kind.fits(case, user)), None)
            if case is not None and f"sheet:{kind.code}" not in seen:
                seen.add(f"sheet:{kind.code}")
                yield f"sheet:{kind.code}", partial(lambda k, c, u: form_pdf(k.make_sheets(c, u)), kind, case, user)


def _ledgers() -> Iterator[tuple[str, Make]]:
    user = User.objects.get(username="demo-discipline")
    for entry in ledgers_for(user):
        if rows_of(entry, user, Wanted()).exists():
            yield f"ledger:{entry.code}", partial(_whole, LedgerMaker, user, ledger_params(entry.code, Wanted(), ""))


def _documents() -> Iterator[tuple[str, Make]]:
    """Every kind of official document that a case of the year is fit for, as it would be set today."""
    for kind, maker in sorted(_makers.items()):
        for row in apps.get_model(maker.model)._default_manager.order_by("pk"):
            try:
                case = maker.make(row)
            except (DomainError, ObjectDoesNotExist):
                continue
            if not case.unfit:
                yield f"document:{kind}", partial(official_pdf, sheet_of(case))
                break


def _plaques() -> Iterator[tuple[str, Make]]:
    plaques = list(Plaque.objects.for_list().prefetch_related("conferral__holders").order_by("pk")[:9])
    yield "plaque", partial(plaque_pdf, plaques[:2])
    yield "badge", partial(badge_pdf, plaques[:3], Look())
    yield "pick-up list", partial(pickup_pdf, plaques)


def _whole(maker, user, params) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return make_whole(maker(user, params, Path(folder))).content
