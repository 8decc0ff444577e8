"""What practitioners declare about work with RLS and in pregnancy, and what of it may stand at once. Pure.

A declaration has no place for how far an item was checked: nobody can smuggle that in with what they post.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from directory.credentials.stating.stated import OLDEST, lines, number, text
from directory.credentials.terms import Liaison, OutcomeTracking, PointPolicy
from directory.errors import InvalidInput
from directory.guide.words import N_
from directory.screening.rules import LONGEST_WEEK

LARGEST_NUMBER: Final = 100_000
LONGEST_YEARS: Final = 80


class Change(StrEnum):
    """How an item differs from what stands."""

    SAME = "same"
    NARROWER = "narrower"
    """It claims less, or takes on fewer people: it acts at once."""
    OTHER = "other"
    """Whatever else it is, somebody looks at it first once a profile was public."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RlsStated:
    """What somebody says about their work with restless legs syndrome."""

    patients_24m: int = 0
    visits_per_week: int | None = None
    years: float = 0.0
    training_hours: float = 0.0
    training_on: date | None = None
    training_provider: str | None = None
    training_title: str | None = None
    outcomes: OutcomeTracking = OutcomeTracking.NONE
    scale: str | None = None
    scale_permitted: bool = False
    liaison: Liaison = Liaison.NONE
    liaison_with: str | None = None
    publications: int = 0
    publications_listed: str | None = None
    supervisor: str | None = None
    supervisor_reach: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PregnancyStated:
    """What somebody declares about work in pregnancy, before it is signed."""

    treats: bool
    min_week: int | None = None
    max_week: int | None = None
    training_provider: str | None = None
    training_title: str | None = None
    training_hours: float = 0.0
    point_policy: PointPolicy = PointPolicy.NONE
    point_policy_words: str | None = None
    written_consent: bool = False
    emergency_red_flags: bool = False
    emergency_contact: bool = False
    emergency_stops: bool = False
    positions_adapted: bool = False
    liaison: Liaison = Liaison.NONE
    not_offered_as_induction: bool = False
    electro_and_moxa_policy: str | None = None
    adverse_event_log: bool = False
    patients_24m: int = 0
    second_registration: str | None = None


RLS_ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "patients": ("patients_24m",),
    "years": ("years",),
    "training": ("training_hours", "training_on", "training_provider", "training_title"),
    "outcomes": ("outcomes", "scale", "scale_permitted"),
    "liaison": ("liaison", "liaison_with"),
    "publications": ("publications", "publications_listed"),
    "supervisor": ("supervisor", "supervisor_reach"),
}
"""The items of the RLS declaration, each checked on its own, with their fields."""

PREGNANCY_ITEMS: Final[Mapping[str, tuple[str, ...]]] = {
    "treats": ("treats",),
    "weeks": ("min_week", "max_week"),
    "training": ("training_hours", "training_provider", "training_title"),
    "points": ("point_policy", "point_policy_words"),
    "consent": ("written_consent",),
    "emergency_red_flags": ("emergency_red_flags",),
    "emergency_contact": ("emergency_contact",),
    "emergency_stops": ("emergency_stops",),
    "positions": ("positions_adapted",),
    "liaison": ("liaison",),
    "induction": ("not_offered_as_induction",),
    "electro_and_moxa": ("electro_and_moxa_policy",),
    "log": ("adverse_event_log",),
    "patients": ("patients_24m",),
    "second_registration": ("second_registration",),
}
"""The items of the pregnancy declaration with their fields."""

_RLS_TEXTS: Final = (
    ("training_provider", 200),
    ("training_title", 200),
    ("scale", 120),
    ("liaison_with", 200),
    ("supervisor", 200),
    ("supervisor_reach", 254),
)
_PREGNANCY_TEXTS: Final = (("training_provider", 200), ("training_title", 200), ("second_registration", 200))
_OUTCOMES_ORDER: Final = tuple(OutcomeTracking)
_Narrows = Callable[[Any, Any], bool]
_Declared = TypeVar("_Declared", RlsStated, PregnancyStated)


