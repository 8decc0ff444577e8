"""Who runs this and by which rules: pages that are made from the very settings, weights and tables in use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

import numpy as np
from flask import Blueprint, render_template

from directory.credentials import rules as credentials
from directory.credentials.terms import Liaison, OutcomeTracking, Refusal, Verification
from directory.guide import emergency, evidence, words
from directory.http.locale import gettext
from directory.http.locale import lazy_gettext as _l
from directory.http.site import site
from directory.jurisdictions import service as jurisdictions
from directory.jurisdictions.names import name_of
from directory.jurisdictions.rules import Jurisdiction, LocalRule, Regime, read
from directory.practitioners.rules import ACCEPTING_DAYS, ACCEPTING_FADES_DAYS, ATTESTATION_DAYS
from directory.search import ranking
from directory.search.criteria import Criteria, Part, Point, Preset, Weights
from directory.search.results import Score, ScorePart
from directory.web.facts import DAY_SECONDS
from directory.web.map import streets
from directory.web.presenters.labels import LIAISON, OUTCOMES, PARTS, PRESETS, VERIFICATION

pages = Blueprint("about", __name__, url_prefix="/about")

RETENTION_HOURS: Final = DAY_SECONDS // 3600

REGIME_NAMES: Final = {
    Regime.STATUTORY: _l("Licence by law"),
    Regime.VOLUNTARY: _l("Voluntary register"),
    Regime.NONE: _l("No licence exists"),
}
LOCAL_RULE_NAMES: Final = {
    LocalRule.REQUIRED: _l("Papers of the local council are required as well."),
    LocalRule.REQUIRED_UNLESS_EXEMPT: _l(
        "Papers of the local council are required as well, unless the person is exempt."
    ),
    LocalRule.SHOWN: _l("Papers of the local council are shown where we have them."),
}
LISTING_GATES: Final[Mapping[Refusal, object]] = {
    Refusal.NOT_PUBLISHED: _l("The profile is published by the practitioner and not suspended by us."),
    Refusal.HELD: _l("No question about the person is open with us that has to be settled first."),
    Refusal.HOLDER_NOT_PROVED: _l("The person behind the account has been shown to be the holder of the licence."),
    Refusal.NOT_ATTESTED: _l(
        "The practitioner has said within %(days)s days that the profile is true.", days=ATTESTATION_DAYS
    ),
    Refusal.NO_INDEMNITY: _l("Indemnity insurance is current, and we have seen it."),
    Refusal.DRY_NEEDLING: _l("Dry needling under another licence is not acupuncture here."),
    Refusal.NO_RULE: _l("We know the rules of the place."),
    Refusal.CLOSED_JURISDICTION: _l("The place is one where we list people at all."),
    Refusal.HIDDEN_JURISDICTION: _l("We have not had to stop listing people there for a while."),
    Refusal.ORDERED_TO_STOP: _l("No order or condition of a register forbids practice."),
    Refusal.NOTHING_TO_OFFER: _l("They offer something that no condition on their licence forbids."),
    Refusal.NO_LICENCE: _l(
        "Where the law asks for a licence: one of that very place, checked with the register itself, current today. "
        "The day of expiry still counts, by the clock of the place."
    ),
    Refusal.NO_MEMBERSHIP: _l(
        "Where a register is voluntary: membership of an accepted one, with the health profession it asks for."
    ),
    Refusal.NO_CERTIFICATION: _l(
        "Where no licence exists: an active national certification, and a label that says no licence exists."
    ),
    Refusal.NO_LOCAL_PAPERS: _l("Where the local council asks for papers for the person or the rooms: those papers."),
}
PREGNANCY_GATES: Final[Mapping[Refusal, object]] = {
    Refusal.PREGNANCY_NOT_TREATED: _l("The practitioner says that they treat in pregnancy."),
    Refusal.WEEK_OUTSIDE_WINDOW: _l(
        "Every week from today to a visit in seven days lies inside the weeks they take on."
    ),
    Refusal.DECLARATION_NOT_CURRENT: _l("Their declaration is signed as true and no older than twelve months."),
    Refusal.TRAINING_NOT_CHECKED: _l(
        "At least %(hours)s hours of maternity acupuncture training, with a certificate we checked. This number is our "
        "own rule; no regulator sets one.",
        hours=credentials.LEAST_MATERNITY_HOURS,
    ),
    Refusal.NO_POINT_POLICY: _l("A policy on the points that many avoid before 37 weeks."),
    Refusal.NO_WRITTEN_CONSENT: _l("Written consent that covers pregnancy."),
    Refusal.NO_EMERGENCY_POLICY: _l("A policy for emergencies and for whom to call."),
    Refusal.NO_PREGNANCY_COVER: _l("Indemnity insurance that names pregnancy."),
    Refusal.CONDITION_EXCLUDES_PREGNANCY: _l("No condition on a licence that excludes pregnancy."),
}

NEVER_COUNTED: Final = (
    _l("money of any kind: fees, advertisements, sponsorship"),
    _l("clicks, visits and messages"),
    _l("reviews, stars and testimonials"),
    _l("how long or how polished a profile is"),
    _l("how long somebody has been listed here"),
)


@dataclass(frozen=True, slots=True)
class Example:
    """An invented person of the worked example: what they state, and what the code in use makes of it."""

    name: object
    km: float
    facts: tuple[object, ...]
    scores: tuple[tuple[Preset, Score], ...]


_EXAMPLE_RADIUS_KM = 40.0
_EXAMPLE_FACTS: Final = (
    (
        _l("12 people with RLS in 24 months, 6 years, a 20-hour course 24 months ago: documents we checked"),
        _l("uses a diary of their own, works with a sleep clinic that confirmed it"),
        _l("holds a national certification; met nothing in particular, because nothing was wished for"),
    ),
    (
        _l("5 people with RLS in 24 months, 2 years: their own word"),
        _l("no course, does not follow results"),
        _l("no national certification"),
    ),
)


@pages.get("")
def index() -> str:
    """Who runs this, how to complain, what is checked, and where a licence exists."""
    return render_template(
        "about/index.html",
        config=site().config,
        jurisdictions=_by_regime(),
        regime_names=REGIME_NAMES,
        local_rule_names=LOCAL_RULE_NAMES,
        place_name=_place_name,
        evidence=evidence,
        read_on=words.READ_ON,
    )


@pages.get("/ranking", endpoint="ranking")
def how_ranking_works() -> str:
    """Every weight, formula and gate, printed from the code that ranks."""
    return render_template(
        "about/ranking.html",
        ranking=ranking,
        presets=PRESETS,
        parts=PARTS,
        verification_names=VERIFICATION,
        outcome_names=OUTCOMES,
        liaison_names=LIAISON,
        listing_gates=tuple(LISTING_GATES.values()),
        pregnancy_gates=tuple(PREGNANCY_GATES.values()),
        never_counted=NEVER_COUNTED,
        accepting_days=ACCEPTING_DAYS,
        accepting_fades=ACCEPTING_FADES_DAYS,
        config=site().config,
        near_half=math.exp(-0.5 / ranking.DISTANCE_SCALE),
        near_edge=math.exp(-1 / ranking.DISTANCE_SCALE),
        example=_examples(),
        example_radius_km=_EXAMPLE_RADIUS_KM,
        weights_changed=date.fromisoformat(ranking.VERSION),
        regime_names=REGIME_NAMES,
        evidence=evidence,
    )


@pages.get("/privacy")
def privacy() -> str:
    """What is kept, where, for how long and why."""
    return render_template(
        "about/privacy.html",
        config=site().config,
        streets=streets.offered(site().config),
        retention_hours=RETENTION_HOURS,
        read_on=words.READ_ON,
    )


@pages.get("/terms")
def terms() -> str:
    """What may be expected of the service and what may not."""
    return render_template(
        "about/terms.html",
        config=site().config,
        evidence=evidence,
        help=emergency.help_in(None),
        everyone=emergency.EVERYONE,
        read_on=words.READ_ON,
    )


@pages.get("/accessibility")
def accessibility() -> str:
    """How far everybody can use the pages."""
    return render_template("about/accessibility.html", config=site().config, read_on=words.READ_ON)


def _place_name(code: str) -> str:
    return gettext("Canada, all other provinces and territories") if code == "CA-other" else name_of(code)


@cache
def _by_regime() -> tuple[tuple[Regime, tuple[Jurisdiction, ...]], ...]:
    """The jurisdictions of the product's own table, grouped as the rule goes, each group by name."""
    every = sorted(read(jurisdictions.SOURCE).values(), key=lambda each: (each.country != "US", name_of(each.code)))
    return tuple((regime, tuple(each for each in every if each.regime is regime)) for regime in Regime)


