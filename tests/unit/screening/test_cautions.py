"""What to raise with a practitioner: everything told is raised, whatever they have said of themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from directory.practitioners.terms import PROTOCOL_FOR
from directory.screening.cautions import KINDS, Answer, Kind, Practice, Told, cautions, for_request
from directory.screening.terms import OF_PREGNANCY, Concern, Condition, RedFlag

TOLD: st.SearchStrategy[frozenset[Told]] = st.frozensets(st.sampled_from([*Condition, *Concern]))
PRACTICES = st.builds(
    Practice,
    protocols=st.frozensets(st.sampled_from([str(each) for each in Answer] + ["a protocol of tomorrow"])),
    electro=st.booleans(),
    without_needles=st.booleans(),
)


def test_everything_that_may_be_told_has_its_kind_and_the_lists_share_no_code() -> None:
    assert set(KINDS) == {*Condition, *Concern}
    assert not {each.value for each in Condition} & {each.value for each in Concern}
    assert not {each.value for each in [*Condition, *Concern]} & {each.value for each in RedFlag}


@given(told=TOLD, practice=PRACTICES)
def test_nothing_told_is_ever_left_out_and_nothing_untold_is_added(told: frozenset[Told], practice: Practice) -> None:
    raised = cautions(told, practice)
    assert {each.about for each in raised} == told
    assert len(raised) == len(told)


@given(told=TOLD, practice=PRACTICES)
def test_whatever_needs_a_clinician_comes_first(told: frozenset[Told], practice: Practice) -> None:
    kinds = [list(Kind).index(each.kind) for each in cautions(told, practice)]
    assert kinds == sorted(kinds)


@given(told=TOLD, practice=PRACTICES)
def test_an_answer_needs_a_practitioner_who_gave_it(told: frozenset[Told], practice: Practice) -> None:
    for each in cautions(told, practice):
        for answer in each.answers:
            given_ = {
                Answer.WITHOUT_NEEDLES: practice.without_needles,
                Answer.WITHOUT_ELECTRO: not practice.electro,
            }.get(answer, answer.value in practice.protocols)
            assert given_
    assert all(not each.answers for each in for_request(told))


def test_each_protocol_answers_what_the_search_ranks_it_for() -> None:
    for condition, protocol in PROTOCOL_FOR.items():
        (raised,) = cautions({condition}, Practice(protocols=frozenset({protocol.value})))
        assert [str(answer) for answer in raised.answers] == [protocol.value]


def test_what_asks_for_a_clinician() -> None:
    advised = {each for each, kind in KINDS.items() if kind is Kind.ADVISE}
    assert {Condition.BLEEDING_DISORDER, Condition.ACTIVE_INFECTION, Concern.CANCER, *OF_PREGNANCY} <= advised
    assert Condition.ANTICOAGULANT not in advised
