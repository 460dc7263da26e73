"""The documents of the demonstration: a naming decision that was issued, a draft that waits for the office."""

from assessments.demo.days import ago
from assessments.demo.steps import Cases
from assessments.rehearsal.days import at
from posts.domain.document_issue import issue_document
from posts.domain.official_documents import save_document, start_document
from posts.models import Decision, Nomination


def tell_papers(cases: Cases, named: list[Nomination]) -> None:
    """The day after the decision its paper goes out; the notification of the campaign is still to be issued."""
    officer = cases.town.people["demo-officer"]
    with at(ago(116), 10):
        decision = Decision.objects.get(pk=named[0].conferral.decision_id)
        paper = start_document(decision, kind="naming", actor=officer)
        wishes = {"copies_to": "示例县委组织部，示例县直机关工委"}
        paper = save_document(paper, actor=officer, version=paper.version, fields=wishes)
        issue_document(paper, actor=officer)
    with at(ago(1), 9):
        start_document(cases.campaign, kind="notification", actor=officer)
