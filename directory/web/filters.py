"""The filters beside a list: what may be asked, how many people each answer would leave, and how to take it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from werkzeug.datastructures import MultiDict
from wtforms import Field

from directory.credentials.terms import Mode
from directory.geo.distance import MILES_PER_KM
from directory.http.locale import distance, gettext, miles, money
from directory.practitioners.terms import Availability, Technique
from directory.search.criteria import DEFAULT_RADIUS_KM, LARGEST_RADIUS_KM, Criteria
from directory.search.ranking import LEANINGS, weights_for
from directory.search.results import FacetCount, Relaxation, Results, Step
from directory.web import addresses
from directory.web.forms.search import (
    DEFAULT_MILES,
    GENDERS,
    MODES,
    OWN,
    RADII_KM,
    RADII_MILES,
    WEIGHED,
    WISH_OF,
    SearchForm,
    currency_of,
)
from directory.web.presenters import labels

Facets = Mapping[str, tuple[FacetCount, ...]]

FACETS: Final[Mapping[str, tuple[str, labels.Words]]] = {
    "language": ("languages", {}),
    "availability": ("availability", labels.AVAILABILITY),
    "technique": ("techniques", labels.TECHNIQUES),
    "gender": ("gender", labels.GENDERS),
    "payer": ("payers", {}),
}
"""Parameter to facet, with the words for its codes; languages and insurers bring their own names."""

FLAGS: Final[Mapping[str, str | None]] = {
    "accepting": "accepting_confirmed",
    "waitlist": None,
    "remote": "remote_first_talk",
    "step_free": "step_free",
    "home_visit": "home_visit",
}
"""Yes-or-no parameter to facet; a waiting list widens the list, so there is nothing to count."""

PARAMETERS: Final[Mapping[str, str]] = {wish: parameter for parameter, wish in WISH_OF.items()}
"""From the name of a must to the parameter that asks for it."""

_FEW = 7
SLIDER_STEP: Final = 10
_SET_BY_SLIDER: Final = frozenset({"preset", "leaning", "weights"})


@dataclass(frozen=True, slots=True)
class Option:
    """One answer; ``count`` is how many people it would leave, where that is known."""

    id: str
    value: str
    label: str
    count: int | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One question. ``kind`` is "checkbox" or "radio"; what is in ``rest`` is shown on asking."""

    name: str
    legend: str
    kind: str
    options: tuple[Option, ...]
    rest: tuple[Option, ...]
    errors: tuple[str, ...]


def groups(form: SearchForm, found: Results | None) -> list[Group]:
    """The questions, with counts when there is a list to count in."""
    facets: Facets = found.facets if found is not None else {}
    made = [_flags(form, facets)]
    for name, (facet, words) in FACETS.items():
        field = form[name]
        options = _options(field, facets.get(facet, ()), words)
        if not options and not field.errors:
            continue
        kind = "radio" if name == "gender" else "checkbox"
        if kind == "radio":
            nobody = Option(f"{name}-any", "", str(gettext("It does not matter")), None, not field.data)
            options = [nobody, *options]
        shown = [option for at, option in enumerate(options) if at < _FEW or option.chosen]
        rest = [option for option in options if option not in shown]
        made.append(Group(name, str(field.label.text), kind, tuple(shown), tuple(rest), _errors(field)))
    nice = _nice(form)
    return [*made, nice] if nice.options or nice.errors else made


def _nice(form: SearchForm) -> Group:
    """Which of the things asked for need not be so: they then count in the order and shut nobody out."""
    options = [
        Option(f"nice-{name}", name, str(form[name].label.text), None, name in (form.nice.data or ()))
        for name in WISH_OF
        if form[name].data
    ]
    return Group("nice", str(form.nice.label.text), "checkbox", tuple(options), (), _errors(form.nice))


def _flags(form: SearchForm, facets: Facets) -> Group:
    options = []
    for name, facet in FLAGS.items():
        counted = facets.get(facet, ()) if facet else ()
        count = counted[0].count if counted else None
        options.append(Option(name, "yes", str(form[name].label.text), count, bool(form[name].data)))
    errors = tuple(error for name in FLAGS for error in _errors(form[name]))
    return Group("", str(gettext("What matters to you")), "checkbox", tuple(options), (), errors)


