"""What came of a scenario: which absence, which order, which expectation does not hold, and on which days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from directory.cli.judge.scenarios import Order, Scenario
from directory.search.results import Match, Results, Score

TIE = 0.01
"""Scores this close count as equal: the width of a band of the order."""

_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Listed:
    """The lists of one day by candidate, best first."""

    main: tuple[str, ...]
    relaxed: tuple[str, ...]
    newcomers: tuple[str, ...]
    scores: Mapping[str, Score]
    interstitial: bool

    @property
    def judged(self) -> tuple[str, ...]:
        """The list whose order counts: the main one, or the relaxed one where that is empty."""
        return self.main or self.relaxed


def listed(results: Results, candidate_of_place: Mapping[int, str]) -> Listed:
    """The results in the words of the file."""
    relaxed = [match for step in results.relaxations for match in step.matches]
    shown = (*results.matches, *relaxed, *results.newcomers)
    scores: dict[str, Score] = {}
    for match in shown:
        scores.setdefault(candidate_of_place[match.place_id], match.score)
    return Listed(
        main=_ids(results.matches, candidate_of_place),
        relaxed=_ids(relaxed, candidate_of_place),
        newcomers=_ids(results.newcomers, candidate_of_place),
        scores=scores,
        interstitial=results.interstitial,
    )


def _ids(matches: Sequence[Match], candidate_of_place: Mapping[int, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(candidate_of_place[match.place_id] for match in matches))


def failures(scenario: Scenario, days: Mapping[date, Listed]) -> list[str]:
    """One sentence for each thing that does not hold on some day, told as it is on the first such day."""
    found: dict[str, tuple[date, str, int]] = {}
    for day, lists in days.items():
        for name, sentence in _failures(scenario, lists):
            first, told, times = found.get(name, (day, sentence, 0))
            found[name] = (first, told, times + 1)
    return [
        told if times == len(days) else f"{told} (on {times} of {len(days)} days, first with the order of {first})"
        for first, told, times in found.values()
    ]


def _failures(scenario: Scenario, lists: Listed) -> Iterator[tuple[str, str]]:
    expected = scenario.expected
    if expected.interstitial is not None and expected.interstitial is not lists.interstitial:
        yield (
            "interstitial",
            f"the page that says where to call must {_be(expected.interstitial)} shown instead of a list",
        )
    if expected.main_list_empty is not None and expected.main_list_empty is bool(lists.main):
        held = ", ".join(lists.main) or "nobody"
        yield "main_list_empty", f"the main list must {_be(expected.main_list_empty)} empty; it holds {held}"
    for key in scenario.must_exclude:
        where = [
            name
            for name, held in (
                ("main list", lists.main),
                ("relaxed list", lists.relaxed),
                ("newcomers' strip", lists.newcomers),
            )
            if key in held
        ]
        if where:
            yield f"exclude {key}", f"{key} must be absent but is in the {' and the '.join(where)}: {_told(lists, key)}"
    for order in scenario.must_order:
        sentence = _misplaced(order, lists)
        if sentence:
            yield f"order {order.higher} {order.lower}", sentence
    for group in expected.ties:
        sentence = _apart(group or lists.judged, lists)
        if sentence:
            yield f"tie {group}", sentence


def _be(wanted: bool) -> str:
    return "be" if wanted else "not be"


def _misplaced(order: Order, lists: Listed) -> str | None:
    judged = lists.judged
    absent = [key for key in (order.higher, order.lower) if key not in judged]
    held = not absent and judged.index(order.higher) < judged.index(order.lower)
    if held:
        return None
    why = f" ({order.why})" if order.why else ""
    what = f"{' and '.join(absent)} not listed" if absent else "stands below"
    told = "; ".join(_told(lists, key) for key in (order.higher, order.lower))
    return f"{order.higher} must stand above {order.lower}{why}: {what}; {told}"


def _apart(group: Sequence[str], lists: Listed) -> str | None:
    absent = [key for key in group if key not in lists.judged]
    totals = [lists.scores[key].total for key in group if key not in absent]
    if not absent and (not totals or max(totals) - min(totals) <= TIE + _SLACK):
        return None
    told = "; ".join(_told(lists, key) for key in group)
    return f"{', '.join(group)} must tie: {told}"


def _told(lists: Listed, key: str) -> str:
    """A candidate's score with its parts."""
    score = lists.scores.get(key)
    if score is None:
        return f"{key} not listed"
    parts = " + ".join(f"{each.part} {each.weight:.3f}×{each.value:.3f}" for each in score.parts)
    return f"{key} {score.total:.4f} = {parts}"