def checked_rls(stated: RlsStated, *, today: date) -> RlsStated:
    """The declaration in order; ``InvalidInput`` at the first field that cannot be kept."""
    for name in ("patients_24m", "publications", "training_hours"):
        number(name, getattr(stated, name), LARGEST_NUMBER)
    number("years", stated.years, LONGEST_YEARS)
    if stated.visits_per_week is not None:
        number("visits_per_week", stated.visits_per_week, LARGEST_NUMBER)
    tidy = replace(
        stated,
        **lines(stated, _RLS_TEXTS),
        publications_listed=text("publications_listed", stated.publications_listed),
    )
    if tidy.training_hours and tidy.training_on is None:
        raise InvalidInput(
            N_("Please say when it was finished: training counts less the longer ago it was."), field="training_on"
        )
    if tidy.training_on is not None and not OLDEST <= tidy.training_on <= today:
        raise InvalidInput(N_("Please check the year: this day lies ahead or very long ago."), field="training_on")
    _check_scale(tidy)
    return _without_leftovers(tidy)


def _check_scale(stated: RlsStated) -> None:
    if stated.outcomes not in (OutcomeTracking.VALIDATED_SCALE_ROUTINE, OutcomeTracking.AGGREGATE_REPORTED):
        return
    if stated.scale is None:
        raise InvalidInput(N_("Please name the scale."), field="scale")
    if not stated.scale_permitted:
        raise InvalidInput(
            N_("Recognised scales belong to somebody. Say that you may use this one, or choose “a diary of your own”."),
            field="scale_permitted",
        )


def _without_leftovers(stated: RlsStated) -> RlsStated:
    """Without what belongs to an answer that was taken back."""
    gone: dict[str, Any] = {}
    if not stated.training_hours:
        gone |= {"training_on": None, "training_provider": None, "training_title": None}
    if stated.outcomes in (OutcomeTracking.NONE, OutcomeTracking.OWN_DIARY):
        gone |= {"scale": None, "scale_permitted": False}
    if stated.liaison is Liaison.NONE:
        gone["liaison_with"] = None
    if not stated.publications:
        gone["publications_listed"] = None
    if stated.supervisor is None:
        gone["supervisor_reach"] = None
    return replace(stated, **gone)


def checked_pregnancy(stated: PregnancyStated) -> PregnancyStated:
    """The declaration in order; ``InvalidInput`` at the first field that cannot be kept."""
    number("training_hours", stated.training_hours, LARGEST_NUMBER)
    number("patients_24m", stated.patients_24m, LARGEST_NUMBER)
    for name in ("min_week", "max_week"):
        week = getattr(stated, name)
        if week is not None and not 0 <= week <= LONGEST_WEEK:
            raise InvalidInput(N_("Weeks of pregnancy run from 0 to 43."), field=name)
    if stated.min_week is not None and stated.max_week is not None and stated.min_week > stated.max_week:
        raise InvalidInput(N_("The first week must not lie behind the last."), field="max_week")
    return replace(
        stated,
        **lines(stated, _PREGNANCY_TEXTS),
        point_policy_words=text("point_policy_words", stated.point_policy_words),
        electro_and_moxa_policy=text("electro_and_moxa_policy", stated.electro_and_moxa_policy),
    )


def rls_changes(old: RlsStated, new: RlsStated) -> dict[str, Change]:
    """How each item of the new declaration differs from the old."""
    return {item: _change(old, new, names, _RLS_NARROWS[item]) for item, names in RLS_ITEMS.items()}


def pregnancy_changes(old: PregnancyStated, new: PregnancyStated) -> dict[str, Change]:
    """How each item of the new declaration differs from the old. Who stops treating says nothing about the rest."""
    if not new.treats:
        stopped = Change.NARROWER if old.treats else Change.SAME
        return dict.fromkeys(PREGNANCY_ITEMS, Change.SAME) | {"treats": stopped}
    return {item: _change(old, new, names, _PREGNANCY_NARROWS[item]) for item, names in PREGNANCY_ITEMS.items()}


