"""Where one is listed: each place with each way of meeting, and the one reason why not with what mends it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import render_template, url_for

from directory.credentials import queries as credentials
from directory.credentials.queries import Unchecked
from directory.credentials.registration.terms import StepKey
from directory.credentials.rules import LEAST_MATERNITY_HOURS
from directory.credentials.terms import Refusal
from directory.http import headers, who
from directory.http.locale import day, gettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.jurisdictions.names import name_of
from directory.practitioners.models import Practitioner
from directory.practitioners.terms import AccountStatus
from directory.search import listings, standing
from directory.search.standing import Line, Service, Why
from directory.web.practice.blueprint import pages
from directory.web.presenters import labels
from directory.web.registration import steps

SERVICES: Final[Mapping[Service, Any]] = {
    Service.IN_PERSON: _l("At the practice"),
    Service.HOME_VISIT: _l("Home visits"),
    Service.REMOTE: _l("Remote talks with patients in %(place)s"),
    Service.PREGNANCY: _l("For pregnant patients"),
}

_PAPER: Final = {
    Why.WAITING: _l("The paper you named for here waits for our check with its register."),
    Why.LAPSED: _l("The paper you have for here is past its date."),
}
REASONS: Final[Mapping[Refusal, Mapping[Why, Any]]] = {
    Refusal.NO_RULE: {Why.LACKING: _l("We do not know the rules for acupuncture here yet, so we list nobody.")},
    Refusal.CLOSED_JURISDICTION: {Why.LACKING: _l("We list nobody here: no licence exists, and no source says yes.")},
    Refusal.HIDDEN_JURISDICTION: {Why.LACKING: _l("We list nobody here at present. It has nothing to do with you.")},
    Refusal.DRY_NEEDLING: {Why.LACKING: _l("We list acupuncture, and not dry needling under another licence.")},
    Refusal.ORDERED_TO_STOP: {Why.LACKING: _l("A register says that practice must stop.")},
    Refusal.NOTHING_TO_OFFER: {Why.LACKING: _l("A condition on your licence forbids the only technique you offer.")},
    Refusal.HELD: {Why.LACKING: _l("A question about your profile is open with us. We have written to you.")},
    Refusal.NO_LICENCE: _PAPER | {Why.LACKING: _l("No licence for here is on your profile.")},
    Refusal.NO_MEMBERSHIP: _PAPER | {Why.LACKING: _l("No membership that counts here is on your profile.")},
    Refusal.NO_CERTIFICATION: _PAPER | {Why.LACKING: _l("No national certification is on your profile.")},
    Refusal.NO_LOCAL_PAPERS: _PAPER | {Why.LACKING: _l("The papers that the local council asks for are missing.")},
    Refusal.NO_INDEMNITY: {
        Why.WAITING: _l("Your indemnity insurance waits for our check."),
        Why.LAPSED: _l("Your indemnity insurance has ended."),
        Why.LACKING: _l("No indemnity insurance is on your profile."),
    },
    Refusal.HOLDER_NOT_PROVED: {Why.WAITING: _l("We still have to see that you are the person the papers name.")},
    Refusal.NOT_ATTESTED: {
        Why.LAPSED: _l("Nobody has said within 120 days that this place is still right."),
        Why.LACKING: _l("You have not yet said that what stands here is true."),
    },
    Refusal.PREGNANCY_NOT_TREATED: {Why.LACKING: _l("You have not said that you see pregnant patients.")},
    Refusal.CONDITION_EXCLUDES_PREGNANCY: {Why.LACKING: _l("A condition on your licence excludes pregnancy.")},
    Refusal.TRAINING_NOT_CHECKED: {
        Why.WAITING: _l("Your maternity training waits for our check."),
        Why.LACKING: _l("Maternity training of at least %(hours)s hours is missing."),
    },
    Refusal.NO_PREGNANCY_COVER: {
        Why.WAITING: _l("Your insurance for pregnancy waits for our check."),
        Why.LAPSED: _l("Your insurance for pregnancy has ended."),
        Why.LACKING: _l("No insurance that names pregnancy is on your profile."),
    },
    Refusal.NO_POINT_POLICY: {Why.LACKING: _l("Your declaration names no policy on points.")},
    Refusal.NO_WRITTEN_CONSENT: {Why.LACKING: _l("Your declaration does not speak of written consent.")},
    Refusal.NO_EMERGENCY_POLICY: {Why.LACKING: _l("Your declaration names no emergency policy.")},
    Refusal.WEEK_OUTSIDE_WINDOW: {Why.LACKING: _l("Your declaration does not say for which weeks.")},
    Refusal.DECLARATION_NOT_CURRENT: {
        Why.LAPSED: _l("Your pregnancy declaration is older than twelve months."),
        Why.LACKING: _l("Your pregnancy declaration is not signed."),
    },
}
"""The one reason, by what it rests on."""

UNPUBLISHED: Final[Mapping[AccountStatus, Any]] = {
    AccountStatus.DRAFT: _l("Your profile is not published yet. It will be when our checks are through."),
    AccountStatus.PAUSED: _l("You have paused your profile."),
    AccountStatus.SUSPENDED: _l("We have suspended your profile. We wrote to you why."),
    AccountStatus.CLOSED: _l("Your profile is closed, because you practise no longer."),
}

STEPS: Final[Mapping[Refusal, tuple[StepKey, Any]]] = {
    Refusal.NOTHING_TO_OFFER: (StepKey.OFFERS, _l("Go to what you offer")),
    Refusal.NO_LICENCE: (StepKey.LICENCES, _l("Go to licences")),
    Refusal.NO_MEMBERSHIP: (StepKey.LICENCES, _l("Go to licences")),
    Refusal.NO_CERTIFICATION: (StepKey.LICENCES, _l("Go to licences")),
    Refusal.NO_LOCAL_PAPERS: (StepKey.LICENCES, _l("Go to licences")),
    Refusal.NO_INDEMNITY: (StepKey.LICENCES, _l("Go to insurance")),
    Refusal.NO_PREGNANCY_COVER: (StepKey.LICENCES, _l("Go to insurance")),
    Refusal.PREGNANCY_NOT_TREATED: (StepKey.PREGNANCY, _l("Go to work in pregnancy")),
    Refusal.TRAINING_NOT_CHECKED: (StepKey.PREGNANCY, _l("Go to work in pregnancy")),
    Refusal.NO_POINT_POLICY: (StepKey.PREGNANCY, _l("Go to work in pregnancy")),
    Refusal.NO_WRITTEN_CONSENT: (StepKey.PREGNANCY, _l("Go to work in pregnancy")),
    Refusal.NO_EMERGENCY_POLICY: (StepKey.PREGNANCY, _l("Go to work in pregnancy")),
    Refusal.WEEK_OUTSIDE_WINDOW: (StepKey.PREGNANCY, _l("Go to work in pregnancy")),
    Refusal.DECLARATION_NOT_CURRENT: (StepKey.PREGNANCY, _l("Go to work in pregnancy")),
}
"""Where each is mended, while it is the practitioner who can."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``mark`` is a sign of ``components/icons.html``."""

    service: str
    mark: str
    said: str
    more: str
    mend: str
    mend_href: str


