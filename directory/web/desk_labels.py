"""What stands at the desk, in words: kinds of cases, why they matter, risks, piles, outcomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from directory.cases.terms import Kind, Risk
from directory.credentials.decisions.terms import Outcome
from directory.desk.criteria import Pile
from directory.web.locale import lazy_gettext as _l

Words = Mapping[Any, Any]
"""From a code to a lazily translated word."""

KINDS: Final[Words] = {
    Kind.HARM: _l("Harmed or felt unsafe"),
    Kind.HOLD_REVIEW: _l("Review of a hold"),
    Kind.APPEAL: _l("Appeal"),
    Kind.DISPUTE: _l("Two people say it is them"),
    Kind.COMPLAINT: _l("Complaint"),
    Kind.EXCLUSION: _l("Exclusion list"),
    Kind.REGISTER_NEWS: _l("News from a register"),
    Kind.PROFILE_CLAIM: _l("Profile claim"),
    Kind.CONTROL: _l("Who is at the keyboard"),
    Kind.LICENCE: _l("Licence"),
    Kind.CERTIFICATION: _l("Certification"),
    Kind.EDUCATION: _l("Education, clean needle technique"),
    Kind.INDEMNITY: _l("Insurance"),
    Kind.TRAINING: _l("Training"),
    Kind.RLS_CASELOAD: _l("RLS caseload"),
    Kind.PREGNANCY_DECLARATION: _l("Pregnancy declaration"),
    Kind.SENSITIVE_EDIT: _l("Change of a profile"),
    Kind.PHOTO: _l("Photo"),
    Kind.PLAUSIBILITY: _l("Hard to believe"),
    Kind.DUPLICATE: _l("Perhaps the same person"),
    Kind.CLOSING: _l("Retired, died or closed"),
    Kind.SECOND_LOOK: _l("Second look"),
}
"""In the order in which they are listed."""

WHY: Final[Words] = {
    Kind.HARM: _l("somebody may be hurt"),
    Kind.HOLD_REVIEW: _l("somebody is hidden until it is looked at"),
    Kind.APPEAL: _l("somebody says that we were wrong"),
    Kind.DISPUTE: _l("one of the two is not who they say"),
    Kind.COMPLAINT: _l("patients may be misled"),
    Kind.EXCLUSION: _l("somebody listed may be excluded"),
    Kind.REGISTER_NEWS: _l("somebody listed may have lost a licence"),
    Kind.PROFILE_CLAIM: _l("somebody else may take a profile over"),
    Kind.CONTROL: _l("a licence does not show who sits at the keyboard"),
    Kind.LICENCE: _l("nobody is listed before it was checked"),
    Kind.CERTIFICATION: _l("nobody is listed before it was checked"),
    Kind.EDUCATION: _l("it is shown as not checked meanwhile"),
    Kind.INDEMNITY: _l("nobody is listed before it was checked"),
    Kind.TRAINING: _l("it is shown as not checked meanwhile"),
    Kind.RLS_CASELOAD: _l("it counts for little meanwhile"),
    Kind.PREGNANCY_DECLARATION: _l("nobody pregnant is sent there meanwhile"),
    Kind.SENSITIVE_EDIT: _l("patients see what was there before"),
    Kind.PHOTO: _l("it is not shown meanwhile"),
    Kind.PLAUSIBILITY: _l("it may still be right"),
    Kind.DUPLICATE: _l("both are shown meanwhile"),
    Kind.CLOSING: _l("patients may go to a closed door"),
    Kind.SECOND_LOOK: _l("the decision holds meanwhile"),
}
"""Why a case of this kind has the risk that it has, or what holds while it waits."""

RISKS: Final[Words] = {
    Risk.URGENT: _l("Urgent"),
    Risk.HIGH: _l("High"),
    Risk.USUAL: _l("Usual"),
    Risk.LOW: _l("Low"),
}
PILES: Final[Words] = {
    Pile.OPEN: _l("To do"),
    Pile.OVERDUE: _l("Overdue"),
    Pile.WAITING: _l("Waiting for an answer"),
    Pile.MINE: _l("Taken by me"),
    Pile.ASSIGNED: _l("Given to me"),
    Pile.SECOND: _l("For a second person"),
    Pile.DECIDED: _l("Decided lately"),
}
OUTCOMES: Final[Words] = {
    Outcome.VERIFIED: _l("Checked, and it agrees"),
    Outcome.NOT_CHECKED: _l("The source was away"),
    Outcome.MORE_INFORMATION: _l("Asked for more"),
    Outcome.REJECTED: _l("Not granted"),
    Outcome.SUSPENDED: _l("Suspended"),
    Outcome.REVOKED: _l("Taken away"),
    Outcome.RESTORED: _l("Given back"),
    Outcome.HELD: _l("Hidden for now"),
    Outcome.RELEASED: _l("Shown again"),
    Outcome.NO_ACTION: _l("Nothing to change"),
}
