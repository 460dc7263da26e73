"""What a script lets happen to a named post: a report with its veto, a member who leaves, a review that is called."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.domain.incident_rights import why_not_confirm
from assessments.domain.incidents import report_incident
from assessments.domain.on_call import call_reviews
from assessments.domain.periods import NONE
from assessments.domain.review_clock import reviewer_of
from assessments.domain.verification import confirm_closing, record_finding, take_up
from assessments.domain.vetoes import decide_veto
from assessments.models import Incident, IncidentFinding, Review
from assessments.rehearsal.case import Case, somebody
from assessments.rehearsal.report import DONE
from campaigns.domain.members import let_member_leave
from campaigns.models import ReviewRule, User
from campaigns.permissions import may_on_unit
from posts.models import Conferral

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play

SHOWN_DAYS = 20  # days on display before something happens


def let_happen(play: Play, cases: dict[int, Case]) -> None:
    """The next event of every case whose post has been on display long enough."""
    acts = {"incident": _incident, "leave": _leave, "review": _call}
    for case in cases.values():
        conferral = case.conferral() if case.waiting else None
        if conferral is not None and _is_time(play, case, conferral):
            act = acts[case.waiting[0].what]
            play.guard(case, lambda act=act, case=case, conferral=conferral: act(play, case, conferral))


def _is_time(play: Play, case: Case, conferral: Conferral) -> bool:
    if not conferral.displayed_on or not conferral.is_live:
        return False
    return play.today >= (case.waiting[0].on or conferral.displayed_on + timedelta(days=SHOWN_DAYS))


def _call(play: Play, case: Case, conferral: Conferral) -> None:
    """Open the review of a rule that has no cadence; others come by the clock."""
    rule = ReviewRule.objects.select_related("campaign__owner").get(campaign=play.campaign, code=case.waiting[0].rule)
    if rule.cadence != NONE or Review.objects.open().filter(conferral=conferral).exists():
        return
    if conferral.rectifications.running().exists():
        return
    unit = reviewer_of(rule, conferral)
    actor = somebody("review_post", unit, lambda user: may_on_unit(user, "review_post", unit), what=rule.label)
    call_reviews(rule, actor=actor, conferrals=[conferral], reason="按方案适时组织考核。")
    play.say(case, actor, "review_called", DONE, _("%(rule)s is called.") % {"rule": rule.label})


def _leave(play: Play, case: Case, conferral: Conferral) -> None:
    """A member of the post leaves the organisation."""
    case.waiting.pop(0)
    holder = conferral.holders.filter(until_on__isnull=True, member__isnull=False).select_related("member").first()
    if holder is None:
        return
    branch = holder.member.branch
    fits = lambda user: may_on_unit(user, "manage_roster", branch)  # noqa: E731
    actor = somebody("manage_roster", branch, fits, what=_("keep the roster"))
    let_member_leave(holder.member, on=play.today, actor=actor)
    conferral.refresh_from_db()
    said = _("%(name)s leaves. The title: %(status)s.")
    facts = {"name": holder.name, "status": conferral.get_status_display()}
    play.say(case, actor, "leave", DONE, said % facts)


def _incident(play: Play, case: Case, conferral: Conferral) -> None:
    """Each day one thing: reported and taken up, found, decided or closed by a second person."""
    known = Incident.objects.filter(pk=case.notes.get("incident")).first()
    if known is None:
        _report(play, case, conferral)
    elif known.status == "verifying":
        _find(play, case, known)
    elif known.status == "to_confirm":
        _confirm(play, case, known)
    else:
        _veto(play, case, known)


def _report(play: Play, case: Case, conferral: Conferral) -> None:
    text = case.waiting[0].text or "一个月内在该岗位办事多次，承诺没有做到。"
    incident = report_incident(conferral, text=text)
    case.notes["incident"] = incident.pk
    play.say(case, None, "incident", DONE, _("Somebody reports: %(text)s") % {"text": text})
    _watch(play, case, incident, "verify_incident")
    free = lambda user: not _has_stake(user, conferral)  # noqa: E731
    actor = somebody("verify_incident", conferral.org_unit, free, what=_("verify a report"))
    take_up(incident, actor=actor)


def _find(play: Play, case: Case, incident: Incident) -> None:
    event = case.waiting[0]
    finding = event.outcome or IncidentFinding.VERIFIED
    proven = finding == IncidentFinding.VERIFIED
    ground = play.campaign.veto_grounds.get(code=event.ground) if proven else None
    record_finding(
        incident,
        actor=incident.verifier,
        finding=finding,
        finding_text="经调阅记录、走访核实，反映属实。" if proven else "经调阅记录、走访核实，反映不属实。",
        ground=ground,
        evidence_reference="核查报告1号",
        statement="本人对核查情况没有异议。",
    )
    facts = {"finding": IncidentFinding(finding).label, "ground": ground.text if ground else ""}
    play.say(case, incident.verifier, "incident_found", DONE, _("Verification: %(finding)s. %(ground)s") % facts)


def _confirm(play: Play, case: Case, incident: Incident) -> None:
    """Nobody closes a report alone: a second person of the verifying or the deciding role does."""
    unit, fits = incident.conferral.org_unit, lambda user: not why_not_confirm(user, incident)
    _watch(play, case, incident, "decide_veto")
    actor = somebody("decide_veto", unit, fits, what=_("confirm that a report is closed"))
    confirm_closing(incident, actor=actor)
    play.say(case, actor, "incident_closed", DONE, _("A second person confirms: the report is closed."))
    _over(case)


def _veto(play: Play, case: Case, incident: Incident) -> None:
    _watch(play, case, incident, "decide_veto")
    free = lambda user: user.pk != incident.verifier_id and not _has_stake(user, incident.conferral)  # noqa: E731
    actor = somebody("decide_veto", incident.conferral.org_unit, free, what=_("decide on a veto"))
    number = play.document_number()
    decide_veto(incident, actor=actor, decision_text="经研究，决定撤销称号，收回标牌。", document_number=number)
    said = _("One-vote veto: the title is revoked, %(number)s.") % {"number": number}
    play.say(case, actor, f"veto:{case.waiting[0].ground}", DONE, said)
    _over(case)


def _watch(play: Play, case: Case, incident: Incident, permission: str) -> None:
    url = reverse("assessments:incident_detail", args=[incident.pk])
    unit, key = incident.conferral.org_unit, ("incident", permission, case.site.nominating.kind)
    play.watch.look_for(case, key, _("a report"), url=url, unit=unit, permissions=[permission])


def _has_stake(user: User, conferral: Conferral) -> bool:
    return conferral.holders.filter(member__user=user).exists()


def _over(case: Case) -> None:
    case.waiting.pop(0)
    case.notes.pop("incident", None)
