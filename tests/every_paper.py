"""Every kind of paper the site prints, made from the demonstration's year, and text that tries to break out of it.

What kinds there are is asked of the product's registers and of ``templates/documents``: a new paper that is not printed
here fails a test.
"""

import contextlib
import copy
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import IntegrityError, transaction
from django.db.models import CharField, TextField

from assessments.documents import ballot_slips, counting_sheet, link_slips, paper_ballots
from assessments.domain.voting_links import PersonalLink
from assessments.models import PaperSheet, Survey
from campaigns.domain import ledgers as ledger_register
from campaigns.domain.errors import DomainError
from campaigns.domain.ledgers import Wanted, ledgers_for, rows_of
from campaigns.models import Member, User
from posts.documents.form_sheet import form_pdf
from posts.documents.official_layout import official_pdf
from posts.documents.plaque import Look
from posts.documents.plaque_rows import holders_shown
from posts.domain.document_papers import sheet_of
from posts.domain.dossier_prints import DossierMaker
from posts.domain.drafting import _makers
from posts.domain.ledger_prints import LedgerMaker, ledger_params
from posts.domain.papers import papers_of
from posts.domain.plaque_prints import Form, PlaquePrint, make_pdf
from posts.domain.print_jobs import make_whole
from posts.domain.print_makers import _printers
from posts.domain.sheet_kinds import each_sheet_kind
from posts.domain.sheet_prints import SheetPrint
from posts.models import Conferral, Nomination, Plaque, Revocation

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
#: Tables whose texts are rules, records of the system or its own words: no paper is set from them, or they are sealed.
NOT_TYPED = {"AdviceNote", "DueItem", "ImportJob", "JournalCheck", "JournalEntry", "JournalHead", "KeyMark", "PrintJob"}
NOT_TYPED |= {"Scheme", "SchemeDraft", "Session", "Trial"}
#: Texts that are codes, addresses and seals, or of a fixed form.
CODES = {"kind", "period", "number", "prefix", "code", "content_type", "password", "scheme_code", "scheme_text", "url"}
CODES |= {"edited_in", "object", "day_kind", "from_status", "to_status", "source_type", "signature", "key", "rubric"}
CODES |= {"anchor", "fingerprint", "leaf_root", "round_code", "scope", "before", "after", "target", "unit", "cadence"}
LONG = 200

#: What the year has no case for: their layout is that of their neighbours, in the same template.
NOT_IN_THE_YEAR = {"ledger:rewards", "document:commendation", "document:set_aside", "sheet:scores", "sheet:score-form"}
NOT_IN_THE_YEAR |= {"sheet:review-scores", "sheet:review-score-form"}
#: Not a PDF; its index is looked at in test_archive_prints.
NO_PAPER = {"print:archive", "documents/archive_index.html"}
NO_PAPER |= {"print:ledger", "print:blank"}  # each ledger has a name of its own here; a unit's blank is Word's


def poison(text: str, *, short: str) -> None:
    """Put a text into everything that people type, and a short one where there is no room for it."""
    for label in ("campaigns", "posts", "assessments"):
        for model in apps.get_app_config(label).get_models():
            if model.__name__ in NOT_TYPED or not (names := _typed(model)):
                continue
            with contextlib.suppress(IntegrityError), transaction.atomic():  # what was issued is final
                model._default_manager.update(**{name: text if is_long else short for name, is_long in names.items()})


def _typed(model) -> dict[str, bool]:
    """The fields that people fill with words; whether there is room for many."""
    plain = [field for field in model._meta.concrete_fields if type(field) in (CharField, TextField)]
    once = {name for rule in model._meta.constraints for name in getattr(rule, "fields", ())}
    return {
        field.name: not field.max_length or field.max_length >= LONG
        for field in plain
        if not (field.choices or field.unique or field.name in CODES | once or "sha256" in field.name)
    }


def known_papers() -> set[str]:
    """Every kind by the registers of the product, and every template that paper is set in."""
    folder = Path(settings.BASE_DIR) / "templates" / "documents"
    known = {f"documents/{path.name}" for path in folder.glob("*.html")}
    ours = {kind for kind, entry in _printers.items() if not entry.maker.__module__.startswith("tests.")}
    known |= {f"print:{kind}" for kind in ours} | {f"document:{kind}" for kind in _makers}
    known |= {f"sheet:{kind.code}" for kind in each_sheet_kind()} | {
        f"ledger:{code}" for code in ledger_register._ledgers
    }
    return known - NO_PAPER - NOT_IN_THE_YEAR


def every_paper(words: Sequence[str] = ()) -> Iterator[tuple[str, Make]]:
    """Name and maker of one paper of each kind. ``words``: short texts, one plaque for each."""
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
    yield from _plaques(words)
    post = Revocation.objects.first().conferral
    yield "print:dossier", partial(_whole, DossierMaker, user, {"conferral": post.pk})
    survey = Survey.objects.filter(state="open").first()
    yield "ballot slips", partial(ballot_slips, survey, ["0123456789ABCDEF"])
    link = PersonalLink(Member.objects.order_by("pk").first(), "0123456789ABCDEF")
    yield "personal slips", partial(link_slips, survey, [link])
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


def _plaques(words: Sequence[str]) -> Iterator[tuple[str, Make]]:
    plaques = list(Plaque.objects.for_list().prefetch_related("conferral__holders").order_by("pk")[:9])
    if words:
        current = next(plaque for plaque in plaques if holders_shown(plaque))
        plaques = [_with_words(current, text) for text in words]
    joined = _with_words(plaques[0], f"ᠮᠣᠩᠭᠣᠯ {plaques[0].conferral.duties}")  # set by the engine, not by stamps
    for form, number in zip(Form, (9, 3, 2, 9), strict=True):
        yield f"plaques:{form}", partial(make_pdf, plaques if words else plaques[:number], form, Look())
    yield "plaques:joined", partial(make_pdf, [joined], Form.PLAQUE, Look())
    user = User.objects.get(username="demo-officer")
    paper = Nomination.objects.visible_to(user).exclude(status="draft").order_by("pk").first()
    asked = {"kind": "application", "case": paper.pk, "blank": False, "query": ""}
    yield "print:sheet", partial(_whole, SheetPrint, user, asked)
    params = {"plaques": [Plaque.objects.order_by("pk").first().pk], "form": Form.PICKUP}
    yield "print:plaques", partial(_whole, PlaquePrint, user, params)


def _with_words(plaque: Plaque, text: str) -> Plaque:
    """The plaque of a post whose duties are these words and nothing else."""
    plaque = copy.copy(plaque)
    plaque.conferral = copy.copy(plaque.conferral)
    plaque.conferral.duties, plaque.conferral.commitment, plaque.conferral.area = text, "", ""
    return plaque


def _whole(maker, user, params) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return make_whole(maker(user, params, Path(folder))).content