@cache
def _examples() -> tuple[Example, ...]:
    """Two invented people, scored by the functions that score real ones, on the day the weights were last changed."""
    day = date.fromisoformat(ranking.VERSION)
    checked, own = Verification.DOCUMENT_CHECKED, Verification.SELF_ATTESTED
    standings = (
        ranking.rls_standing(
            patients=12,
            patients_verification=checked,
            years=6,
            years_verification=checked,
            training_hours=20,
            training_on=day.replace(year=day.year - 2),
            training_verification=checked,
            outcomes=OutcomeTracking.OWN_DIARY,
            outcomes_verification=checked,
            liaison=Liaison.CONFIRMED,
            liaison_verification=checked,
            publications=0,
            publications_verification=Verification.NONE,
            attested_on=day,
        ),
        ranking.rls_standing(
            patients=5,
            patients_verification=own,
            years=2,
            years_verification=own,
            training_hours=0,
            training_on=None,
            training_verification=Verification.NONE,
            outcomes=OutcomeTracking.NONE,
            outcomes_verification=Verification.NONE,
            liaison=Liaison.NONE,
            liaison_verification=Verification.NONE,
            publications=0,
            publications_verification=Verification.NONE,
            attested_on=day,
        ),
    )
    kilometres = (18.0, 2.0)
    people = len(standings)
    standing = ranking.Standing(
        rls_own=np.array([each.own for each in standings]),
        rls_own_training=np.array([each.own_training for each in standings]),
        rls_checked=np.array([each.checked for each in standings]),
        rls_checked_training=np.array([each.checked_training for each in standings]),
        training_day=np.array([each.training_day for each in standings]),
        attested_day=np.array([each.attested_day for each in standings]),
        pregnancy=np.zeros(people),
        certified_until=np.array([day.toordinal(), 0]),
        penalty=np.zeros(people),
    )
    worth = ranking.settled(standing, day=day.toordinal())
    columns = ranking.Columns(
        rls=worth[Part.RLS],
        pregnancy=worth[Part.PREGNANCY],
        trust=worth[Part.TRUST],
        km=np.array(kilometres),
        visits_home=np.zeros(people, dtype=np.bool_),
        fit=np.zeros(people),
    )
    scores = {preset: _scores(columns, _weights(preset), day) for preset in Preset}
    names = (_l("Practitioner A"), _l("Practitioner B"))
    return tuple(
        Example(
            name=names[person],
            km=kilometres[person],
            facts=_EXAMPLE_FACTS[person],
            scores=tuple((preset, scores[preset][person]) for preset in Preset),
        )
        for person in range(people)
    )


def _weights(preset: Preset) -> Weights:
    anywhere = Point(latitude=0.0, longitude=0.0, country="US", jurisdiction=None, timezone="UTC")
    return ranking.weights_for(Criteria(point=anywhere, radius_km=_EXAMPLE_RADIUS_KM, preset=preset))


def _scores(columns: ranking.Columns, weights: Weights, day: date) -> tuple[Score, ...]:
    ranked = ranking.rank(
        columns,
        weights,
        radius_km=_EXAMPLE_RADIUS_KM,
        seed=ranking.seed_for(day, "example"),
    )
    return tuple(
        Score(
            parts=tuple(
                ScorePart(part, weight, int(values[person]) / ranking.MILLION)
                for (part, weight), values in zip(weights, ranked.values, strict=True)
            ),
            total=float(ranked.score[person]),
        )
        for person in range(len(columns.km))
    )
