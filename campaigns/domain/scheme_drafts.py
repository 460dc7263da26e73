"""Schemes that are being written: kept for their author with every step, stored in the library only without faults."""

import json
import math
import tomllib
from datetime import date, time
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, StaleError
from campaigns.domain.library import Entry, find_entry, library, store_scheme
from campaigns.domain.scheme_edits import Edit, edit_scheme, free_name
from campaigns.domain.schemes import Examination, SchemeError, examine_scheme
from campaigns.models import Scheme as StoredScheme
from campaigns.models import SchemeDraft, User
from campaigns.permissions import may_anywhere
from campaigns.schemes.places import Place, Raw, get_at
from campaigns.schemes.report import Problem
from campaigns.schemes.writer import patch_toml, to_toml

MAX_DRAFTS = 30
MAX_LENGTH = 1024 * 1024
MAX_DEPTH = 30


def drafts_of(user: User) -> Any:
    """The drafts that this person may go on with: his own."""
    return (
        SchemeDraft.objects.filter(user=user) if may_anywhere(user, "manage_campaign") else SchemeDraft.objects.none()
    )


@transaction.atomic
def start_draft(*, actor: User, entry: Entry | None = None, in_place: bool = False) -> SchemeDraft:
    """Begin to write: a copy of ``entry`` with a code of its own, or ``in_place`` the own scheme itself, or nothing.

    Raises PermissionDenied for somebody who manages no campaigns, DomainError when too many drafts lie about.
    """
    if entry is None:
        return _keep(actor, {"scheme": {}, "kinds": []}, "")
    raw, text = tomllib.loads(entry.text), entry.text
    if in_place and not entry.is_shipped:
        stored = StoredScheme.objects.get(code=entry.code)
        return _keep(actor, raw, text, base_code=stored.code, base_sha256=stored.sha256)
    codes = {known.code for known in library()}
    raw["scheme"]["code"] = free_name(f"{entry.code[:35]}_own", codes)
    raw["scheme"]["title"] = _("%(title)s (copy)") % {"title": raw["scheme"]["title"][:110]}
    return _keep(actor, raw, text)


@transaction.atomic
def draft_from_text(text: str, *, actor: User) -> SchemeDraft:
    """A draft of a text that may be faulty, as long as it is TOML. Raises DomainError for any other."""
    try:
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise DomainError(_("This text is not TOML; mend the lines that are named first."), field="text") from error
    return _keep(actor, raw, text, is_checked=True)


def _keep(actor: User, raw: Raw, text: str, **fields: Any) -> SchemeDraft:
    if not may_anywhere(actor, "manage_campaign"):
        raise PermissionDenied
    if SchemeDraft.objects.filter(user=actor).count() >= MAX_DRAFTS:
        raise DomainError(_("You have %(n)s drafts already. Throw some of them away first.") % {"n": MAX_DRAFTS})
    return SchemeDraft.objects.create(user=actor, raw=dump(raw), text=text, **fields)


def dump(raw: Raw) -> str:
    """The raw scheme as it is kept. Raises DomainError for one that no scheme can be."""
    text = json.dumps(_plain(raw, 0), ensure_ascii=False)
    if len(text) > MAX_LENGTH:
        raise DomainError(_("The draft is too large; no scheme is that long."))
    return text


def _plain(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise DomainError(_("The tables are nested too deeply."))
    if isinstance(value, dict):
        return {name: _plain(part, depth + 1) for name, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, depth + 1) for part in value]
    # Days and odd numbers have no place in a scheme: as texts they are shown, and refused with a sentence.
    odd = isinstance(value, date | time) or (isinstance(value, float) and not math.isfinite(value))
    return str(value) if odd else value


def raw_of(draft: SchemeDraft) -> Raw:
    """What the draft says."""
    raw: Raw = json.loads(draft.raw)
    return raw


def title_of(draft: SchemeDraft) -> str:
    """What the draft is called in lists."""
    title = get_at(raw_of(draft), ("scheme", "title"))
    return title if isinstance(title, str) and title.strip() else _("scheme without a title")


def text_of(draft: SchemeDraft) -> str:
    """The draft as TOML, with the comments of the text it was made from."""
    raw = raw_of(draft)
    return patch_toml(draft.text, raw) if draft.text else to_toml(raw)


def examine_draft(draft: SchemeDraft) -> Examination:
    """What is wrong with the draft, and what is worth a warning."""
    examination = examine_scheme(to_toml(raw_of(draft)), filename="")
    head = ("scheme", "code")
    if code_is_taken(draft):
        message = _("Another scheme has this code. Give yours another one.")
        examination.problems.append(Problem("", 1, "scheme.code", message, path=head))
        examination.scheme = None
    return examination


def code_is_taken(draft: SchemeDraft) -> bool:
    """Whether the code belongs to a scheme that this draft does not replace."""
    code = get_at(raw_of(draft), ("scheme", "code"))
    return isinstance(code, str) and code != draft.base_code and find_entry(code) is not None


@transaction.atomic
def edit_draft(
    draft: SchemeDraft, *, actor: User, place: Place, data: QueryDict, version: int, window: str
) -> tuple[SchemeDraft, Edit]:
    """Take over a page of the editor and do what its button says.

    ``version``: what the page was made from; ``window``: the page itself, which may be ahead of it by its own automatic
    saving. Raises StaleError when another window has changed the draft, PermissionDenied for anybody but its author.
    """
    locked = _locked(draft, actor)
    if version != locked.version and (not window or window != locked.window):
        raise StaleError(_("This draft was changed in another window. Reload the page and go on there."))
    edit = edit_scheme(raw_of(locked), place, data)
    before, locked.raw = locked.raw, dump(edit.raw)
    if edit.removed:
        locked.before = before
    locked.version, locked.window = locked.version + 1, window[:32]
    locked.save()
    return locked, edit


@transaction.atomic
def mark_checked(draft: SchemeDraft, *, actor: User) -> None:
    """From now on the problems stand beside the fields: before the first check they would only be in the way."""
    locked = _locked(draft, actor)
    locked.is_checked = True
    locked.save(update_fields=["is_checked"])


@transaction.atomic
def undo_removal(draft: SchemeDraft, *, actor: User) -> SchemeDraft:
    """Bring back what stood there before the last removal."""
    locked = _locked(draft, actor)
    if not locked.before:
        raise DomainError(_("There is nothing to bring back."))
    locked.raw, locked.before = locked.before, locked.raw
    locked.version += 1
    locked.save()
    return locked


@transaction.atomic
def store_draft(draft: SchemeDraft, *, actor: User) -> StoredScheme:
    """Put the draft into the library and throw it away as a draft.

    Raises SchemeError with every fault (the draft stays), StaleError when the scheme it changes was replaced meanwhile.
    """
    locked = _locked(draft, actor)
    examination = examine_draft(locked)
    if examination.problems:
        raise SchemeError(examination.problems)
    code = raw_of(locked)["scheme"]["code"]
    replaces = locked.base_sha256 if code == locked.base_code else ""
    stored = store_scheme(text_of(locked), actor=actor, replaces=replaces)
    locked.delete()
    return stored


@transaction.atomic
def discard_draft(draft: SchemeDraft, *, actor: User) -> None:
    """Throw the draft away."""
    _locked(draft, actor).delete()


def _locked(draft: SchemeDraft, actor: User) -> SchemeDraft:
    locked = SchemeDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if locked is None:
        raise StaleError(_("This draft is no longer there: it was stored or thrown away."))
    if locked.user_id != actor.pk or not may_anywhere(actor, "manage_campaign"):
        raise PermissionDenied
    return locked