@dataclass(frozen=True, slots=True)
class Place:
    """One place with its lines."""

    id: int
    label: str
    where: str
    rows: Sequence[Row]


@pages.get("/listed")
def listed() -> str:
    """The table. At most five statements beside those that find who is asking."""
    headers.personal()
    person = who.practitioner()
    found = list(listings.read(session(), practitioner_ids=[person.id]))
    rules = jurisdictions.all_rules(session())
    lines = standing.lines(found, rules, now=site().clock())
    places = [
        Place(
            each.place.id,
            each.place.label,
            f"{each.place.locality}, {name_of(each.place.jurisdiction)}",
            [_row(line, person) for line in lines if line.place_id == each.place.id],
        )
        for each in sorted(found, key=lambda each: each.place.id)
    ]
    return render_template(
        "practice/listed.html",
        places=places,
        some=any(line.listed for line in lines),
        waiting=[_waits(each) for each in credentials.unchecked(session(), person.id)],
        add_place=steps.address(StepKey.PLACES),
    )


def _row(line: Line, person: Practitioner) -> Row:
    service = str(SERVICES[line.service]) % {"place": name_of(line.jurisdiction)}
    if line.listed:
        return Row(service, "info" if line.waiting_list_only else "checked", _said(line), _until(line), "", "")
    if line.refusal is None:
        said = gettext("A condition on your licence rules out electro-acupuncture, and you offer nothing else.")
        return Row(
            service, "missing", _not_listed(), str(said), str(gettext("Go to methods")), steps.address(StepKey.OFFERS)
        )
    waits = line.why is Why.WAITING
    said, href = ("", "") if waits else mend(line.refusal, person)
    return Row(service, "clock" if waits else "missing", _not_listed(), reason(line, person), said, href)


