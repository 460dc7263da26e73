"""What the events of nominations, notices, decisions, posts and plaques are called in a history."""

from django.utils.translation import gettext_lazy as _

from campaigns.domain.history import Named, words
from posts.domain.print_makers import label_of
from posts.models import (
    ConferralStatus,
    ConsentAnswer,
    Decision,
    DecisionOutcome,
    EndorsementResult,
    Holder,
    NominationMember,
    NominationStatus,
    Notice,
    ObjectionChannel,
    ObjectionEffect,
    ObjectionStatus,
    StageRun,
    ZoneTask,
)

STEP = Named(StageRun, "label", _("“%s”"))
PERSON = Named(NominationMember)
ITEMS = _("%s items")

words("nomination_started", _("Nomination begun"))
words("draft_edited", _("Paper written on"), version=_("version %s"))
words("submitted", _("Nomination submitted"), version=_("version %s"))
words("evidence_added", _("Evidence added"))
words("evidence_removed", _("Evidence taken out"))
words("member_dropped", _("Member taken out of the nomination"), person=PERSON)
words("member_restored", _("Member taken back into the nomination"), person=PERSON)
words("stage_open", _("Step begun"), run=STEP)
words("stage_passed", _("Step passed"), run=STEP)
words("stage_failed", _("Step not passed"), run=STEP)
words("stage_returned", _("Returned from a step"), run=STEP)
words("stage_cancelled", _("Step no longer needed"), run=STEP)
words("returned", _("Nomination returned for correction"), run=STEP)
words("taken_up_again", _("Nomination taken up again"))
words("finished", _("Nomination ended"), status=NominationStatus)
words(
    "meeting_recorded",
    _("Meeting recorded"),
    run=STEP,
    should_attend=_("%s should attend"),
    present=_("%s present"),
    in_favour=_("%s in favour"),
)
words("consent_answered", _("Consent answered"), answer=ConsentAnswer)
words("endorsed", _("Opinion given"), run=STEP, result=EndorsementResult)

words("notice_published", _("Notice published"), items=ITEMS, until=_("until %s"))
words("put_on_notice", _("Put on public notice"), notice=Named(Notice, "title"))
words("notice_withdrawn", _("Notice withdrawn"), items=ITEMS)
words(
    "objection_filed",
    _("Objection received"),
    nameless=True,
    channel=ObjectionChannel,
    late=(_("after the last day, kept as a report"), ""),
)
words("objection_accepted", _("Objection taken up"))
words("objection_postponed", _("Term of the objection extended"), until=_("until %s"))
words("objection_settled", _("Objection settled"), status=ObjectionStatus, effect=ObjectionEffect)

words("decision_proposed", _("Decision noted"), outcome=DecisionOutcome)
words("decision_changed", _("Data of the decision changed"))
words("decision_item_changed", _("An item of the decision changed"), outcome=DecisionOutcome)
words("decision_items_dropped", _("Items taken out of the decision"))
words("decision_released", _("Decision released"), items=ITEMS, approved=_("%s approved"))
words("decision_cancelled", _("Decision cancelled"))
words("decision_annulled", _("Decision annulled"))

words("admitted", _("Admitted to the creation"), decision=Named(Decision, "document_number"))
words("conferred", _("Title conferred"), decision=Named(Decision, "document_number"))
words("displayed", _("Displayed for the first time"), on="%s")
words("display_suspended", _("Display suspended"))
words("display_resumed", _("Display resumed"))
words("conferral_ended", _("Title ended"), status=ConferralStatus)
words(
    "revocation_set_aside",
    _("Revocation set aside"),
    over_quota=_("although %s quota is exceeded"),
    second_post=_("although %s person holds another post"),
)
words("post_renamed", _("Post renamed"))
words("banned", _("Barred for the year"), year=_("year %s"))
words("ban_lifted", _("Bar lifted"), year=_("year %s"))

words("emblem_set", _("Emblem for plaques uploaded"))
words("emblem_removed", _("Emblem for plaques taken off"))
words("plaque_issued", _("Plaque entered into the register"))
words("plaque_handed_over", _("Plaque handed over"), on="%s")
words("plaque_recalled", _("Plaque called back"), due_on=_("to be returned by %s"))
words("plaque_returned", _("Plaque taken in"), on="%s")
words("plaque_recall_undone", _("Recall of the plaque undone"))
words("plaque_lost", _("Plaque recorded as lost"), on="%s")
words("plaque_damaged", _("Plaque recorded as damaged"), on="%s")
words("plaque_voided", _("Plaque void, never handed out"))

words("holder_left", _("A holder left"), holder=Named(Holder), on="%s")
words("holder_joined", _("A holder joined"), holder=Named(Holder), on="%s")
words("repair_opened", _("Members to be completed"), due_on=_("until %s"))
words("repair_repaired", _("Members complete again"))
words("repair_lapsed", _("Members not completed in time"))
words("repair_cancelled", _("Members need no completing any more"))
words("adjustment_proposed", _("Change of members proposed"))
words("adjustment_answered", _("Change of members: answer of a person"), answer=ConsentAnswer)
words("adjustment_confirmed", _("Change of members confirmed"))
words("adjustment_refused", _("Change of members refused"))
words("adjustment_withdrawn", _("Change of members withdrawn"))
words("sanction_noted", _("A holder came under a sanction"))
words("sanction_settled", _("Sanction of a holder settled"))
words("task_added", _("Task of the zone added"), task=Named(ZoneTask, "text"))
words("task_closed", _("Task of the zone closed"), task=Named(ZoneTask, "text"))
words("task_result", _("Result of a task entered"), task=Named(ZoneTask, "text"))
words("task_result_removed", _("Result of a task taken out"))
words("results_published", _("Results published"), results=_("%s results"))

words("print_ordered", _("Print ordered"), what=label_of)
words("print_made", _("File ready to be downloaded"))
words("print_failed", _("File could not be made"))
words("print_cancelled", _("Print cancelled"))
words("print_removed", _("File deleted"))
words("blank_kept", _("Blank of the unit kept"), version=_("version %s"))
words("blank_retired", _("Blank of the unit taken out of use"), version=_("version %s"))
