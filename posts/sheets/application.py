"""申报表: the application of an individual, a collective, an organisation or a zone (domain notes 3.9)."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext

from campaigns.domain.appraisals import latest_appraisals
from campaigns.models import HolderKind, User
from campaigns.permissions import may_on_unit
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import FormSheet, Long, Opinion, Part, facts
from posts.domain.deciding import decision_notes
from posts.domain.figures import survey_figures
from posts.domain.notice_texts import formal_date
from posts.domain.rights import is_concerned
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Consent, Nomination, NominationMember, NoticeItem, Objection
from posts.sheets.opinions import opinion_boxes


def application_sheet(nomination: Nomination, user: User) -> FormSheet:
    """The form as far as the paper and its way have filled it; what the site does not ask is left for a pen."""
    campaign = nomination.campaign
    words = {"year": campaign.year, "honour": campaign.honour, "kind": nomination.post_kind.label}
    people = list(
        nomination.members.filter(dropped_at__isnull=True).select_related("member__branch", "member__work_unit")
    )
    alone = nomination.post_kind.holder == HolderKind.PERSON and len(people) <= 1
    head = _person(nomination, people[0] if people else None) if alone else _collective(nomination, people)
    return FormSheet(
        title=pgettext("form", "Application form for “%(honour)s” of %(year)s (%(kind)s)") % words,
        left=pgettext("form", "Nominating unit: %(unit)s") % {"unit": nomination.org_unit},
        right=pgettext("form", "No.: %(number)s") % {"number": nomination.number} if nomination.number else "",
        parts=(*head, *_texts(nomination), *_way(nomination, user), *opinion_boxes(nomination, user)),
        foot=campaign.title,
    )


def _person(nomination: Nomination, person: NominationMember | None) -> Iterator[Part]:
    member = person.member if person else None
    grade = latest_appraisals([member.pk]).get(member.pk) if member else None
    yield facts(
        (pgettext("form", "Name"), person.name if person else ""),
        (pgettext("form", "Sex"), member.get_gender_display() if member else ""),
        (pgettext("form", "Nationality"), ""),
    )
    yield facts(
        (pgettext("form", "Born"), ""),
        (pgettext("form", "Education"), ""),
        (pgettext("form", "Position"), member.position if member else ""),
    )
    yield facts(
        (pgettext("form", "Joined the Party"), member.joined_on if member else None),
        (pgettext("form", "Full member since"), member.confirmed_on if member else None),
        (pgettext("form", "In this post since"), ""),
    )
    yield facts(
        (pgettext("form", "Party branch"), member.branch if member else ""),
        (pgettext("form", "Unit or department"), member.work_unit if member else ""),
    )
    yield _post(nomination)
    yield _place(nomination)
    yield facts(
        (pgettext("form", "Annual appraisal"), f"{grade.year} {grade.get_grade_display()}" if grade else ""),
        (pgettext("form", "Awards and sanctions in three years"), ""),
    )


def _collective(nomination: Nomination, people: list[NominationMember]) -> Iterator[Part]:
    members = [person for person in people if person.member_id]
    full = sum(1 for person in members if person.member.is_full)
    party = pgettext("form", "%(n)s (full members %(full)s)") % {"n": len(members), "full": full} if people else ""
    yield _post(nomination)
    yield _place(nomination)
    yield facts(
        (pgettext("form", "People in the post"), nomination.staff_total or len(people) or ""),
        (pgettext("form", "Party members"), party),
        (pgettext("form", "Head of the post"), ""),
    )
    yield Grid(_member_columns(), tuple(_member_row(n, person) for n, person in enumerate(people, 1)))
    if nomination.post_kind.holder == HolderKind.ZONE:
        yield facts((pgettext("form", "Area of the zone"), nomination.area))
        yield Long(pgettext("form", "Own tasks of the zone"), nomination.own_tasks)


def _member_columns() -> tuple[GridColumn, ...]:
    return (
        GridColumn(pgettext("form", "No."), 8, centered=True),
        GridColumn(pgettext("form", "Name"), 14, centered=True),
        GridColumn(pgettext("form", "Sex"), 8, centered=True),
        GridColumn(pgettext("form", "Membership"), 15, centered=True),
        GridColumn(pgettext("form", "Joined the Party"), 23, centered=True),
        GridColumn(pgettext("form", "Position"), 17),
        GridColumn(pgettext("form", "Task in the post"), 26),
    )


def _member_row(n: int, person: NominationMember) -> tuple[object, ...]:
    member = person.member
    if member is None:
        return n, person.name, "", pgettext("form", "not in the Party"), "", "", person.duty
    sex, status = member.get_gender_display(), member.get_status_display()
    return n, person.name, sex, status, member.joined_on, member.position, person.duty


def _post(nomination: Nomination) -> Part:
    return facts(
        (pgettext("form", "Name of the post"), nomination.name), (pgettext("form", "Category"), nomination.category)
    )


def _place(nomination: Nomination) -> Part:
    return facts(
        (pgettext("form", "Place"), nomination.place),
        (pgettext("form", "Supervision phone"), nomination.contact_phone),
    )


def _texts(nomination: Nomination) -> Iterator[Part]:
    yield Long(pgettext("form", "Duties of the post"), nomination.duties, room=32)
    yield Long(pgettext("form", "Commitment"), nomination.commitment, least=16, room=26)
    yield Long(pgettext("form", "Reasons and deeds"), nomination.reasons, least=40, room=86)
    if nomination.declared:
        yield Long(pgettext("form", "Conditions confirmed"), "\n".join(nomination.declared), least=10)


def _way(nomination: Nomination, user: User) -> Iterator[Part]:
    """What the steps have brought: the wish of the members, survey and assessment, the notice."""
    kinds = set(nomination.runs.values_list("kind", flat=True))
    if "consent" in kinds:
        yield _wishes(nomination)
    if kinds & {"survey", "assess"}:
        notes = [line for source in decision_notes for line in source({nomination.pk}).values()]
        yield Long(
            pgettext("form", "Survey and assessment"), "\n".join([*survey_figures(nomination), *notes]), least=14
        )
    if "notice" in kinds:
        yield Long(pgettext("form", "Public notice"), "\n".join(_notices(nomination, user)), least=12)


def _wishes(nomination: Nomination) -> Opinion:
    """The members' own wish, with room to sign; of several people the last answer dates it."""
    answers = Consent.objects.filter(run__nomination=nomination, answered_at__isnull=False, person__dropped_at=None)
    rows = list(answers.select_related("person").order_by("answered_at"))
    return Opinion(
        label=pgettext("form", "Wish of the person"),
        text="；".join(f"{row.person}：{row.get_answer_display()}" for row in rows),
        signer=pgettext("form", "Own signature:"),
        day=timezone.localdate(rows[-1].answered_at) if rows else None,
        sealed=False,
        least=8,
    )


def _notices(nomination: Nomination, user: User) -> Iterator[str]:
    """The periods; objections only for who handles them: the branch must not even see that there was one."""
    items = NoticeItem.objects.live().filter(run__nomination=nomination).select_related("notice__org_unit")
    handles = may_on_unit(user, "handle_objection", nomination.org_unit) and not is_concerned(user, nomination)
    for item in items.order_by("notice__starts_on", "pk"):
        notice = item.notice
        text = pgettext("form", "%(unit)s: from %(first)s to %(last)s.") % {
            "unit": notice.org_unit,
            "first": formal_date(notice.starts_on),
            "last": formal_date(notice.ends_on),
        }
        if handles and notice.is_over:
            raised = Objection.objects.visible_to(user).filter(item=item).count()
            text += pgettext("form", "Objections: %(n)s.") % {"n": raised}
        yield text


sheet_kind(
    SheetKind(
        "application",
        gettext_lazy("Application form"),
        rows=lambda user: Nomination.objects.visible_to(user).select_related(
            "campaign__owner", "post_kind", "org_unit"
        ),
        make=application_sheet,
        order=10,
        has_blank=True,
        page="posts:nomination_detail",
    )
)
