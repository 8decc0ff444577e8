"""The form of a decision, for whichever page of the desk shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from directory.cases import rules as case_rules
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.credentials.decisions import queries
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.queries import Told
from directory.crypto import keyring
from directory.desk import deciding
from directory.desk.review import Review
from directory.errors import DomainError
from directory.practitioners.models import Practitioner
from directory.web import who
from directory.web.forms.desk.deciding import DecisionForm
from directory.web.locale import gettext
from directory.web.site import session, site

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Panel:
    """What ``desk/_decide.html`` draws."""

    case: Case
    form: DecisionForm
    why_not: str
    """Why whoever asks cannot decide this; empty where they can."""
    first: Told | None
    """The first of two, which waits for a second person."""
    looked_at: Told | None
    """What a second look is about."""


def panel_for(review: Review) -> Panel:
    """The empty form for the case that is looked at."""
    form = DecisionForm(formdata=None, data={"opened": stamp(f"case:{review.case.id}")})
    first = review.waits_for_second if review.case.not_by is not None else None
    return _panel(review.case, form, first, review.looked_at)


def panel_as_sent(case: Case, form: DecisionForm) -> Panel:
    """The form for this case as it was sent."""
    first = queries.waiting_for_second(session(), case.id) if case.not_by is not None else None
    looked_at = None
    if case.kind is Kind.SECOND_LOOK:
        looked_at = queries.decision(session(), int(case.subject.partition(":")[2]))
    return _panel(case, form, _told(first), _told(looked_at))


def _panel(case: Case, form: DecisionForm, first: Told | None, looked_at: Told | None) -> Panel:
    why_not = _why_not(case)
    if first is not None or looked_at is not None:
        form.shape_for_second()
    else:
        try:
            form.shape(deciding.claim(session(), case))
        except DomainError as error:
            why_not = why_not or gettext(str(error))
    return Panel(case, form, why_not, first, looked_at)


def _told(decision: Decision | None) -> Told | None:
    return None if decision is None else queries.told(session(), [decision])[0]


def _why_not(case: Case) -> str:
    me = who.account().id
    person = None if case.about is None else session().get(Practitioner, case.about)
    if person is not None and person.account_id == me:
        return gettext("This is about yourself. Two others have to decide it.")
    if case.not_by == me:
        owner = None if person is None else person.account_id
        if queries.deciders(session()) - {me, owner}:
            return gettext("You decided this before. It waits for somebody else.")
        return gettext(
            "You decided this before, and nobody else can decide at the moment. It waits until a second person works "
            "here who has a second factor."
        )
    if case_rules.is_taken_by_another(case.claimed_by, case.claimed_until, by=me, now=site().clock()):
        return gettext("Somebody else is working on this case.")
    return ""


# --- how long it took ------------------------------------------------------------------------------------------------


def stamp(page: str) -> str:
    """That whoever asks opened this page now, so that nobody but us can say when."""
    return keyring.seal(json.dumps([page, who.account().id, site().clock().isoformat()]))


def took_seconds(sealed: str | None, page: str) -> int:
    """The seconds since this page was opened; none where that cannot be believed, so that it is looked at again."""
    opened = keyring.open(sealed or "", max_age=_DAY)
    if opened is None:
        return 0
    told_page, account_id, at = json.loads(opened)
    if (told_page, account_id) != (page, who.account().id):
        return 0
    return max(0, int((site().clock() - datetime.fromisoformat(at)).total_seconds()))
