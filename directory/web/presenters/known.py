"""What is known of somebody, one line each, with how it is known: checked, shown to us, only stated, or to be asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from directory.credentials.rules import Paper, Permit
from directory.credentials.terms import CheckMethod, Verification
from directory.http.locale import day, gettext, ngettext, number, span
from directory.practitioners.rules import accepting_confirmed, accepting_now, unconfirmed_days
from directory.practitioners.terms import Accepting
from directory.search.results import PregnancyFacts, RlsFacts
from directory.web.presenters import labels, papers

MARKS: Final[Mapping[Verification, str]] = {
    Verification.INDEPENDENTLY_CONFIRMED: "checked",
    Verification.DOCUMENT_CHECKED: "shown",
    Verification.SELF_ATTESTED: "stated",
    Verification.NONE: "stated",
}
"""How a declaration was verified, as a sign of ``components/icons.html``."""


@dataclass(frozen=True, slots=True)
class Known:
    """One line. ``mark`` is "checked", "shown", "stated", "missing" or "ask"; ``how`` says with whom and when."""

    mark: str
    said: str
    how: str = ""


def mark_of(paper: Paper) -> str:
    """The sign for a paper: checked with its source, seen as a document, or only the practitioner's word."""
    if paper.verified_on is None or paper.check_method is None:
        return "stated"
    return "shown" if paper.check_method is CheckMethod.DOCUMENT_ONLY else "checked"


def basis(permit: Permit) -> Iterator[Known]:
    """The papers a listing rests on."""
    for paper in permit.basis:
        late = permit.late_period(paper)
        how = ", ".join(part for part in (papers.checked(paper), papers.valid_to(paper, late=late)) if part)
        yield Known(mark_of(paper), f"{papers.what(paper)} {papers.status(paper, late=late)}".strip(), _sentence(how))


def rls(facts: RlsFacts | None) -> Known:
    """Experience with RLS, and how far it was checked."""
    if facts is None or not has_shown(facts):
        return Known("missing", str(gettext("Has told us of no experience with restless legs syndrome (RLS) yet")))
    if facts.patients_24m:
        said = ngettext(
            "Has seen %(num)s person with restless legs syndrome (RLS) in the last 24 months",
            "Has seen %(num)s people with restless legs syndrome (RLS) in the last 24 months",
            facts.patients_24m,
        )
        return _verified(said, facts.patients_verification)
    if facts.training_hours:
        said = gettext(
            "Has %(hours)s hours of training about restless legs syndrome (RLS)", hours=number(facts.training_hours)
        )
        return _verified(said, facts.training_verification)
    said = gettext("Says they have seen people with restless legs syndrome (RLS) for %(span)s", span=span(facts.years))
    return Known("stated", str(said))


def has_shown(facts: RlsFacts) -> bool:
    """Whether anything was told about work with RLS."""
    return bool(facts.patients_24m or facts.years or facts.training_hours)


def pregnancy(facts: PregnancyFacts) -> Known:
    """The declaration about work in pregnancy; only for one that passes the gate."""
    said = gettext(
        "Takes on weeks %(first)s to %(last)s of pregnancy; %(hours)s hours of maternity training",
        first=facts.min_week,
        last=facts.max_week,
        hours=number(facts.training_hours),
    )
    how = gettext(
        "Training: %(checked)s; declaration signed on %(day)s.",
        checked=labels.word(labels.VERIFICATION, facts.training_verification),
        day=day(facts.signed_on),
    )
    return Known(MARKS[facts.training_verification], str(said), str(how))


def accepting(answer: Accepting, on: date | None, *, today: date, away_until: date | None = None) -> Known:
    """Whether new patients are taken, with the day ``on`` which it was said; ``away_until`` is the last day of an
    absence that lasts today."""
    if away_until is not None:
        said = gettext("Away until %(day)s; may keep a waiting list", day=day(away_until))
        return Known("ask", str(said), str(gettext("Their own word; they are back the day after.")))
    answer = accepting_now(answer, on, today=today)
    if answer is Accepting.UNKNOWN:
        return Known("ask", str(gettext("We do not know whether they take new patients: ask")))
    if answer is Accepting.CLOSED:
        said = gettext("Says their list is closed; they may keep a waiting list")
        return Known("stated", str(said), _on(on))
    if on is not None and not accepting_confirmed(answer, on, today=today):
        return Known("ask", str(gettext("Said that they take new patients; that is a while ago, so ask")), _on(on))
    return Known("stated", str(gettext("Takes new patients")), _on(on))


def unconfirmed(said_true_on: date | None, *, today: date) -> str:
    """A calm warning where nobody has said for long that a profile is still true; empty otherwise."""
    age = unconfirmed_days(said_true_on, today=today)
    if age is None:
        return ""
    return str(
        ngettext(
            "Last confirmed %(num)s day ago; ask whether it is still right.",
            "Last confirmed %(num)s days ago; ask whether it is still right.",
            age,
        )
    )


def _on(said_on: date | None) -> str:
    return str(gettext("Their own word, on %(day)s.", day=day(said_on))) if said_on is not None else ""


def _verified(said: object, verification: Verification) -> Known:
    return Known(MARKS[verification], str(said), _sentence(labels.word(labels.VERIFICATION, verification)))


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""
