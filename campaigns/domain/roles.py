"""Which role holds which permission on its unit and everything below it (domain notes 2.7)."""

from campaigns.models import Role

_CLERK = (
    "view_unit",
    "manage_roster",
    "nominate",
    "deliberate",
    "run_survey",
    "publish_notice",
    "review_post",
    "draft_document",
)

ROLE_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.SECRETARY: (*_CLERK, "endorse", "assess", "decide", "release_decision", "issue_plaque", "issue_document"),
    Role.DEPUTY_SECRETARY: (
        *_CLERK,
        "endorse",
        "assess",
        "decide",
        "release_decision",
        "issue_plaque",
        "issue_document",
    ),
    Role.ORGANISER: _CLERK,
    # Where the unit itself goes the whole way (S4), its head does everything: there is nobody else in the unit.
    Role.UNIT_HEAD: (
        "view_unit",
        "nominate",
        "deliberate",
        "run_survey",
        "publish_notice",
        "endorse",
        "review_post",
        "assess",
        "decide",
        "release_decision",
        "issue_plaque",
        "draft_document",
        "issue_document",
    ),
    Role.OFFICER: (
        "view_unit",
        "manage_organization",
        "manage_roster",
        "manage_accounts",
        "manage_campaign",
        # Steps of the committee itself (cadres' meeting, recommendation by a unit that does not exist) need somebody.
        "nominate",
        "deliberate",
        "run_survey",
        "publish_notice",
        "handle_objection",
        "endorse",
        "assess",
        "release_decision",
        "issue_plaque",
        "review_post",
        "draft_document",
        "issue_document",
    ),
    Role.COMMITTEE_SECRETARY: (
        "view_unit",
        "endorse",
        "assess",
        "decide",
        "release_decision",
        "decide_veto",
        "audit_survey",
        "issue_document",
    ),
    Role.COMMITTEE_MEMBER: ("view_unit", "endorse", "decide", "decide_veto", "audit_survey"),
    Role.DISCIPLINE: ("view_unit", "handle_objection", "verify_incident", "audit_survey"),
    # Members of a leading group or an inspection group who have no other office there.
    Role.ASSESSOR: ("view_unit", "assess"),
    Role.ADMINISTRATOR: ("view_unit", "manage_organization", "manage_roster", "manage_accounts"),
}
