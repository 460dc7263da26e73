"""The paper of a case: written, handed in, sent back, corrected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from assessments.rehearsal.case import Case, NobodyError, account_of_first, somebody_for
from assessments.rehearsal.opening import people_wanted
from assessments.rehearsal.report import DONE, FAILED, RETURNED
from assessments.rehearsal.score_moves import score_oneself
from campaigns.domain.errors import DomainError
from campaigns.models import User
from campaigns.permissions import holders_of, nearest_holders_of
from posts.domain.batches import closed_kinds
from posts.domain.eligibility import wanted_evidence
from posts.domain.evidence import add_evidence
from posts.domain.members import Chosen
from posts.domain.nominations import create_nomination, return_nomination, save_draft, submit_nomination
from posts.domain.proposing import initiators, may_propose
from posts.domain.quotas import quota_status
from posts.models import StageRun

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play

OUTSIDER = "周样外"


def hand_in(play: Play, case: Case) -> None:
    """Write the paper and hand it in; a kind or a quota that is full now waits for another day."""
    if closed := closed_kinds([case.kind]).get(case.kind.pk):
        _wait(play, case, closed.reason)
        return
    full = [one for one in quota_status(play.campaign, case.site.nominating, case.kind) if one.enforced and one.is_full]
    if full:
        _wait(play, case, full[0].problem)
        return
    number = play.world.count("post")
    if not case.members:
        case.members = play.world.free_members(case.site.nominating, people_wanted(_spec(play, case)))
    actor = _proposer(play, case)
    nomination = create_nomination(play.campaign, post_kind=case.kind, org_unit=case.site.nominating, actor=actor)
    case.nomination = nomination
    for piece, wanted in enumerate(wanted_evidence(case.kind)):
        if wanted.required:
            content = f"%PDF-1.4\n% {number}-{piece}\n%%EOF\n".encode()
            upload = SimpleUploadedFile("材料.pdf", content, content_type="application/pdf")
            add_evidence(nomination, upload=upload, actor=actor, purpose=wanted.label, sealed=wanted.sealed)
    nomination = save_draft(
        case.fresh(),
        actor=actor,
        version=case.fresh().version,
        fields=_fields(case, number),
        members=_people(play, case),
    )
    score_oneself(nomination, actor=actor)
    case.nomination = submit_nomination(nomination, actor=actor)
    people = "、".join(nomination.members.values_list("name", flat=True))
    facts = {"unit": nomination.org_unit, "post": nomination, "people": people or "—"}
    play.say(case, actor, "nominate", DONE, _("%(unit)s hands in “%(post)s” (%(people)s).") % facts)


def send_back(play: Play, case: Case, run: StageRun) -> None:
    """Return the paper for correction."""
    actor = somebody_for(run, "return")
    reason = case.plan.doing(run.position).text or "承诺事项偏笼统，请写明频次和时限后再报。"
    return_nomination(run, actor=actor, reason=reason)
    facts = {"step": run.label, "reason": reason}
    play.say(case, actor, "return", RETURNED, _("%(step)s: returned for correction. %(reason)s") % facts)


def hand_in_again(play: Play, case: Case) -> None:
    """Correct the paper and hand it in again."""
    nomination = case.fresh()
    actor = User.objects.get(pk=nomination.proposer_id)
    commitment = f"{nomination.commitment}每月自查一次，发现问题三日内整改。"
    nomination = save_draft(nomination, actor=actor, version=nomination.version, fields={"commitment": commitment})
    submit_nomination(nomination, actor=actor)
    play.say(case, actor, "resubmit", DONE, _("“%(post)s” is corrected and handed in again.") % {"post": nomination})


def _wait(play: Play, case: Case, reason: str) -> None:
    if case.once(f"waits:{reason}"):
        play.say(case, None, "waits", FAILED, reason)
    if play.today > play.campaign.nominations_until:
        play.report.notes.append(_("The case “%(case)s” was not played: %(why)s") % {"case": case.code, "why": reason})
        case.is_over = True


def _proposer(play: Play, case: Case) -> User:
    for user in _candidates(play, case):
        if may_propose(user, case.kind, case.site.nominating):
            return user
    text = _("Nobody may open a nomination of “%(kind)s” for %(unit)s.")
    raise NobodyError(text % {"kind": case.kind, "unit": case.site.nominating})


def _candidates(play: Play, case: Case) -> Iterator[User]:
    who, unit = initiators(case.kind), case.site.nominating
    if "holder" in who and (user := account_of_first(case, play.world)):
        yield user
    if who != {"committee"}:
        yield from nearest_holders_of("nominate", unit)
        yield from holders_of("nominate", unit).order_by("-pk")
    yield from nearest_holders_of("manage_campaign", unit)


def _spec(play: Play, case: Case):
    return next(kind for kind in play.scheme.kinds if kind.code == case.kind.code)


def _people(play: Play, case: Case) -> list[Chosen]:
    """The Party members, and in a collective post also somebody who is none."""
    spec = _spec(play, case)
    chosen = [Chosen(member=member.pk) for member in case.members]
    if not chosen and spec.holder != "org":
        raise DomainError(_("%(unit)s has no members who could hold the post.") % {"unit": case.site.nominating})
    room = spec.max_members is None or spec.max_members > len(chosen)
    if spec.holder == "team" and not spec.rule("all_party") and room:
        chosen.append(Chosen(name=OUTSIDER))
    return chosen


def _fields(case: Case, number: int) -> dict[str, object]:
    categories = case.kind.rules.get("categories") or [""]
    return {
        "name": f"{case.kind.label}{number}号",
        "category": categories[number % len(categories)],
        "place": "便民服务大厅",
        "area": "第一村民小组，四十二户",
        "duties": "受理、核对和办结群众事项。",
        "commitment": "当日件当日办；材料一次性告知。",
        "reasons": "工作扎实，群众认可，愿意亮明身份接受监督。",
        "staff_total": len(case.members) + 1,
        "contact_phone": "0000-1234567",
    }
