"""One result as an answer tells it: the words of the page's own card, with the codes behind them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for

from directory.api.v1 import words
from directory.api.v1.models.parts import Links, Point
from directory.api.v1.models.searches import (
    Call,
    Count,
    Distance,
    Explanation,
    Facet,
    Match,
    Part,
    Relaxation,
    Weight,
)
from directory.credentials.terms import Mode
from directory.guide import evidence
from directory.guide.numbers import Service
from directory.http.locale import gettext
from directory.practitioners.terms import PointPrecision
from directory.search.criteria import Criteria, Weights
from directory.search.results import FacetCount
from directory.search.results import Match as Found
from directory.search.results import Relaxation as Widened
from directory.web import filters
from directory.web.facts import Facts
from directory.web.forms.search import GENDERS, SearchForm
from directory.web.presenters import cards, known, labels
from directory.web.presenters.cards import Card


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells results of one search, for whoever told these facts."""

    criteria: Criteria
    told: Facts
    today: date

    def all(self, found: Sequence[Found]) -> tuple[Match, ...]:
        """Several results, in their order."""
        made = cards.cards(found, self.criteria, told=self.told, today=self.today)
        return tuple(self._one(card) for card in made)

    def relaxation(self, step: Widened) -> Relaxation:
        """What a wider wish would give."""
        wish = None if step.wish is None else filters.PARAMETERS.get(step.wish, step.wish)
        return Relaxation(
            step=step.step.value,
            said=filters.step_said(step, self.criteria),
            wish=wish,
            radius_km=round(step.radius_km, 3),
            total=step.total,
            matches=self.all(step.matches),
        )

    def _one(self, card: Card) -> Match:
        match = card.match
        takes = known.accepting(
            match.accepting, match.accepting_confirmed_on, today=self.today, away_until=match.away_until
        )
        return Match(
            slug=match.slug,
            name=match.name,
            fictional=match.fictional,
            profession=words.word(labels.PROFESSIONS, match.profession),
            title=card.title,
            gender=words.word(labels.GENDERS, match.gender),
            mode=words.word(labels.MODES, match.mode),
            place_id=match.place_id,
            where=card.where,
            locality=match.locality,
            country=match.country,
            jurisdiction=match.jurisdiction,
            point=Point(latitude=match.latitude, longitude=match.longitude, precision=match.point_precision),
            distance=self._distance(card),
            telephone=match.telephone,
            known=words.known_apart(card.known),
            new_patients=words.known(takes),
            min_patient_age=match.min_patient_age,
            prices=words.prices(
                match.price_currency,
                first_talk=match.price_first_talk,
                first_visit=match.price_first_visit,
                follow_up=match.price_follow_up,
            ),
            languages=words.languages(match.languages),
            techniques=tuple(words.word(labels.TECHNIQUES, each) for each in sorted(match.techniques)),
            says=card.more,
            notes=card.notes,
            ask=tuple(each.ask for each in card.to_raise),
            explanation=_explanation(card),
            links=Links(
                self=words.address(url_for("api.practitioner", slug=match.slug)), page=words.address(card.href)
            ),
        )

    def _distance(self, card: Card) -> Distance | None:
        match = card.match
        if match.mode is Mode.REMOTE:
            return None
        about = self.criteria.point.about or match.point_precision is not PointPrecision.EXACT
        return Distance(km=round(match.distance_km, 1), said=card.distance, about=about)


def _explanation(card: Card) -> Explanation:
    parts = tuple(
        Part(
            part=words.word(labels.PARTS, part.part),
            why=row.said,
            value=round(row.value, 6),
            weight=round(row.weight, 6),
            points=row.points,
        )
        for part, row in zip(card.match.score.parts, card.rows, strict=True)
    )
    return Explanation(
        heading=str(gettext(evidence.NOT_A_RATING.text)), parts=parts, points=card.total, reasons=card.reasons
    )


def weights(table: Weights) -> tuple[Weight, ...]:
    """How much each part counts."""
    return tuple(Weight(part=words.word(labels.PARTS, part), weight=round(weight, 6)) for part, weight in table)


def facets(found: Mapping[str, Sequence[FacetCount]], form: SearchForm) -> tuple[Facet, ...]:
    """What else may be asked, by the parameter that asks for it; yes or no in the words of the form."""
    told = []
    for name, counts in found.items():
        parameter = filters.PARAMETERS.get(name)
        if parameter is None:
            continue
        _, said = filters.FACETS.get(parameter, ("", {}))
        told.append(
            Facet(
                parameter=parameter,
                counts=tuple(
                    Count(
                        value=each.value,
                        said=str(
                            form[parameter].label.text
                            if parameter in filters.FLAGS
                            else said.get(each.value, each.label)
                        ),
                        count=each.count,
                        chosen=each.chosen,
                    )
                    for each in counts
                    if parameter != "gender" or each.value in GENDERS
                ),
            )
        )
    return tuple(told)


def call(service: Service) -> Call:
    """Somebody to call."""
    return Call(
        need=service.need.value,
        name=service.name,
        number=service.number,
        written=service.said,
        what=str(gettext(service.what)),
    )
