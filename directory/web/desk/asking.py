"""The form of a decision, for whichever page of the desk shows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from flask import get_template_attribute
from markupsafe import Markup

from directory.cases import rules as case_rules
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.credentials.decisions import queries
from directory.credentials.decisions.models import Decision
from directory.credentials.decisions.queries import Told
from directory.credentials.decisions.rules import Claim
from directory.crypto import keyring
from directory.desk import deciding
from directory.desk.review import Review
from directory.errors import DomainError
from directory.http import who
from directory.http.locale import gettext, lang
from directory.http.site import session, site
from directory.practitioners.models import Practitioner
from directory.web.forms.desk.deciding import DecisionForm, in_outline

_DAY: Final = 86_400


@dataclass(frozen=True, slots=True)
class Panel:
    """What ``desk/_decide.html`` draws."""

    case: Case
    form: DecisionForm | None
    """As it was sent; ``None`` while nothing was."""
    fields: Markup
    """What is asked, as HTML, while nothing was sent."""
    opened: str
    """When the page was opened, signed."""
    why_not: str
    """Why whoever asks cannot decide this; empty where they can."""
    first: Told | None
    """The first of two, which waits for a second person."""
    looked_at: Told | None
    """What a second look is about."""


def panel_for(review: Review) -> Panel:
    """The empty form for the case that is looked at."""
    case = review.case
    first = review.waits_for_second if case.not_by is not None else None
    claim, why_not = _compared(case, first, review.looked_at)
    why_not = _why_not(case) or why_not
    fields = Markup() if why_not else _empty(lang(), None if claim is None else in_outline(claim))
    return Panel(case, None, fields, stamp(f"case:{case.id}"), why_not, first, review.looked_at)


def panel_as_sent(case: Case, form: DecisionForm) -> Panel:
    """The form for this case as it was sent."""
    first = queries.waiting_for_second(session(), case.id) if case.not_by is not None else None
    looked_at = None
    if case.kind is Kind.SECOND_LOOK:
        looked_at = queries.decision(session(), int(case.subject.partition(":")[2]))
    claim, why_not = _compared(case, first, looked_at)
    if not why_not:
        _shape(form, claim)
    return Panel(
        case, form, Markup(), form.opened.data or "", _why_not(case) or why_not, _told(first), _told(looked_at)
    )


def _compared(case: Case, first: object, looked_at: object) -> tuple[Claim | None, str]:
    """What a verdict is compared with, or why there is nothing to compare; neither for a second person's answer."""
    if first is not None or looked_at is not None:
        return None, ""
    try:
        return deciding.claim(session(), case), ""
    except DomainError as error:
        return None, str(gettext(str(error)))


def _shape(form: DecisionForm, claim: Claim | None) -> None:
    if claim is None:
        form.shape_for_second()
    else:
        form.shape(claim)


# Drawing some twenty empty fields takes a third of the time of the page, and is the same for every claim of an outline.
@lru_cache(maxsize=256)
def _empty(_language: str, outline: Claim | None) -> Markup:
    form = DecisionForm(formdata=None, meta={"csrf": False})
    _shape(form, outline)
    return Markup(get_template_attribute("desk/_decide.html", "decide_fields")(form))  # noqa: S704 -- a macro escaped it


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
