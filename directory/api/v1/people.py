"""One practitioner, and one place where somebody is listed: shown while the rules allow it, and not a day longer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NoReturn

from flask import abort, redirect, url_for
from werkzeug.datastructures import MultiDict

from directory.api.v1 import words
from directory.api.v1.models.parts import Links, Point, Word
from directory.api.v1.models.people import (
    Hours,
    Payer,
    PracticePlace,
    PracticePlaceAnswer,
    Practitioner,
    PractitionerAnswer,
)
from directory.api.v1.table import Prepared
from directory.credentials import queries as credentials
from directory.credentials.evidence import queries as evidence_queries
from directory.credentials.evidence.queries import Profile
from directory.credentials.terms import Mode
from directory.entries import queries as entries
from directory.errors import Gone, NotFound
from directory.guide import evidence
from directory.http import conditional
from directory.http.locale import gettext
from directory.http.site import session, site
from directory.jurisdictions import queries as jurisdictions
from directory.practitioners.merging import queries as merging
from directory.privacy import queries as privacy
from directory.search import listings
from directory.search.listings import absence
from directory.search.visible import Open, open_places
from directory.web.presenters import known, labels, practices, profiles
from directory.web.presenters.practices import PlaceView


def practitioner(*, asked: MultiDict[str, str], slug: str) -> Prepared:
    """Somebody by the last part of the address of their profile."""
    stand = entries.stand_at(session(), slug, now=site().clock())
    if stand is None:
        _elsewhere(slug)
    return Prepared(
        tag=conditional.tag(stand.tag), changed_at=stand.changed_at, make=lambda: _practitioner(slug, stand.changed_at)
    )


def practice_place(*, asked: MultiDict[str, str], place_id: int) -> Prepared:
    """A place by its number."""
    stand = entries.stand_of_place(session(), place_id, now=site().clock())
    if stand is None:
        raise _gone() if entries.place_stamps(session(), [place_id]) else NotFound(gettext("There is no such place."))
    whose = stand.practitioner_id
    return Prepared(
        tag=conditional.tag(stand.tag), changed_at=stand.changed_at, make=lambda: _place_answer(whose, place_id)
    )


def _elsewhere(slug: str) -> NoReturn:
    """Where there is nobody of this name now: the way to the profile into which it went, ``Gone`` or ``NotFound``."""
    into = merging.leads_to(session(), slug)
    onward = merging.slug_of(session(), into) if into is not None else None
    if onward is not None:
        abort(redirect(url_for("api.practitioner", slug=onward), 301))
    if into is not None or privacy.gone_since(session(), slug=slug) is not None:
        raise _gone()
    raise NotFound(gettext("There is no practitioner at this address."))


def _gone() -> Gone:
    return Gone(gettext("This entry was here once and is not now. Please take it out of what you keep."))


def _practitioner(slug: str, changed_at: datetime | None) -> PractitionerAnswer:
    found = evidence_queries.profile(session(), slug)
    shown = _shown(found.person.id)
    if not shown:
        if found.person.published_at is None:
            raise NotFound(gettext("There is no practitioner at this address."))
        raise _gone()
    return PractitionerAnswer(
        practitioner=_in_words(found, shown),
        limits=str(gettext(evidence.PAPERS_NOT_SKILL.text)),
        changed_at=changed_at,
        links=Links(
            self=words.address(url_for("api.practitioner", slug=slug)),
            page=words.address(url_for("practitioners.profile", slug=slug)),
        ),
    )


def _place_answer(practitioner_id: int, place_id: int) -> PracticePlaceAnswer:
    shown = next((each for each in _shown(practitioner_id) if each.listing.place.id == place_id), None)
    if shown is None:
        if not entries.place_stamps(session(), [place_id]):
            raise NotFound(gettext("There is no such place."))
        raise _gone()
    return PracticePlaceAnswer(
        place=_place(shown, practices.place_view(shown)),
        limits=str(gettext(evidence.PAPERS_NOT_SKILL.text)),
        links=Links(
            self=words.address(url_for("api.practice_place", place_id=place_id)),
            page=words.address(url_for("practitioners.profile", slug=shown.listing.practitioner.slug)),
        ),
    )


def _shown(practitioner_id: int) -> list[Open]:
    found = listings.read(session(), practitioner_ids=[practitioner_id])
    return open_places(found, jurisdictions.all_rules(session()), now=site().clock())


def _in_words(found: Profile, shown: list[Open]) -> Practitioner:
    person, first = found.person, shown[0].listing
    view = profiles.view(
        person,
        shown,
        on_file=credentials.papers_on_file(session(), person.id),
        covers=credentials.covers_on_file(session(), person.id),
        way=found.way,
        rules=jurisdictions.all_rules(session()),
    )
    views: Mapping[int, PlaceView] = {each.id: each for each in view.places}
    return Practitioner(
        slug=person.slug,
        name=person.display_name,
        fictional=person.fictional,
        profession=words.word(labels.PROFESSIONS, person.profession),
        title=view.title,
        gender=words.word(labels.GENDERS, person.gender),
        npi=person.npi,
        website=view.website,
        attested=view.attested,
        attested_on=max((on for each in shown if (on := each.listing.person.attested_on) is not None), default=None),
        notes=view.notes,
        papers=words.claims_apart(view.checks),
        rls=words.claims_apart(view.rls),
        pregnancy=words.claims_apart(view.pregnancy),
        pregnancy_said=view.pregnancy_said,
        about=words.facts(view.about),
        way_of_working=words.facts(view.way),
        languages=words.languages(first.languages),
        techniques=tuple(words.word(labels.TECHNIQUES, each) for each in sorted(first.techniques)),
        min_patient_age=person.min_patient_age,
        words=person.words,
        places=tuple(_place(each, views[each.listing.place.id]) for each in shown),
    )


def _place(shown: Open, view: PlaceView) -> PracticePlace:
    listing, place = shown.listing, shown.listing.place
    away = absence(place)
    away_until = away.last if away is not None and away.covers(shown.today) else None
    return PracticePlace(
        id=place.id,
        practitioner=listing.practitioner.slug,
        fictional=listing.practitioner.fictional,
        label=place.label,
        title=place.title,
        address=view.address,
        locality=place.locality,
        country=place.country,
        jurisdiction=place.jurisdiction,
        timezone=place.timezone,
        telephone=place.telephone,
        point=Point(latitude=place.latitude, longitude=place.longitude, precision=place.point_precision),
        meets=_meets(shown),
        home_visit_radius_km=place.home_visit_radius_km or None,
        new_patients=words.known(
            known.accepting(place.accepting, place.accepting_confirmed_on, today=shown.today, away_until=away_until)
        ),
        prices=words.prices(
            place.price_currency,
            first_talk=place.price_first_talk,
            first_visit=place.price_first_visit,
            follow_up=place.price_follow_up,
        ),
        payers=tuple(
            Payer(code=code, name=name, stated_on=listing.payers_stated[code]) for code, name in listing.payers
        ),
        hours=tuple(Hours(weekday=each.weekday, opens=each.opens, closes=each.closes) for each in listing.hours),
        step_free=place.step_free,
        facts=words.facts(view.facts),
        rests_on=words.known_apart(known.basis(shown.permit)),
        notes=tuple(_notes(shown)),
    )


def _meets(shown: Open) -> tuple[Word, ...]:
    place = shown.listing.place
    offered = {
        Mode.IN_PERSON: place.in_person,
        Mode.HOME_VISIT: place.home_visit_radius_km > 0,
        Mode.REMOTE: place.remote_consultation,
    }
    return tuple(words.word(labels.MODES, mode) for mode, holds in offered.items() if holds)


def _notes(shown: Open) -> list[str]:
    said = []
    if shown.permit.on_probation:
        said.append(str(gettext(evidence.PROBATION.text)))
    if shown.permit.no_licence_exists:
        said.append(str(gettext(evidence.NO_LICENCE.text)))
    return said
