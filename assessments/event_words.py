"""What the events of surveys, reviews, rectifications, reports and rotations are called in a history.

There is none for a vote: a vote writes no event.
"""

from django.utils.translation import gettext_lazy as _

from assessments.models import (
    IncidentFinding,
    IncidentMeasure,
    IncidentSource,
    Method,
    MissedAction,
    ProposedEnd,
    ReviewOutcome,
    RewardKind,
    RotationChoice,
    Statement,
    Stratum,
    Verdict,
    Voice,
)
from campaigns.domain.history import Named, words
from campaigns.models import Member, VetoGround
from posts.models import Conferral

POST = Named(Conferral)
POSTS = _("%s posts")
BALLOTS = _("%s ballots")

words("survey_prepared", _("Survey prepared"))
words("survey_opened", _("Survey opened, rules and roll frozen"), rules=_("rules %s"), roll=_("roll %s"))
words("survey_extended", _("Survey extended"), rules=_("rules %s"))
words(
    "survey_closed",
    _("Survey closed and counted"),
    verdict=Verdict,
    ballots=BALLOTS,
    codes_voided=_("%s codes that nobody used void from now on"),
)
words("survey_repeated", _("Survey to be held again"))
words("survey_abandoned", _("Survey stopped, its ballots destroyed unread"))
words("survey_voided", _("Survey declared void"))
words("ballot_codes_made", _("Ballot codes printed"), n="%s")
words(
    "voting_links_made",
    _("Personal voting links made"),
    members=lambda keys: str(_("%s people")) % len(keys),
    replaced=(_("in place of earlier ones"), ""),
)
words("ballot_codes_voided", _("Unused ballot codes voided"))
words("outside_number_stated", _("Number from outside stated"), stratum=Stratum, n="%s")
words(
    "roll_change_asked",
    _("Change of the roll asked for"),
    member=Named(Member),
    adds=(_("to be added"), _("to be taken off")),
)
words("roll_changed", _("Roll changed"), member=Named(Member), adds=(_("added"), _("taken off")), roll=_("roll %s"))
words("roll_change_refused", _("Change of the roll refused"), member=Named(Member))
words("paper_handed_out", _("Paper ballots given out"), n="%s", stratum=Stratum)
words("paper_counted", _("Paper ballots counted alike by two people"), stratum=Stratum)
words("bulletin_published", _("Bulletin published"), version=_("version %s"), sha256=_("check sum %s"))
words("recount_asked", _("Recount asked for"))
words("recount_confirmed", _("Recount confirmed by a second auditor"))
words("recounted", _("Counted again"), n=BALLOTS, agrees=(_("agrees"), _("does not agree")))
words("openings_destroyed", _("Openings of the ballots destroyed"), n=BALLOTS)

words("self_score_submitted", _("Self-score submitted"))
words("score_submitted", _("Score sheet submitted"))
words("score_taken_back", _("Score sheet taken back"))
words("assessment_recorded", _("Assessment recorded"), method=Method)
words("assessment_concluded", _("Assessment concluded"), passed=(_("passed"), _("not passed")), score=_("score %s"))

words("reviews_opened", _("Reviews opened"), period="%s", count=POSTS, missed=(_("overdue from the start"), ""))
words("reviews_called", _("Reviews called for"), count=POSTS, on="%s")
words("reviews_missed", _("Reviews not done in time"), due_on=_("due on %s"), count=POSTS)
words("review_statement", _("Spoken in a review"), voice=Voice, statement=Named(Statement, "speaker"))
words("review_peer_heard", _("A fellow member has spoken in a review"), nameless=True)
words("review_peers_counted", _("Papers of fellow members counted"), n="%s")
words("review_score_submitted", _("Score sheet of a review submitted"))
words("review_done", _("Review done"), period="%s", outcome=ReviewOutcome)
words("missed_review_settled", _("Missed review settled"), action=MissedAction)
words("open_work_cancelled", _("Open reviews, rectifications and proposals cancelled with the title"))
words("rectification_opened", _("Rectification demanded"), due_on=_("until %s"))
words("rectification_submitted", _("Rectification reported as done"))
words("rectification_checked", _("Rectification checked"), passed=(_("settled"), _("not settled")))
words("rectification_evidence", _("Evidence of the finding added"))
words("rectification_lapsed", _("Rectification not handed in in time"))
words("extension_asked", _("More time asked for"), until=_("until %s"))
words("extension_answered", _("Request for more time answered"), granted=(_("granted"), _("refused")))
words("conferral_rectifying", _("Under rectification"))
words("conferral_active", _("Rectification settled, valid again"))
words("end_proposed", _("End of the title proposed"), end=ProposedEnd)
words("proposal_decided", _("Proposal decided"), accepted=(_("agreed"), _("not agreed")))

words("incident_reported", _("Report received"), nameless=True, source=IncidentSource)
words("incident_taken_up", _("Report taken up"))
words("incident_found", _("Report verified"), finding=IncidentFinding)
words("incident_dismissed", _("No clue to follow: to be closed"))
words("incident_closing_confirmed", _("Closing confirmed by a second person"))
words("incident_sent_back", _("Sent back to be verified further"))
words("statement_asked", _("Person concerned asked for a statement"))
words("statement_given", _("Statement of the person concerned"))
words("incident_closed", _("Report closed"), measure=IncidentMeasure)
words("veto_decided", _("One-vote veto decided, title revoked"), ground=Named(VetoGround, "text"))

words("rotation_opened", _("Rotation opened"), posts=POSTS, missed=(_("overdue from the start"), ""))
words("rotation_missed", _("Rotation not decided in time"))
words("rotation_decided", _("Rotation: a post decided"), conferral=POST, choice=RotationChoice)
words("rotation_released", _("Rotation released"), posts=POSTS)
words("rotation_held", _("Kept the plaque in a rotation"))
words("commendation_opened", _("Commendation list opened"))
words("commendation_chosen", _("Posts chosen for the commendation"), posts=lambda keys: str(POSTS) % len(keys))
words("commendation_dropped", _("Post taken off the commendation"), post=POST)
words("commendation_released", _("Commendation released"), posts=POSTS)
words("reward_recorded", _("Reward recorded"), kind_of_reward=RewardKind, people=_("%s people"))
