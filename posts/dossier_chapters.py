"""What this app tells in the dossier of a post: the way to the title, the title itself, its plaques and its end."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.history import entries_of, page_for, told
from campaigns.models import User
from posts.domain.chapters import Entry, chapter
from posts.domain.progress import timeline
from posts.models import (
    Conferral,
    Consent,
    Decision,
    DecisionItem,
    Endorsement,
    Nomination,
    NoticeItem,
    Objection,
    PlaqueStatus,
)


def nomination_for(conferral: Conferral, user: User) -> Nomination | None:
    """The nomination of the post, if the user may see it."""
    return Nomination.objects.visible_to(user).filter(pk=conferral.nomination_id).first()


@chapter("post", gettext_lazy("The post"), order=10)
def tell_post(conferral: Conferral, _user: User) -> Iterator[Entry]:
    holders = conferral.holders.select_related("member")
    yield Entry(
        str(conferral),
        conferral.conferred_on,
        (
            (_("Honour"), conferral.honour),
            (_("Unit"), conferral.org_unit),
            (_("Kind"), conferral.post_kind),
            (_("Category"), conferral.category),
            (_("area of the zone"), conferral.area),
            (_("Duties"), conferral.duties),
            (_("Commitment"), conferral.commitment),
            (_("Place"), conferral.place),
            (_("Supervision telephone"), conferral.contact_phone),
            (_("Displayed since"), conferral.displayed_on),
            (_("State"), conferral.get_status_display()),
        ),
        reverse("posts:conferral_detail", args=[conferral.pk]),
    )
    for holder in holders:
        yield Entry(
            _("Holder: %(name)s") % {"name": holder.name},
            holder.from_on,
            ((_("task in the post"), holder.duty), (_("Until"), holder.until_on)),
        )


@chapter("paper", gettext_lazy("The nomination"), order=20)
def tell_paper(conferral: Conferral, user: User) -> Iterator[Entry]:
    paper = nomination_for(conferral, user)
    if paper is None:
        return
    yield Entry(
        f"{paper} {paper.number}".strip(),
        paper.submitted_at,
        (
            (_("Nominating unit"), paper.org_unit),
            (_("proposer"), paper.proposer),
            (_("reasons"), paper.reasons),
            (_("conditions confirmed"), "；".join(paper.declared)),
            (_("people in the post"), paper.staff_total),
        ),
        reverse("posts:nomination_detail", args=[paper.pk]),
        tuple((file.name, reverse("posts:evidence_download", args=[file.pk])) for file in paper.evidence.all()),
    )
    for person in paper.members.filter(dropped_at__isnull=False):
        facts = ((_("Reason"), person.drop_reason),)
        yield Entry(_("%(name)s left the post") % {"name": person.name}, person.dropped_at, facts)


@chapter("way", gettext_lazy("The procedure, step by step"), order=30)
def tell_way(conferral: Conferral, user: User) -> Iterator[Entry]:
    """Every move with its reason: versions that were returned and handed in again stand one after the other."""
    paper = nomination_for(conferral, user)
    for entry in reversed(timeline(paper)) if paper else ():
        yield Entry(str(entry.text), entry.at, ((_("By"), entry.who), (_("Reason"), entry.reason)))


@chapter("meetings", gettext_lazy("Meetings"), order=40)
def tell_meetings(conferral: Conferral, user: User) -> Iterator[Entry]:
    paper = nomination_for(conferral, user)
    for meeting in paper.meetings.order_by("held_on", "pk") if paper else ():
        yield Entry(
            meeting.get_forum_display(),
            meeting.held_on,
            (
                (_("Chair"), meeting.chair),
                (_("Should attend"), meeting.should_attend),
                (_("Present"), meeting.present),
                (_("In favour"), meeting.in_favour),
                (_("Against"), meeting.against),
                (_("Abstained"), meeting.abstained),
                (_("minutes"), meeting.minutes),
            ),
        )


@chapter("consents", gettext_lazy("Wishes of the members"), order=50)
def tell_consents(conferral: Conferral, user: User) -> Iterator[Entry]:
    paper = nomination_for(conferral, user)
    answers = Consent.objects.filter(run__nomination=paper, answered_at__isnull=False).select_related("person")
    for consent in answers.order_by("answered_at", "pk") if paper else ():
        title = f"{consent.person}：{consent.get_answer_display()}"
        yield Entry(title, consent.answered_at, ((_("Reason"), consent.reason),))


@chapter("notices", gettext_lazy("Public notices and objections"), order=60)
def tell_notices(conferral: Conferral, user: User) -> Iterator[Entry]:
    """Objections only to who handles them: the branch must not even see that there was one."""
    items = NoticeItem.objects.filter(run__nomination=conferral.nomination_id).select_related("notice__org_unit")
    for item in items.order_by("notice__starts_on", "pk"):
        notice = item.notice
        yield Entry(
            notice.title,
            notice.starts_on,
            (
                (_("Publishing unit"), notice.org_unit),
                (_("Last day"), notice.ends_on),
                (_("Taken off at"), item.dropped_at),
                (_("Why it was withdrawn"), notice.withdrawn_reason),
            ),
            reverse("posts:notice_detail", args=[notice.pk]),
        )
    for objection in Objection.objects.visible_to(user).filter(item__in=items).order_by("received_at", "pk"):
        yield Entry(
            _("Objection"),
            objection.received_at,
            (
                (_("What is raised"), objection.text),
                (_("Finding"), objection.finding),
                (_("State"), objection.get_status_display()),
                (_("Consequence"), objection.get_effect_display()),
            ),
            reverse("posts:objection_detail", args=[objection.pk]),
        )


@chapter("decisions", gettext_lazy("Opinions and decisions"), order=70)
def tell_decisions(conferral: Conferral, user: User) -> Iterator[Entry]:
    if nomination_for(conferral, user):
        given = Endorsement.objects.filter(run__nomination=conferral.nomination_id).select_related("run", "by")
        for each in given.order_by("at", "pk"):
            facts = ((_("opinion"), each.opinion), (_("By"), each.by))
            yield Entry(f"{each.run.label}：{each.get_result_display()}", each.at, facts)
    seen = Decision.objects.visible_to(user)
    items = DecisionItem.objects.filter(run__nomination=conferral.nomination_id, is_live=True, decision__in=seen)
    for item in items.select_related("decision__org_unit").order_by("decision__held_on", "pk"):
        decision = item.decision
        yield Entry(
            f"{decision.get_effect_display()}：{item.get_outcome_display()}",
            decision.held_on,
            (
                (_("Deciding body"), decision.org_unit),
                (_("Document"), decision.document_number),
                (_("Meeting"), decision.meeting),
                (_("Reason"), item.reason),
            ),
            reverse("posts:decision_detail", args=[decision.pk]),
        )


@chapter("plaques", gettext_lazy("Plaques"), order=80)
def tell_plaques(conferral: Conferral, _user: User) -> Iterator[Entry]:
    for plaque in conferral.plaques.select_related("replaces").order_by("pk"):
        is_lost = plaque.status == PlaqueStatus.LOST
        yield Entry(
            f"{plaque.number}（{plaque.get_kind_display()}）",
            plaque.issued_on or plaque.made_at,
            (
                (_("State"), plaque.get_status_display()),
                (_("Received by"), plaque.received_by),
                (_("Placed at"), plaque.place),
                (_("Replaces"), plaque.replaces),
                (_("Reason for the recall"), plaque.recall_reason),
                (_("Returned on"), plaque.returned_on),
                (_("Handed in by"), plaque.returned_by),
                (_("Circumstances") if is_lost else _("Note"), plaque.note),
            ),
        )


@chapter("changes", gettext_lazy("Changes of members"), order=90)
def tell_changes(conferral: Conferral, _user: User) -> Iterator[Entry]:
    for task in conferral.repairs.order_by("opened_on", "pk"):
        facts = (
            (_("What is missing"), task.problem),
            (_("Due on"), task.due_on),
            (_("State"), task.get_status_display()),
        )
        yield Entry(task.cause, task.opened_on, facts)
    for change in conferral.adjustments.prefetch_related("lines").order_by("proposed_at", "pk"):
        coming = "、".join(line.name for line in change.lines.all() if line.comes)
        going = "、".join(line.name for line in change.lines.all() if not line.comes)
        yield Entry(
            _("Change of members"),
            change.proposed_at,
            (
                (_("Coming"), coming),
                (_("Going"), going),
                (_("Reason"), change.reason),
                (_("State"), change.get_status_display()),
            ),
            reverse("posts:adjustment_detail", args=[change.pk]),
        )


@chapter("end", gettext_lazy("The end of the title"), order=190)
def tell_end(conferral: Conferral, _user: User) -> Iterator[Entry]:
    if conferral.ended_on:
        facts = ((_("Reason"), conferral.end_reason), (_("Document"), conferral.end_document))
        yield Entry(conferral.get_status_display(), conferral.ended_on, facts)
    for ban in conferral.bans.select_related("member").order_by("pk"):
        yield Entry(
            _("Barred: %(who)s") % {"who": ban.member or conferral.name},
            ban.made_at,
            (
                (_("Until"), ban.until_on),
                (_("Reason"), ban.reason),
                (_("Document"), ban.document),
                (_("Lifted at"), ban.lifted_at),
                (_("Why it was lifted"), ban.lift_reason),
            ),
        )


@chapter("history", gettext_lazy("History"), order=200)
def tell_history(conferral: Conferral, user: User) -> Iterator[Entry]:
    """The journal about the post and what belongs to it, as far as this user may read it."""
    entries, names = entries_of(page_for(Conferral), conferral, user)
    for line in told(reversed(entries), names):
        facts = ((_("By"), line.who), (_("Facts"), "；".join(line.facts)))
        yield Entry(f"{line.text} {line.about}".strip(), line.at, facts)
