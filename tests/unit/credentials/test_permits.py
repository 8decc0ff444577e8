"""Who may be listed, regime by regime, on which day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from directory.credentials.rules import (
    RENEWAL_CHECK_DAYS,
    Paper,
    admits_pregnancy,
    nationally_certified,
    permits,
    turning_days,
)
from directory.credentials.terms import (
    ORDERED_TO_STOP,
    PERMITS_PRACTICE,
    CheckMethod,
    ConditionCode,
    CredentialKind,
    CredentialStatus,
    Mode,
    Refusal,
)
from directory.practitioners.terms import AccountStatus, Profession
from directory.screening.rules import Weeks
from tests.unit.credentials.people import (
    RULES,
    TODAY,
    ask,
    certificate,
    cover,
    day,
    declaration,
    membership,
    other_profession,
    paper,
    person,
)

S = CredentialStatus
K = CredentialKind

# --- the licence of a state ------------------------------------------------------------------------------------------

MAY_PRACTISE = {S.ACTIVE, S.ACTIVE_WITH_CONDITIONS, S.PROBATION, S.TEMPORARY}


@pytest.mark.parametrize("status", list(S))
def test_only_a_practising_status_opens_the_gate(status: CredentialStatus) -> None:
    """Nothing is known of an "unknown" here, and no late period is granted."""
    assert ask(person(paper(status=status))).allowed is (status in MAY_PRACTISE)


def test_the_words_that_permit_are_those_and_no_others() -> None:
    assert MAY_PRACTISE == PERMITS_PRACTICE


@pytest.mark.parametrize(("offset", "allowed"), [(-1, True), (0, True), (1, False), (400, False)])
def test_the_day_of_expiry_still_counts(offset: int, allowed: bool) -> None:
    assert ask(person(paper(expires=TODAY)), today=day(offset)).allowed is allowed


@pytest.mark.parametrize(("offset", "allowed"), [(-1, False), (0, True)])
def test_a_licence_counts_from_its_first_day(offset: int, allowed: bool) -> None:
    assert ask(person(paper(valid_from=TODAY)), today=day(offset)).allowed is allowed


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"check_method": CheckMethod.DOCUMENT_ONLY}, "a document alone never opens the gate"),
        ({"check_method": None, "verified_on": None}, "nobody looked"),
        ({"identity_match": False}, "the register names somebody else"),
        ({"superseded": True}, "a newer paper took its place"),
        ({"expires": None}, "a licence without an end cannot be believed"),
        ({"jurisdiction": "US-WA"}, "another state's"),
        ({"jurisdiction": None}, "no state's"),
        ({"kind": K.NATIONAL_CERTIFICATION, "body": "NCBAHM"}, "a certification is not a licence"),
        ({"kind": K.EDUCATION}, "a degree is not a licence"),
        ({"kind": K.STATUTORY_OTHER_PROFESSION, "title": "PT"}, "physical therapy is not acupuncture"),
        ({"status": S.TEMPORARY, "expires": None}, "a permit until when?"),
        ({"codes": frozenset({ConditionCode.FORBIDS_PRACTICE})}, "an order forbids practice"),
        ({"verified_on": day(2)}, "checked on a day that has not come"),
    ],
)
def test_what_is_no_licence(change: dict[str, object], why: str) -> None:
    assert not ask(person(replace(paper(), **change))).allowed, why


@pytest.mark.parametrize("method", [CheckMethod.PRIMARY_SOURCE, CheckMethod.ROSTER_FILE, CheckMethod.TELEPHONE])
def test_a_register_may_be_asked_in_three_ways(method: CheckMethod) -> None:
    assert ask(person(paper(check_method=method))).allowed


@pytest.mark.parametrize("kind", [K.STATUTORY_LICENCE, K.STATUTORY_REGISTRATION, K.CERTIFICATION_STATE])
def test_states_name_their_permission_in_three_ways(kind: CredentialKind) -> None:
    assert ask(person(paper(kind))).allowed


@pytest.mark.parametrize("status", sorted(ORDERED_TO_STOP))
def test_an_order_to_stop_closes_the_door_whatever_else_is_on_record(status: CredentialStatus) -> None:
    answer = ask(person(paper(), paper(status=status, number="another")))
    assert answer.refusals == (Refusal.ORDERED_TO_STOP,)
    elsewhere = ask(person(paper(), paper(status=status, jurisdiction="US-WA")))
    assert elsewhere.allowed
    lifted = ask(person(paper(), paper(status=status, superseded=True)))
    assert lifted.allowed


def test_a_register_that_cannot_be_read_lifts_no_order() -> None:
    unreadable = paper(status=S.UNKNOWN, last_known_status=S.REVOKED, unknown_since=day(-40))
    assert ask(person(paper(), unreadable)).refusals == (Refusal.ORDERED_TO_STOP,)


def test_an_order_that_forbids_practice_closes_the_door_as_a_suspension_does() -> None:
    ordered = paper(status=S.ACTIVE_WITH_CONDITIONS, codes=frozenset({ConditionCode.FORBIDS_PRACTICE}))
    assert ask(person(paper(), ordered)).refusals == (Refusal.ORDERED_TO_STOP,)


@pytest.mark.parametrize(("offset", "allowed"), [(0, True), (14, True), (15, False)])
def test_an_unread_register_is_believed_for_fourteen_days(offset: int, allowed: bool) -> None:
    unread = paper(status=S.UNKNOWN, last_known_status=S.ACTIVE, unknown_since=TODAY)
    assert ask(person(unread), today=day(offset)).allowed is allowed


@pytest.mark.parametrize("last_known", [None, S.DELINQUENT, S.INACTIVE, S.UNKNOWN])
def test_an_unread_register_is_believed_only_in_what_it_once_said(last_known: CredentialStatus | None) -> None:
    assert not ask(person(paper(status=S.UNKNOWN, last_known_status=last_known, unknown_since=TODAY))).allowed


def test_what_was_unknown_on_an_unknown_day_is_not_believed() -> None:
    assert not ask(person(paper(status=S.UNKNOWN, last_known_status=S.ACTIVE))).allowed


# --- late periods ----------------------------------------------------------------------------------------------------

AUSTRALIAN = paper(K.STATUTORY_REGISTRATION, jurisdiction="AU", expires=date(2026, 11, 30))


@pytest.mark.parametrize(
    ("today", "allowed"),
    [(date(2026, 11, 30), True), (date(2026, 12, 1), True), (date(2026, 12, 31), True), (date(2027, 1, 1), False)],
)
def test_an_australian_stays_registered_for_a_month_after_november(today: date, allowed: bool) -> None:
    who = person(AUSTRALIAN, covers=(cover(expires=date(2028, 1, 1)),))
    assert ask(who, "AU", today=today).allowed is allowed


@pytest.mark.parametrize("status", [S.EXPIRED, S.EXPIRED_GRACE, S.LAPSED])
def test_a_late_period_by_date_counts_until_that_day(status: CredentialStatus) -> None:
    late = paper(jurisdiction="AU", status=status, expires=day(-10), late_until=TODAY)
    assert ask(person(late), "AU").allowed
    assert not ask(person(late), "AU", today=day(1)).allowed
    assert not ask(person(replace(late, late_until=None)), "AU").allowed, "nobody said until when"


def test_a_late_period_by_date_counts_in_a_state_without_a_rule_for_it() -> None:
    assert ask(person(paper(expires=day(-5), late_until=day(0)))).allowed
    assert not ask(person(paper(expires=day(-5), late_until=day(-1)))).allowed


def test_californias_delinquent_may_not_practise_whatever_date_stands_there() -> None:
    delinquent = paper(jurisdiction="US-CA", status=S.DELINQUENT, expires=day(-5), late_until=day(300))
    assert not ask(person(delinquent), "US-CA").allowed


def test_a_renewal_under_assessment_is_believed_for_a_month_after_the_last_look() -> None:
    renewing = replace(AUSTRALIAN, renewal_pending=True, last_checked_on=date(2026, 12, 20))
    who = person(renewing, covers=(cover(expires=date(2028, 1, 1)),))
    last = date(2026, 12, 20) + timedelta(days=RENEWAL_CHECK_DAYS)
    assert ask(who, "AU", today=last).allowed
    assert not ask(who, "AU", today=last + timedelta(days=1)).allowed


def test_a_renewal_elsewhere_prolongs_nothing() -> None:
    assert not ask(person(paper(expires=day(-1), renewal_pending=True, last_checked_on=TODAY))).allowed


def test_a_temporary_permit_has_no_late_period() -> None:
    permit = replace(AUSTRALIAN, status=S.TEMPORARY)
    assert ask(person(permit), "AU", today=date(2026, 11, 30)).allowed
    assert not ask(person(permit), "AU", today=date(2026, 12, 1)).allowed


@pytest.mark.parametrize("end", [date.max, date.max - timedelta(days=3)])
def test_a_register_that_says_never_does_not_end_the_calendar(end: date) -> None:
    who = person(
        replace(AUSTRALIAN, expires=end, late_until=end, renewal_pending=True, last_checked_on=end),
        paper(status=S.UNKNOWN, unknown_since=end, last_known_status=S.ACTIVE),
        covers=(cover(expires=end),),
        declaration=declaration(signed_on=end),
    )
    assert ask(who, "AU").allowed
    assert turning_days(who, late_days=31)


# --- probation -------------------------------------------------------------------------------------------------------


def test_probation_is_listed_and_said() -> None:
    answer = ask(person(paper(status=S.PROBATION)))
    assert answer.allowed
    assert answer.on_probation
    assert not ask(person()).on_probation


# --- physicians, therapists ------------------------------------------------------------------------------------------

ABMA = certificate("ABMA")


@pytest.mark.parametrize(
    "title",
    ["MD", "M.D.", "DO", "D.O.", "MD, sleep medicine", "Physician and Surgeon", "Doctor of Medicine", None],
)
def test_a_physician_needs_a_medical_licence_and_checked_training(title: str | None) -> None:
    medical = other_profession(title)
    doctor = Profession.PHYSICIAN
    assert ask(person(medical, ABMA, profession=doctor)).allowed
    assert not ask(person(medical, profession=doctor)).allowed, "without training"
    assert not ask(person(ABMA, profession=doctor)).allowed, "without a licence"
    assert not ask(person(replace(medical, jurisdiction="US-WA"), ABMA, profession=doctor)).allowed
    assert not ask(person(replace(medical, expires=day(-1)), ABMA, profession=doctor)).allowed
    assert not ask(person(replace(medical, expires=None), ABMA, profession=doctor)).allowed, "no licence is for ever"
    assert not ask(person(medical, replace(ABMA, expires=day(-1)), profession=doctor)).allowed
    assert not ask(person(medical, ABMA)).allowed, "an acupuncturist needs an acupuncturist's licence"


OTHER_DOCTORS = (
    "DC,D.C.,ND,N.D.,NMD,N.M.D.,PT,DPT,DDS,D.M.D.,V.M.D.,OMD,O.M.D.,PA,NP,chiropractic physician,"
    "Naturopathic Physician,Podiatric Physician and Surgeon,Doctor of Oriental Medicine,physical therapist,HCPC physio"
)


@pytest.mark.parametrize("title", OTHER_DOCTORS.split(","))
def test_other_doctors_are_not_physicians(title: str) -> None:
    assert not ask(person(other_profession(title), ABMA, profession=Profession.PHYSICIAN)).allowed


def test_dry_needling_is_never_listed() -> None:
    who = person(paper(), other_profession("PT"), certificate(), profession=Profession.DRY_NEEDLING)
    assert Refusal.DRY_NEEDLING in ask(who).refusals


# --- Great Britain and Ireland ---------------------------------------------------------------------------------------

HCPC = other_profession("HCPC physiotherapist", "GB-ENG")
GMC = other_profession("GMC", "GB-ENG")
NMC = other_profession("NMC registered midwife", "GB-ENG")


@pytest.mark.parametrize(
    ("papers", "allowed"),
    [
        ([membership("BAcC")], True),
        ([membership("British Acupuncture Council")], True),
        ([paper(K.ACCREDITED_REGISTER, jurisdiction="GB-ENG", title="MBAcC")], True),
        ([paper(K.ACCREDITED_REGISTER, jurisdiction="GB-ENG")], True),
        ([membership("BAcC", expires=None)], True),
        ([membership("BAcC", "GB-SCT")], True),
        ([membership("BAcC", expires=day(-1))], False),
        ([membership("BAcC", status=S.LAPSED)], False),
        ([membership("BAcC", "IE")], False),
        ([membership("ATCM")], False),
        ([paper(K.PROFESSIONAL_BODY, jurisdiction="GB-ENG")], False),
        ([membership("AACP")], False),
        ([HCPC], False),
        ([membership("AACP"), HCPC], True),
        ([membership("AACP"), GMC], False),
        ([membership("AACP"), replace(HCPC, status=S.SUSPENDED)], False),
        ([membership("AACP"), replace(HCPC, expires=day(-1))], False),
        ([membership("BMAS"), GMC], True),
        ([membership("BMAS"), NMC], True),
        ([membership("BMAS"), HCPC], True),
        ([membership("BMAS")], False),
        ([membership("BMAS"), other_profession("GDC dentist", "GB-ENG")], False),
        ([certificate()], False),
    ],
)
def test_a_register_of_ones_own_will(papers: list[Paper], allowed: bool) -> None:
    assert ask(person(*papers), "GB-ENG").allowed is allowed


@pytest.mark.parametrize(
    ("profession", "body", "allowed"),
    [
        (Profession.PHYSIOTHERAPIST, "AACP", True),
        (Profession.PHYSICIAN, "BMAS", True),
        (Profession.PHYSICIAN, "AACP", False),
        (Profession.ACUPUNCTURIST, "AACP", False),
    ],
)
def test_a_registration_that_names_no_register_is_that_of_the_profession(
    profession: Profession, body: str, allowed: bool
) -> None:
    who = person(membership(body), other_profession(None, "GB-ENG"), profession=profession)
    assert ask(who, "GB-ENG").allowed is allowed


@pytest.mark.parametrize("body", ["AFPA", "ACI", "PRTCM", "Acupuncture Council of Ireland"])
def test_ireland_knows_three_bodies(body: str) -> None:
    assert ask(person(membership(body, "IE")), "IE").allowed
    assert not ask(person(membership("BAcC", "GB-ENG")), "IE").allowed


def test_provinces_without_a_college_accept_their_associations() -> None:
    assert ask(person(membership("CMAAC", "CA-other")), "CA-other").allowed
    assert ask(person(membership("Nova Scotia Association of Acupuncturists", "CA-other")), "CA-other").allowed
    assert not ask(person(membership("CMAAC", "CA-other")), "CA-BC").allowed
    assert not ask(person(paper(jurisdiction="CA-BC")), "CA-other").allowed


# --- local papers ----------------------------------------------------------------------------------------------------


def special_licence(**facts: object) -> Paper:
    return paper(K.SPECIAL_PROCEDURE_LICENCE, **({"jurisdiction": "GB-WLS"} | facts))


def premises(**facts: object) -> Paper:
    return paper(K.PREMISES_APPROVAL, **({"jurisdiction": "GB-WLS", "place_id": 1} | facts))


def council(jurisdiction: str, **facts: object) -> Paper:
    return paper(K.LOCAL_AUTHORITY_REGISTRATION, **({"jurisdiction": jurisdiction} | facts))


WELSH = membership("BAcC", "GB-WLS")


@pytest.mark.parametrize(
    ("papers", "allowed"),
    [
        ([], False),
        ([special_licence()], False),
        ([premises()], False),
        ([special_licence(), premises()], True),
        ([special_licence(), premises(place_id=2)], False),
        ([special_licence(), premises(place_id=None)], False),
        ([special_licence(expires=day(-1)), premises()], False),
        ([special_licence(), premises(status=S.REVOKED, superseded=True)], False),
        ([special_licence(check_method=CheckMethod.DOCUMENT_ONLY), premises()], False),
        ([special_licence(jurisdiction="GB-ENG"), premises()], False),
    ],
)
def test_wales_asks_for_a_licence_and_for_these_premises(papers: list[Paper], allowed: bool) -> None:
    assert ask(person(WELSH, *papers), "GB-WLS").allowed is allowed
    assert ask(person(WELSH, *papers), "GB-WLS", place_id=None, mode=Mode.REMOTE).allowed


def test_one_place_in_wales_may_lose_its_listing_while_another_keeps_it() -> None:
    who = person(WELSH, special_licence(), premises(place_id=1), premises(place_id=2, expires=day(-1)))
    assert ask(who, "GB-WLS", place_id=1).allowed
    assert ask(who, "GB-WLS", place_id=2).refusals == (Refusal.NO_LOCAL_PAPERS,)


@pytest.mark.parametrize(
    ("code", "papers", "allowed"),
    [
        ("GB-SCT", [membership("BAcC", "GB-SCT")], False),
        ("GB-SCT", [membership("BAcC", "GB-SCT"), council("GB-SCT")], True),
        ("GB-SCT", [membership("BAcC", "GB-SCT"), council("GB-LDN")], False),
        ("GB-SCT", [membership("AACP", "GB-SCT"), HCPC], True),
        ("GB-LDN", [membership("BAcC", "GB-LDN")], True),
        ("GB-LDN", [membership("AACP", "GB-LDN"), HCPC], True),
        ("GB-ENG", [membership("BAcC")], True),
        ("GB-NIR", [membership("BAcC", "GB-NIR")], True),
    ],
)
def test_councils_and_whom_they_exempt(code: str, papers: list[Paper], allowed: bool) -> None:
    assert ask(person(*papers), code).allowed is allowed


def test_an_exemption_rests_on_a_paper_that_is_in_force() -> None:
    lapsed = replace(HCPC, expires=day(-1))
    assert not ask(person(membership("BAcC", "GB-SCT"), lapsed), "GB-SCT").allowed


# --- where no state licenses -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "allowed"), [("US-OK", True), ("US-AL", False), ("US-SD", False)])
def test_where_no_licence_exists_a_certification_counts_where_practice_is_lawful(code: str, allowed: bool) -> None:
    answer = ask(person(certificate()), code)
    assert answer.allowed is allowed
    assert allowed or answer.refusals == (Refusal.CLOSED_JURISDICTION,)


def test_the_listing_says_that_no_licence_exists() -> None:
    assert ask(person(certificate()), "US-OK").no_licence_exists
    assert not ask(person()).no_licence_exists


@pytest.mark.parametrize(
    ("papers", "profession", "allowed"),
    [
        ([certificate("NCCAOM")], Profession.ACUPUNCTURIST, True),
        ([certificate(expires=day(-1))], Profession.ACUPUNCTURIST, False),
        ([certificate(expires=None)], Profession.ACUPUNCTURIST, False),
        ([certificate(status=S.LAPSED)], Profession.ACUPUNCTURIST, False),
        ([paper(jurisdiction="US-TX")], Profession.ACUPUNCTURIST, False),
        ([ABMA], Profession.PHYSICIAN, False),
        ([ABMA, other_profession("MD", "US-OK")], Profession.PHYSICIAN, True),
        ([ABMA, other_profession("MD", "US-OK")], Profession.ACUPUNCTURIST, False),
        ([ABMA, other_profession("DC", "US-OK")], Profession.PHYSICIAN, False),
    ],
)
def test_what_counts_in_oklahoma(papers: list[Paper], profession: Profession, allowed: bool) -> None:
    assert ask(person(*papers, profession=profession), "US-OK").allowed is allowed


def test_nobody_is_listed_where_there_is_no_rule() -> None:
    assert permits(person(), None, place_id=1, today=TODAY).refusals == (Refusal.NO_RULE,)


def test_a_certification_is_recognised_under_both_names_while_it_runs() -> None:
    for body in ("NCBAHM", "NCCAOM", "ABMA"):
        assert nationally_certified(person(certificate(body)), today=TODAY)
    assert not nationally_certified(person(certificate(expires=day(-1))), today=TODAY)
    assert not nationally_certified(person(certificate("Some college")), today=TODAY)


# --- standing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [each for each in AccountStatus if each is not AccountStatus.PUBLISHED])
def test_only_the_published_are_seen(status: AccountStatus) -> None:
    assert ask(person(account_status=status)).refusals == (Refusal.NOT_PUBLISHED,)


def test_a_hold_hides() -> None:
    assert ask(person(held=True)).refusals == (Refusal.HELD,)


@pytest.mark.parametrize("proved", [None, day(2)])
def test_the_holder_must_have_been_proved(proved: date | None) -> None:
    assert ask(person(holder_proved_on=proved)).refusals == (Refusal.HOLDER_NOT_PROVED,)


@pytest.mark.parametrize(("age", "allowed"), [(0, True), (120, True), (121, False)])
def test_an_attestation_counts_for_120_days(age: int, allowed: bool) -> None:
    assert ask(person(attested_on=day(-age))).allowed is allowed
    assert not ask(person(attested_on=None)).allowed


def test_what_was_said_on_tomorrows_utc_day_is_already_said_in_america() -> None:
    """At five in the afternoon in Oregon it is the next day in UTC, and that is the day that is written down."""
    tomorrow = day(1)
    fresh = person(
        paper(verified_on=tomorrow),
        attested_on=tomorrow,
        holder_proved_on=tomorrow,
        covers=(cover(verified_on=tomorrow),),
        declaration=declaration(signed_on=tomorrow),
    )
    assert ask(fresh).allowed
    assert admits_pregnancy(fresh, RULES["US-OR"], weeks=Weeks(10, 11), today=TODAY) == ()
    assert not ask(person(attested_on=day(2))).allowed


@pytest.mark.parametrize(
    ("covers", "allowed"),
    [
        ((), False),
        ((cover(expires=TODAY),), True),
        ((cover(expires=day(-1)),), False),
        ((cover(verified_on=None),), False),
        ((cover(expires=day(-1)), cover(expires=day(5), covers_pregnancy=False)), True),
    ],
)
def test_insurance_must_run_and_have_been_seen(covers: tuple[object, ...], allowed: bool) -> None:
    assert ask(person(covers=covers)).allowed is allowed


def test_every_reason_of_standing_is_named() -> None:
    nobody = person(
        account_status=AccountStatus.DRAFT, held=True, holder_proved_on=None, attested_on=None, covers=(), papers=()
    )
    assert set(ask(nobody).refusals) == {
        Refusal.NOT_PUBLISHED,
        Refusal.HELD,
        Refusal.HOLDER_NOT_PROVED,
        Refusal.NOT_ATTESTED,
        Refusal.NO_INDEMNITY,
        Refusal.NO_LICENCE,
    }
