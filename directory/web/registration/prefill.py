"""What the national register says of somebody, offered value by value, each with its source and day.

Address and telephone are not offered: the verification desk reaches the holder of a licence over them, so they must not
become what an applicant typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from directory.credentials import service as credentials
from directory.credentials.edits import service as edits
from directory.credentials.registration import queries, service
from directory.credentials.registration.service import Offered
from directory.credentials.registration.terms import StepKey
from directory.credentials.service import CredentialDraft
from directory.credentials.terms import CredentialKind, CredentialStatus
from directory.http import who
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions.names import NAMES, name_of
from directory.practitioners.models import Practitioner
from directory.registries import queries as registries
from directory.registries import rules
from directory.registries.models import RegistryEntry
from directory.registries.terms import Standing
from directory.web.forms.registration.prefill import TAKE, prefill_form
from directory.web.forms.registration.step import StepForm
from directory.web.registration import flow
from directory.web.registration.blueprint import step

SOURCE: Final = "NPPES"


@dataclass(frozen=True, slots=True)
class Offer:
    """One value: what it is, what the register says, of which day."""

    name: str
    """Of the form's question: ``name``, ``town``, ``licence_3``."""
    label: str
    value: str
    jurisdiction: str = ""
    number: str = ""


@step("/who/register", "prefill")
def prefill() -> ResponseReturnValue:
    """What to take over; straight on where there is nothing to offer or all was decided."""
    person = who.practitioner()
    entry = _entry(person)
    offers = [] if entry is None else _offers(entry, person)
    if entry is None or not offers:
        return redirect(url_for("registration.alike"), 303)
    return flow.answer(
        flow.Screen(
            step=StepKey.WHO,
            form=prefill_form((each.name, f"{each.label}: {each.value}") for each in offers),
            stored={},
            save=lambda form: _take(person, entry.as_of, offers, form),
            template="registration/prefill.html",
            person=person,
            after=url_for("registration.alike"),
            context={"offers": offers, "as_of": entry.as_of, "npi": entry.npi},
        )
    )


def town(person: Practitioner) -> str:
    """The town that somebody took over from the register, for the form of their first place; empty otherwise."""
    taken = {each.field: each for each in queries.prefilled(session(), person.id) if each.accepted}
    entry = _entry(person) if "town" in taken else None
    return "" if entry is None else rules.readable(entry.city)


def _entry(person: Practitioner) -> RegistryEntry | None:
    found = registries.entry(session(), person.npi) if person.npi else None
    return found if found is not None and found.standing is Standing.SHOWN else None


def _offers(entry: RegistryEntry, person: Practitioner) -> list[Offer]:
    decided = {each.field for each in queries.prefilled(session(), person.id)}
    offers = []
    name = rules.full_name(entry.first_name, entry.middle_name, entry.last_name, entry.suffix)
    if name != person.display_name:
        offers.append(Offer("name", str(gettext("Your name")), name))
    if entry.city:
        region = name_of(f"US-{entry.region}") if f"US-{entry.region}" in NAMES else rules.readable(entry.region)
        offers.append(Offer("town", str(gettext("Where you work")), f"{rules.readable(entry.city)}, {region}"))
    for lead in registries.leads(session(), entry.npi):
        code = f"US-{lead.state}"
        if code in NAMES and lead.number:
            offers.append(
                Offer(
                    f"licence_{lead.slot}",
                    str(gettext("A licence in %(place)s", place=name_of(code))),
                    str(gettext("number %(number)s", number=lead.number)),
                    jurisdiction=code,
                    number=lead.number,
                )
            )
    return [each for each in offers if each.name not in decided]


def _take(person: Practitioner, as_of: date, offers: list[Offer], form: StepForm) -> None:
    now = site().clock()
    taken = {each.name for each in offers if form[each.name].data == TAKE}
    service.saved(session(), person.id, StepKey.WHO, now=now)
    service.decide_prefill(
        session(), person.id, [Offered(each.name, SOURCE, as_of, each.name in taken) for each in offers], now=now
    )
    for each in offers:
        if each.name not in taken:
            continue
        if each.name == "name":
            edits.save_person(session(), person.id, {"display_name": each.value}, now=now)
        elif each.jurisdiction:
            # Only a claim like one typed by hand: the register was told this number by the person themselves.
            credentials.record(
                session(),
                CredentialDraft(
                    practitioner_id=person.id,
                    kind=CredentialKind.STATUTORY_LICENCE,
                    status=CredentialStatus.UNKNOWN,
                    jurisdiction=each.jurisdiction,
                    number=each.number,
                ),
                now=now,
            )