def _options(field: Field, counted: Sequence[FacetCount], words: labels.Words) -> list[Option]:
    chosen = {field.data} if isinstance(field.data, str) else set(field.data or ())
    if not counted:
        codes: Mapping[str, Sequence[str]] = {
            "availability": tuple(Availability),
            "technique": tuple(Technique),
            "gender": GENDERS,
        }
        return [
            Option(f"{field.name}-{code}", code, labels.word(words, code), None, code in chosen)
            for code in codes.get(field.name, ())
        ]
    return [
        Option(
            f"{field.name}-{each.value}",
            each.value,
            str(words.get(each.value, each.label)),
            each.count,
            each.chosen or each.value in chosen,
        )
        for each in counted
        if each.value in words or not words
        if field.name != "gender" or each.value in GENDERS
    ]


def _errors(field: Field) -> tuple[str, ...]:
    return tuple(str(error) for error in field.errors)


def chips(form: SearchForm, asks: MultiDict[str, str], found: Results | None) -> list[tuple[str, str, str]]:
    """What is asked for now, as (words, address without it, what the link does)."""
    drop = str(gettext("Leave out:"))
    nice = set(form.nice.data or ())
    made = [
        (_how_much(form[name].label.text, name in nice), addresses.of(asks, drop=[(name, None), ("nice", name)]), drop)
        for name in FLAGS
        if form[name].data
    ]
    for name, (facet, words) in FACETS.items():
        names = {each.value: each.label for each in (found.facets.get(facet, ()) if found else ())}
        data = form[name].data
        for value in [data] if isinstance(data, str) else data or ():
            if value:
                said = _how_much(words.get(value, names.get(value, value)), name in nice)
                made.append((said, addresses.of(asks, drop=[(name, value)]), drop))
    if form.max_price.data and not form.max_price.errors:
        said = _how_much(gettext("at most %(price)s a visit", price=_price(form)), "max_price" in nice)
        made.append((said, addresses.of(asks, drop=[("max_price", None), ("nice", "max_price")]), drop))
    return made


def _how_much(said: object, nice: bool) -> str:
    """The wish in words, and whether it is only nice to have."""
    return str(gettext("%(wish)s (nice to have)", wish=said) if nice else said)


def _price(form: SearchForm) -> str:
    """The highest price with the currency it is meant in, where the place is known."""
    if form.found is None or form.price_cap is None:
        return str(form.max_price.data)
    return money(form.price_cap, currency_of(form.found.country))


def radius_options(form: SearchForm) -> list[Option]:
    """The distances to choose from, in the unit of the place; one that was asked in its address is among them."""
    in_miles = form.in_miles
    values = {float(each) for each in (RADII_MILES if in_miles else RADII_KM)}
    chosen = float(DEFAULT_MILES if in_miles else DEFAULT_RADIUS_KM)
    if form.radius.data and not form.radius.errors:
        chosen = float(form.radius.data)
        values.add(chosen)
    country = "US" if in_miles else "FR"
    per_unit = 1 / MILES_PER_KM if in_miles else 1.0
    return [
        Option(f"radius-{value:g}", f"{value:g}", distance(value * per_unit, country), None, value == chosen)
        for value in sorted(values)
    ]


def mode_options(form: SearchForm) -> list[Option]:
    """In person or remote."""
    return [
        Option(f"mode-{code}", code, labels.word(labels.MODES, mode), None, (form.mode.data or "in_person") == code)
        for code, mode in MODES.items()
    ]


@dataclass(frozen=True, slots=True)
class Slider:
    """The slider "nearer ↔ more experienced": where it stands, what each of its steps weighs, and what goes along."""

    position: int
    said: tuple[str, ...]
    """The weights in words, one for each step from 0 to 100."""
    kept: tuple[tuple[str, str], ...]
    """Parameters of the address that the slider leaves as they are."""
    presets: tuple[tuple[str, str, bool], ...]
    """Words, address, and whether it is the one in use; in the order of the slider."""