def payload(
    stated: _Declared, items: Mapping[str, tuple[str, ...]], changed: Iterable[str]
) -> dict[str, dict[str, Any]]:
    """The changed items as JSON can hold them."""
    values = {name: _plain(value) for name, value in asdict(stated).items()}
    return {item: {name: values[name] for name in items[item]} for item in changed}


def with_payload(
    stated: _Declared, items: Mapping[str, tuple[str, ...]], waiting: Mapping[str, Mapping[str, Any]]
) -> _Declared:
    """The declaration with these items put in: what its author would see if they were accepted."""
    known = {name for item in waiting if item in items for name in items[item]}
    values = {name: value for held in waiting.values() for name, value in held.items() if name in known}
    return replace(stated, **{name: _typed(name, value) for name, value in values.items()})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value.value if isinstance(value, StrEnum) else value


_TYPES: Final[Mapping[str, Any]] = {
    "training_on": date.fromisoformat,
    "outcomes": OutcomeTracking,
    "liaison": Liaison,
    "point_policy": PointPolicy,
}


def _typed(name: str, value: Any) -> Any:
    return value if value is None or name not in _TYPES else _TYPES[name](value)


def _change(old: Any, new: Any, names: tuple[str, ...], narrows: _Narrows) -> Change:
    if all(getattr(old, name) == getattr(new, name) for name in names):
        return Change.SAME
    return Change.NARROWER if narrows(old, new) else Change.OTHER


def _less(name: str) -> _Narrows:
    return lambda old, new: bool(getattr(new, name) < getattr(old, name))


def _emptied(name: str) -> _Narrows:
    return lambda old, new: not getattr(new, name)


def _less_training(old: Any, new: Any) -> bool:
    if not new.training_hours:
        return True
    named_alike = (old.training_provider, old.training_title) == (new.training_provider, new.training_title)
    finished = getattr(new, "training_on", None) == getattr(old, "training_on", None)
    return bool(named_alike and finished and new.training_hours < old.training_hours)


def _less_tracking(old: RlsStated, new: RlsStated) -> bool:
    lower = _OUTCOMES_ORDER.index(new.outcomes) < _OUTCOMES_ORDER.index(old.outcomes)
    return lower and new.scale in (None, old.scale)


def _fewer_publications(old: RlsStated, new: RlsStated) -> bool:
    listed = set((new.publications_listed or "").splitlines())
    return new.publications < old.publications and listed <= set((old.publications_listed or "").splitlines())


def _fewer_weeks(old: PregnancyStated, new: PregnancyStated) -> bool:
    if new.min_week is None or new.max_week is None:
        return True
    if old.min_week is None or old.max_week is None:
        return False
    return old.min_week <= new.min_week and new.max_week <= old.max_week


_RLS_NARROWS: Final[Mapping[str, _Narrows]] = {
    "patients": _less("patients_24m"),
    "years": _less("years"),
    "training": _less_training,
    "outcomes": _less_tracking,
    "liaison": lambda old, new: new.liaison is Liaison.NONE,
    "publications": _fewer_publications,
    "supervisor": _emptied("supervisor"),
}
_PREGNANCY_NARROWS: Final[Mapping[str, _Narrows]] = {
    "treats": _emptied("treats"),
    "weeks": _fewer_weeks,
    "training": _less_training,
    "points": lambda old, new: new.point_policy is PointPolicy.NONE,
    "consent": _emptied("written_consent"),
    "emergency_red_flags": _emptied("emergency_red_flags"),
    "emergency_contact": _emptied("emergency_contact"),
    "emergency_stops": _emptied("emergency_stops"),
    "positions": _emptied("positions_adapted"),
    "liaison": lambda old, new: new.liaison is Liaison.NONE,
    "induction": _emptied("not_offered_as_induction"),
    "electro_and_moxa": _emptied("electro_and_moxa_policy"),
    "log": _emptied("adverse_event_log"),
    "patients": _less("patients_24m"),
    "second_registration": _emptied("second_registration"),
}