def _said(line: Line) -> str:
    if line.waiting_list_only:
        return str(gettext("Listed for patients who accept a waiting list"))
    return str(gettext("Listed"))


def _not_listed() -> str:
    return str(gettext("Not listed"))


def _until(line: Line) -> str:
    said = []
    if line.away_until is not None:
        said.append(gettext("You are away until %(day)s.", day=day(line.away_until)))
    elif line.waiting_list_only:
        said.append(gettext("You said that your list is closed."))
    if line.lasts_until is not None:
        last = day(line.lasts_until)
        said.append(gettext("Stays listed until %(day)s, or longer if you renew or confirm before.", day=last))
    return " ".join(str(each) for each in said)


def reason(line: Line, person: Practitioner) -> str:
    """The one reason why this line is not listed, as a sentence."""
    if line.refusal is None:
        return ""
    if line.refusal is Refusal.NOT_PUBLISHED:
        return str(UNPUBLISHED.get(person.account_status, ""))
    by_why = REASONS[line.refusal]
    said = str(by_why.get(line.why or Why.LACKING) or next(iter(by_why.values())))
    return said % {"hours": LEAST_MATERNITY_HOURS} if line.refusal is Refusal.TRAINING_NOT_CHECKED else said


def mend(refusal: Refusal, person: Practitioner) -> tuple[str, str]:
    """Where it is mended, as words and address; empty where the practitioner can do nothing."""
    if refusal is Refusal.NOT_ATTESTED and person.published_at is not None:
        return str(gettext("Say that all is still true")), url_for("practice.confirm")
    if refusal in (Refusal.NOT_PUBLISHED, Refusal.NOT_ATTESTED) and person.account_status is AccountStatus.DRAFT:
        return str(gettext("Go to your registration")), url_for("registration.overview")
    if refusal in STEPS:
        step, words = STEPS[refusal]
        return str(words), steps.address(step)
    return "", ""


def _waits(each: Unchecked) -> tuple[str, str]:
    """What waits, and for what."""
    if each.kind is None:
        name = str(gettext("Indemnity insurance"))
    else:
        kind = labels.word(labels.KINDS, each.kind)
        name = f"{each.body or name_of(each.jurisdiction)}: {kind}" if each.body or each.jurisdiction else kind
    if each.document_seen:
        said = gettext("We saw your document. The register itself still has to be asked.")
    elif each.names_somebody_else:
        said = gettext("The register was asked, and the name it gave is not yours as we know it. Please write to us.")
    elif each.due is not None:
        since, due = day(each.given_on), day(each.due)
        said = gettext("With us since %(since)s; we look at it by %(due)s.", since=since, due=due)
    else:
        said = gettext("Saved on %(day)s. No check has begun yet.", day=day(each.given_on))
    return name[:1].upper() + name[1:], str(said)
