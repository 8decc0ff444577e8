"""What is shown for a claim, as ``components/evidence.html`` draws it on any page of its owner."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from directory.credentials.evidence import queries, rules
from directory.credentials.evidence.queries import Attachment
from directory.credentials.evidence.terms import EvidenceState, MediaType, Way
from directory.http.locale import day, gettext, ngettext
from directory.http.locale import lazy_gettext as _l

_KINDS: Final[Mapping[MediaType, object]] = {
    MediaType.PDF: _l("PDF"),
    MediaType.JPEG: _l("Picture"),
    MediaType.PNG: _l("Picture"),
}
_CLAIMS: Final[Mapping[str, object]] = {
    "rls:patients": _l("How many people with restless legs syndrome (RLS) you have seen"),
    "rls:years": _l("Your years of work with restless legs syndrome (RLS)"),
    "rls:training": _l("Your training about restless legs syndrome (RLS)"),
    "rls:outcomes": _l("How you follow results"),
    "rls:liaison": _l("How you work with doctors"),
    "rls:publications": _l("What you have published"),
    "pregnancy:training": _l("Your training for work in pregnancy"),
    "pregnancy:patients": _l("How many pregnant people you have seen"),
    "pregnancy:liaison": _l("How you work with midwives and doctors"),
}
_STATES: Final[Mapping[EvidenceState, tuple[str, object]]] = {
    EvidenceState.WAITING_SCAN: ("clock", _l("Waits for the virus scanner; nobody can open it yet")),
    EvidenceState.ASKED: ("clock", _l("Asked, no answer yet")),
    EvidenceState.CONFIRMED: ("stated", _l("Confirmed; we have not proved who answered")),
    EvidenceState.DECLINED: ("missing", _l("Not confirmed")),
    EvidenceState.REFUSED: ("alert", _l("Refused and deleted: the virus scanner found something in it")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One piece in words. ``opens``: its owner may look at the file."""

    code: str
    what: str
    sent: str
    icon: str
    state: str
    words: str
    opens: bool
    removable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """Everything shown for one claim, and the ways in which more can be shown."""

    subject: str
    title: str
    """The claim in words; empty for a paper, whose page says which it is."""
    lines: Sequence[Line]
    file: bool
    statement: bool
    colleague: bool


def of(session: Session, practitioner_id: int, *subjects: str) -> list[Panel]:
    """The panels of some claims of one practitioner, in one statement. The caller knows that they are theirs."""
    shown = queries.attachments(session, practitioner_id)
    return [_panel(subject, shown.get(subject, [])) for subject in subjects]


def claim(subject: str) -> str:
    """A claim about a practice in words; empty for a paper or a cover."""
    return str(_CLAIMS.get(subject, ""))


def _panel(subject: str, shown: Sequence[Attachment]) -> Panel:
    ways = rules.subject(subject).ways
    return Panel(
        subject=subject,
        title=claim(subject),
        lines=[_line(each) for each in shown],
        file=Way.FILE in ways,
        statement=Way.STATEMENT in ways,
        colleague=Way.COLLEAGUE in ways,
    )


def _line(each: Attachment) -> Line:
    icon, state = _state(each)
    return Line(
        code=each.code,
        what=_what(each),
        sent=str(gettext("Sent on %(day)s", day=day(each.sent_at.date()))),
        icon=icon,
        state=state,
        words="" if each.told is None else each.told.words,
        opens=each.may_be_opened,
        removable=each.may_be_withdrawn,
    )


def _state(each: Attachment) -> tuple[str, str]:
    if each.state is EvidenceState.CLEAN:
        if each.decided:
            return "checked", str(gettext("Looked at; deleted on %(day)s", day=day(each.delete_after.date())))
        return "shown", str(gettext("Waits to be looked at"))
    icon, words = _STATES[each.state]
    return icon, str(words)


def _what(each: Attachment) -> str:
    if each.way is Way.STATEMENT:
        return str(gettext("Statement signed by %(name)s", name=each.told.name if each.told else ""))
    if each.way is Way.COLLEAGUE:
        return str(gettext("Asked %(name)s", name=each.told.name if each.told else ""))
    kind = str(_KINDS.get(each.media_type or MediaType.PDF, ""))
    if each.media_type is not MediaType.PDF:
        return kind
    pages = ngettext("%(num)s page", "%(num)s pages", each.pages or 1)
    return f"{kind}, {pages}"