def slider(form: SearchForm, asks: MultiDict[str, str], criteria: Criteria) -> Slider | None:
    """The slider over a list; ``None`` from a distance, where nobody is nearer."""
    if criteria.mode is Mode.REMOTE:
        return None
    position = LEANINGS[form.chosen_preset] if form.chosen_leaning is None else form.chosen_leaning
    steps = [replace(criteria, weights=None, leaning=each) for each in range(0, 101, SLIDER_STEP)]
    own = form.own_weights is not None
    return Slider(
        position=position,
        said=tuple(weights_said(each) for each in steps),
        kept=tuple(
            (name, value) for name in addresses.KEPT if name not in _SET_BY_SLIDER for value in asks.getlist(name)
        ),
        presets=tuple(
            (
                labels.word(labels.PRESETS, preset),
                addresses.of(asks, change={"preset": preset.value}, drop=[("leaning", None), ("weights", None)]),
                not own and position == place,
            )
            for preset, place in LEANINGS.items()
        ),
    )


def preset_options(form: SearchForm) -> list[Option]:
    """What counts most: a preset, or weights of one's own."""
    own = form.own_weights is not None
    chosen = OWN if own else addresses.SLIDER if form.chosen_leaning is not None else form.chosen_preset.value
    made = [
        Option(f"preset-{code.value}", code.value, labels.word(labels.PRESETS, code), None, code.value == chosen)
        for code in labels.PRESETS
    ]
    return [
        *made,
        Option(
            "preset-slider",
            addresses.SLIDER,
            str(gettext("As the slider above the list stands")),
            None,
            chosen == addresses.SLIDER,
        ),
        Option("preset-own", OWN, str(gettext("The weights I set below")), None, own),
    ]


def weight_inputs(form: SearchForm, found: Results | None) -> list[tuple[str, str, int]]:
    """Field name, label and value from 0 to 100 of each weight, for the parts that count in this list."""
    using = dict(form.own_weights or (found.weights if found is not None else ()))
    return [
        (f"{addresses.WEIGHT_FIELD}{part}", labels.word(labels.PARTS, part), round(using.get(part, 0.0) * 100))
        for part in WEIGHED
        if part in using or (found is not None and part in dict(found.weights))
    ]


def step_said(step: Relaxation, criteria: Criteria) -> str:
    """What was widened, as a heading: "Nobody within 5 miles. Within 40 miles"."""
    country = criteria.point.country
    asked, wider = distance(criteria.radius_km, country), distance(step.radius_km, country)
    wish = labels.word(labels.WITHOUT, step.wish) if step.wish else None
    if step.step is Step.RADIUS and wish:
        return str(gettext("Nobody within %(asked)s. %(wish)s, within %(wider)s", asked=asked, wider=wider, wish=wish))
    if step.step is Step.RADIUS:
        return str(gettext("Nobody within %(asked)s. Within %(wider)s", asked=asked, wider=wider))
    return wish or ""


def step_change(step: Relaxation, criteria: Criteria) -> dict[str, object] | None:
    """What to change in the address to see the whole of it; ``None`` where the address cannot say it."""
    dropped = [] if not step.wish else list(PARAMETERS.values()) if step.wish == "all" else [PARAMETERS.get(step.wish)]
    drop = [(name, None) for name in dropped if name]
    if step.step is not Step.RADIUS:
        return {"drop": drop}
    if step.radius_km > LARGEST_RADIUS_KM:
        return None
    value = step.radius_km * MILES_PER_KM if miles(criteria.point.country) else step.radius_km
    return {"drop": drop, "change": {"radius": f"{value:.3f}".rstrip("0").rstrip(".")}}


def weights_said(criteria: Criteria) -> str:
    """The weights in use, in words: "Experience 50%, distance 25% …"."""
    return ", ".join(
        f"{labels.word(labels.PARTS, part)} {round(weight * 100)}%" for part, weight in weights_for(criteria)
    )
