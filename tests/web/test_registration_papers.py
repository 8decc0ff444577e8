"""Education, licences, insurance and declarations as their holder fills them in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Config
from directory.app import DirectoryApp, create_app
from directory.cases.models import Case
from directory.cases.terms import Kind
from directory.credentials import service as credentials
from directory.credentials.edits.models import ProposedEdit
from directory.credentials.models import Credential, Indemnity, PregnancyDeclaration, RlsExperience
from directory.credentials.service import Check, CredentialDraft, IndemnityDraft
from directory.credentials.terms import CredentialKind, CredentialStatus, Verification
from directory.crypto import keyring
from directory.practitioners.models import Practitioner
from directory.practitioners.premises import service as premises
from directory.practitioners.publication import service as publication
from directory.practitioners.terms import Profession
from tests.factories import place_draft
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock

TODAY = population.NOW.date()
NAME = "Juniper Underhill"
LICENCE = "/registration/licences/new/US-OR/licence"
RENEWED = (TODAY + timedelta(days=700)).isoformat()
ISSUED = (TODAY - timedelta(days=700)).isoformat()
OREGON = {"number": "AC123456", "status": "active", "valid_from": ISSUED, "expires": RENEWED}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("papers")
    (folder / "var").mkdir()
    config = Config.from_environment({}, cwd=folder)
    keyring.install(config.encryption_keys)
    engine = ready.with_population(config.database_url)
    yield create_app(config, engine=engine, clock=clock)
    engine.dispose()


@pytest.fixture
def session(app: DirectoryApp) -> Iterator[Session]:
    with Session(app.database.engine) as session:
        yield session


_count = iter(range(1, 1000))


def _member(app: DirectoryApp, *, second_factor: bool = True, **answers: str) -> Client:
    client = Client(app)
    sign_in(client, email=f"papers{next(_count)}@example.org", second_factor=second_factor)
    who = "/registration/who"
    client.submit(client.get(who), who, {"display_name": NAME, "profession": "acupuncturist"} | answers)
    return client


@pytest.fixture
def member(app: DirectoryApp) -> Client:
    """Somebody who has begun."""
    return _member(app)


@pytest.fixture
def me(member: Client, session: Session) -> int:
    """Their id: the newest."""
    found = session.scalars(select(Practitioner.id).order_by(Practitioner.id.desc()).limit(1)).one()
    session.rollback()
    return found


def send(client: Client, path: str, answers: dict[str, str] | None = None, status: int = 303) -> Page:
    """Fill in the form at its own address and send it."""
    return client.submit(client.get(path), path, answers or {}, status)


def papers(session: Session, me: int) -> list[Credential]:
    session.rollback()
    return list(session.scalars(select(Credential).where(Credential.practitioner_id == me).order_by(Credential.id)))


def publish(session: Session, me: int) -> None:
    """As if everything had been checked and shown to the public."""
    session.rollback()
    now = population.NOW
    publication.publish_all(session, [me], holder_proved_on=TODAY, now=now)
    session.commit()


# --- education -------------------------------------------------------------------------------------------------------


def test_a_school_is_kept_as_it_was_typed(member: Client, me: int, session: Session) -> None:
    page = send(
        member,
        "/registration/education/new",
        {"body": "Oregon College", "title": "Master", "completed_year": "2011", "accredited_by": "ACAHM"},
    )
    assert page.response.location == "/registration/education"
    row = papers(session, me)[0]
    assert (row.kind, row.body, row.completed_year, row.accredited_by) == (
        CredentialKind.EDUCATION,
        "Oregon College",
        2011,
        "ACAHM",
    )
    listed = member.get("/registration/education")
    assert "Master, Oregon College, 2011" in listed.words()
    assert send(member, "/registration/education").response.location == "/registration/licences"


def test_a_name_from_right_to_left_comes_back_as_it_was(member: Client, me: int, session: Session) -> None:
    send(member, "/registration/education/new", {"body": "كلية الطب الصيني", "name_on_record": "ليلى حداد"})
    row = papers(session, me)[0]
    page = member.get(f"/registration/education/{row.id}")
    fields = page.fields(page.form(f"/registration/education/{row.id}"))
    assert (fields["body"], fields["name_on_record"]) == ("كلية الطب الصيني", "ليلى حداد")


@pytest.mark.parametrize(
    ("year", "told"),
    [("2011.5", "whole number"), ("twenty", "whole number"), ("2099", "not come yet"), ("1066", "long ago")],
)
def test_a_year_that_cannot_be_is_told_at_its_field(member: Client, year: str, told: str) -> None:
    page = send(member, "/registration/education/new", {"body": "A School", "completed_year": year}, 422)
    assert told in page.errors_at()["completed_year"]
    fields = page.fields(page.form("/registration/education/new"))
    assert (fields["body"], fields["completed_year"]) == ("A School", year)


def test_a_needle_course_has_a_day_and_no_year(member: Client, me: int, session: Session) -> None:
    send(member, "/registration/education/new-course", {"valid_from": "2012-05-04", "number": "CNT-1"})
    row = papers(session, me)[0]
    assert (row.kind, row.valid_from.isoformat() if row.valid_from else "") == (
        CredentialKind.CLEAN_NEEDLE_TECHNIQUE,
        "2012-05-04",
    )


def test_suggestions_fit_the_country_and_bind_nobody(member: Client, me: int, session: Session) -> None:
    premises.add_place(session, place_draft(me, country="GB", jurisdiction="GB-ENG", admin1="ENG"))
    session.commit()
    page = member.get("/registration/education/new")
    assert next(each.get("value", "") for each in page.all("option")).startswith("BAAB")


# --- licences --------------------------------------------------------------------------------------------------------


def test_the_list_says_what_a_place_asks_for_in_its_own_words(member: Client, me: int, session: Session) -> None:
    premises.add_place(session, place_draft(me))
    session.commit()
    words = member.get("/registration/licences").words()
    for said in ("Oregon licenses acupuncturists by law", "Oregon Medical Board", "OMB Licensee Search", "AC123456"):
        assert said in words
    assert "verify" not in words


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("GB-WLS", "special procedure license, approval of the premises"),
        ("GB-ENG", "together with the register of GMC, NMC or HCPC"),
        ("GB-LDN", "required unless you are exempt"),
        ("US-OK", "no state board takes complaints"),
        ("US-AL", "we list nobody there yet"),
        ("AU", "CMR0001234567"),
        ("CA-other", "in Canada (provinces without a college)"),
    ],
)
def test_every_kind_of_place_is_explained(member: Client, code: str, said: str) -> None:
    assert said in member.get(f"/registration/licences/new?jurisdiction={code}").words()


def test_a_place_nobody_knows_is_asked_again(member: Client) -> None:
    page = member.get("/registration/licences/new?jurisdiction=ZZ", 422)
    assert "jurisdiction" in page.errors_at()


def test_a_licence_is_a_statement_until_it_is_checked(member: Client, me: int, session: Session) -> None:
    page = send(member, LICENCE, OREGON | {"raw_status": "Active", "name_on_record": "J. Marten"})
    assert page.response.location == "/registration/licences"
    row = papers(session, me)[0]
    assert (row.kind, row.jurisdiction, row.number, row.body) == (
        CredentialKind.STATUTORY_LICENCE,
        "US-OR",
        "AC123456",
        "Oregon Medical Board",
    )
    assert (row.verified_on, row.check_method, row.identity_match) == (None, None, False)
    assert "Your statement; we check it" in member.get("/registration/licences").words()


def test_nothing_that_only_a_check_can_say_can_be_posted(member: Client, me: int, session: Session) -> None:
    smuggled = {
        "verified_on": TODAY.isoformat(),
        "check_method": "primary_source",
        "identity_match": "y",
        "practitioner_id": "1",
        "supersedes_id": "1",
        "jurisdiction": "US-WA",
        "kind": "education",
        "late_until": RENEWED,
        "discipline": "",
        "evidence_url": "https://example.org",
    }
    send(member, LICENCE, OREGON | smuggled)
    row = papers(session, me)[0]
    assert (row.verified_on, row.identity_match, row.supersedes_id, row.jurisdiction, row.evidence_url) == (
        None,
        False,
        None,
        "US-OR",
        None,
    )
    assert row.kind is CredentialKind.STATUTORY_LICENCE
    page = send(member, LICENCE, OREGON | {"status": "revoked"}, 422)
    assert "status" in page.errors_at()


def test_an_expiry_before_the_issue_loses_nothing(member: Client, me: int, session: Session) -> None:
    page = send(member, LICENCE, OREGON | {"valid_from": "2026-01-02", "expires": ISSUED, "raw_status": "Clear"}, 422)
    assert "before the day of issue" in page.errors_at()["expires"]
    fields = page.fields(page.form(LICENCE))
    assert (fields["expires"], fields["raw_status"], fields["number"]) == (ISSUED, "Clear", "AC123456")
    assert papers(session, me) == []


@pytest.mark.parametrize("typed", ["31/12/2027", "2027-02-30", "0000-00-00", "tomorrow", "2027-01-01T00:00"])
def test_a_date_that_is_none_is_told_and_shown_again(member: Client, typed: str) -> None:
    page = send(member, LICENCE, OREGON | {"expires": typed}, 422)
    assert "expires" in page.errors_at()


def test_a_strange_number_is_kept_with_a_gentle_word(member: Client, me: int, session: Session) -> None:
    send(member, LICENCE, OREGON | {"number": "12-OR-77"})
    words = member.get("/registration/licences").words()
    assert "looks different from the usual ones there, such as AC123456" in words
    row = papers(session, me)[0]
    send(member, f"/registration/licences/{row.id}", {"number": "AC777777"})
    assert "looks different" not in member.get("/registration/licences").words()


def test_a_form_sent_twice_is_one_paper(member: Client, me: int, session: Session) -> None:
    page = member.get(LICENCE)
    for _ in range(2):
        member.submit(page, LICENCE, OREGON)
    assert len(papers(session, me)) == 1


def test_somebody_elses_number_is_taken_without_a_word_of_them(app: DirectoryApp, session: Session) -> None:
    other = _member(app)
    send(other, LICENCE, OREGON | {"number": "AC555555"})
    mine = _member(app)
    send(mine, LICENCE, OREGON | {"number": "ac 555555"})
    assert NAME not in mine.get("/registration/licences").words().replace(NAME, "", 1)
    newest = session.scalars(select(Credential).order_by(Credential.id.desc()).limit(1)).one()
    kinds = set(session.scalars(select(Case.kind).where(Case.subject == f"credential:{newest.id}")))
    assert kinds == {Kind.PLAUSIBILITY}


@pytest.mark.parametrize("path", ["", "/end"])
def test_papers_of_others_are_not_there(
    app: DirectoryApp, member: Client, me: int, session: Session, path: str
) -> None:
    send(member, LICENCE, OREGON)
    send(member, "/registration/education/new", {"body": "A School"})
    send(
        member,
        "/registration/licences/cover/new",
        {"insurer": "A Mutual", "expires": RENEWED, "covers_acupuncture": "y"},
    )
    licence, school = papers(session, me)
    cover = session.scalars(select(Indemnity).where(Indemnity.practitioner_id == me)).one()
    other = _member(app)
    for address in (
        f"/registration/licences/{licence.id}{path}",
        f"/registration/education/{school.id}{path}",
        f"/registration/licences/cover/{cover.id}{path}",
        f"/registration/education/{licence.id}{path}",
        f"/registration/licences/{2**80}{path}",
    ):
        other.get(address, 404)
        other.post(address, 404, data={"csrf_token": _token(other)})
    assert len(papers(session, me)) == 2


def _token(client: Client) -> str:
    page = client.get("/registration/education")
    return page.fields(page.form("/registration/education"))["csrf_token"]


def test_a_paper_there_is_none_of_is_not_there(member: Client) -> None:
    for path in ("US-OR/nonsense", "ZZ/licence", "national/licence", "US-OR/physician"):
        member.get(f"/registration/licences/new/{path}", 404)


def test_an_unchecked_paper_is_taken_back_on_a_page_with_one_button(member: Client, me: int, session: Session) -> None:
    send(member, LICENCE, OREGON)
    end = f"/registration/licences/{papers(session, me)[0].id}/end"
    assert "simply erased" in member.get(end).words()
    assert len(papers(session, me)) == 1
    assert member.submit(member.get(end), end, {}).response.location == "/registration/licences"
    assert papers(session, me) == []


def test_welsh_premises_belong_to_a_welsh_place_of_ones_own(member: Client, me: int, session: Session) -> None:
    approval = "/registration/licences/new/GB-WLS/premises"
    assert "Add the place first" in member.get(approval).words()
    wales = {"country": "GB", "admin1": "WLS", "jurisdiction": "GB-WLS", "locality": "Conwy", "postal_code": "LL32 8HT"}
    oregon = premises.add_place(session, place_draft(me, label="Oregon"))
    welsh = premises.add_place(session, place_draft(me, label="Conwy", **wales))
    session.commit()
    answers = OREGON | {"number": "W-1", "body": "Conwy County Borough Council"}
    assert "place_id" in send(member, approval, answers | {"place_id": str(oregon.id)}, 422).errors_at()
    send(member, approval, answers | {"place_id": str(welsh.id)})
    row = papers(session, me)[0]
    assert (row.place_id, row.body) == (welsh.id, "Conwy County Borough Council")


def test_a_physician_is_asked_which_licence(app: DirectoryApp, session: Session) -> None:
    doctor = _member(app, profession=Profession.PHYSICIAN.value)
    path = "/registration/licences/new/US-OR/physician"
    send(doctor, path, {"number": "MD1", "degree": "DO", "expires": RENEWED})
    newest = session.scalars(select(Credential).order_by(Credential.id.desc()).limit(1)).one()
    assert (newest.kind, newest.title) == (CredentialKind.STATUTORY_OTHER_PROFESSION, "DO")
    assert "American Board of Medical Acupuncture" in doctor.get("/registration/licences").words()


def test_a_checked_licence_changes_into_a_paper_beside_it(member: Client, me: int, session: Session) -> None:
    old = _checked(session, me)
    publish(session, me)
    path = f"/registration/licences/{old}"
    assert "stays as it is until we have checked the change" in member.get(path).words()
    send(member, path, {"expires": (TODAY + timedelta(days=900)).isoformat()})
    first, second = papers(session, me)
    assert (first.id, first.expires, second.supersedes_id) == (old, TODAY + timedelta(days=300), old)
    assert "The paper we checked stays as it is" in member.get("/registration/licences").words()
    kinds = set(session.scalars(select(Case.kind).where(Case.subject == f"credential:{second.id}")))
    assert kinds == {Kind.LICENCE}


def test_giving_a_licence_up_is_asked_once_and_done_at_once(member: Client, me: int, session: Session) -> None:
    end = f"/registration/licences/{_checked(session, me)}/end"
    publish(session, me)
    assert "nothing rests on it" in member.get(end).words()
    assert papers(session, me)[0].given_up_on is None
    member.submit(member.get(end), end, {})
    assert papers(session, me)[0].given_up_on == TODAY
    assert "You gave it up on" in member.get("/registration/licences").words()
    assert "You have ended it already" in member.get(end).words()


def test_what_was_published_changes_only_with_a_second_factor(app: DirectoryApp, session: Session) -> None:
    client = _member(app, second_factor=False)
    me = session.scalars(select(Practitioner.id).order_by(Practitioner.id.desc()).limit(1)).one()
    key = _checked(session, me)
    publish(session, me)
    for path, answers in (
        (f"/registration/licences/{key}", {"expires": RENEWED}),
        (f"/registration/licences/{key}/end", {}),
        (PREGNANCY, {"treats": "no"}),
        ("/registration/rls", {"patients_24m": "3", "attested": "y"}),
        ("/registration/education/new", {"body": "A School"}),
    ):
        page = send(client, path, answers)
        assert page.response.location.startswith("/account/second-factor?"), path
    assert [row.given_up_on for row in papers(session, me)] == [None]
    assert session.scalar(select(func.count()).where(RlsExperience.practitioner_id == me)) == 0


def _checked(session: Session, me: int) -> int:
    session.rollback()
    draft = CredentialDraft(
        practitioner_id=me,
        kind=CredentialKind.STATUTORY_LICENCE,
        status=CredentialStatus.ACTIVE,
        jurisdiction="US-OR",
        number=f"AC9{next(_count):05}",
        valid_from=TODAY - timedelta(days=4 * 365),
        expires=TODAY + timedelta(days=300),
        check=Check(verified_on=TODAY),
    )
    row = credentials.record(session, draft, now=population.NOW)
    session.commit()
    return row.id


# --- insurance -------------------------------------------------------------------------------------------------------


def test_insurance_must_cover_needles(member: Client, me: int, session: Session) -> None:
    path = "/registration/licences/cover/new"
    page = send(member, path, {"insurer": "A Mutual"}, 422)
    assert {"expires", "covers_acupuncture"} <= page.errors_at().keys()
    assert page.fields(page.form(path))["insurer"] == "A Mutual"
    send(member, path, {"insurer": "A Mutual", "expires": RENEWED, "covers_acupuncture": "y", "verified_on": RENEWED})
    row = session.scalars(select(Indemnity).where(Indemnity.practitioner_id == me)).one()
    assert (row.covers_pregnancy, row.verified_on, row.covers_acupuncture) == (False, None, True)


def test_seen_insurance_stays_beside_what_is_said_now(member: Client, me: int, session: Session) -> None:
    draft = IndemnityDraft(practitioner_id=me, expires=TODAY + timedelta(days=9), insurer="Old", verified_on=TODAY)
    old = credentials.record_indemnity(session, draft, now=population.NOW)
    session.commit()
    path = f"/registration/licences/cover/{old.id}"
    send(member, path, {"insurer": "New", "expires": RENEWED, "covers_acupuncture": "y"})
    session.rollback()
    rows = session.scalars(select(Indemnity).where(Indemnity.practitioner_id == me).order_by(Indemnity.id)).all()
    assert [(row.insurer, row.verified_on) for row in rows] == [("Old", TODAY), ("New", None)]
    member.submit(member.get(f"{path}/end"), f"{path}/end", {})
    session.rollback()
    assert session.get_one(Indemnity, old.id).ended_on == TODAY


# --- restless legs ---------------------------------------------------------------------------------------------------


def _rls(session: Session, me: int) -> RlsExperience:
    session.rollback()
    return session.scalars(select(RlsExperience).where(RlsExperience.practitioner_id == me)).one()


def test_experience_is_declared_on_a_day(member: Client, me: int, session: Session) -> None:
    page = send(member, "/registration/rls", {"patients_24m": "12", "years": "2,5", "attested": "y"})
    assert page.response.location == "/registration/pregnancy"
    row = _rls(session, me)
    assert (row.patients_24m, row.years, row.attested_on) == (12, 2.5, TODAY)
    assert row.patients_verification is Verification.SELF_ATTESTED
    shown = member.get("/registration/rls")
    fields = shown.fields(shown.form("/registration/rls"))
    assert (fields["patients_24m"], fields["years"], fields.get("attested")) == ("12", "2.5", None)


def test_none_yet_is_an_answer(member: Client, me: int, session: Session) -> None:
    send(member, "/registration/rls")
    assert session.scalar(select(func.count()).where(RlsExperience.practitioner_id == me)) == 0


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"patients_24m": "a few"}, "patients_24m"),
        ({"patients_24m": "-4"}, "patients_24m"),
        ({"patients_24m": "99999999999"}, "patients_24m"),
        ({"patients_24m": "٣"}, "patients_24m"),
        ({"years": "1e9"}, "years"),
        ({"years": "81"}, "years"),
        ({"training_hours": "8"}, "training_on"),
        ({"training_hours": "8", "training_on": RENEWED}, "training_on"),
        ({"outcomes": "validated_scale_routine"}, "scale"),
        ({"outcomes": "aggregate_reported", "scale": "IRLS"}, "scale_permitted"),
        ({"outcomes": "magic"}, "outcomes"),
        ({"supervisor": "x" * 201}, "supervisor"),
    ],
)
def test_experience_that_cannot_be_kept_is_told_and_not_lost(
    member: Client, answers: dict[str, str], field: str
) -> None:
    page = send(member, "/registration/rls", {"liaison_with": "The sleep clinic"} | answers, 422)
    assert field in page.errors_at()
    fields = page.fields(page.form("/registration/rls"))
    assert fields["liaison_with"] == "The sleep clinic"
    for name, typed in answers.items():
        if name not in ("outcomes",):
            assert fields[name] == typed


def test_a_large_caseload_is_kept_calmly(member: Client, me: int, session: Session) -> None:
    send(member, "/registration/rls", {"patients_24m": "900", "attested": "y"})
    assert _rls(session, me).patients_24m == 900
    assert session.scalars(select(Case.kind).where(Case.subject == f"rls:{me}")).all() == [Kind.PLAUSIBILITY]
    words = member.get("/registration/rls").words()
    assert "We may ask you about these numbers" in words


def test_years_a_checked_licence_rules_out_are_refused_with_a_way_on(member: Client, me: int, session: Session) -> None:
    _checked(session, me)
    page = send(member, "/registration/rls", {"years": "20", "attested": "y"}, 422)
    assert "add that license first" in page.errors_at()["years"]


def test_verification_cannot_be_posted(member: Client, me: int, session: Session) -> None:
    smuggled = {"patients_verification": "independently_confirmed", "attested_on": "2030-01-01", "liaison": "confirmed"}
    send(member, "/registration/rls", {"patients_24m": "3", "attested": "y"} | smuggled)
    row = _rls(session, me)
    assert (row.patients_verification, row.attested_on) == (Verification.SELF_ATTESTED, TODAY)
    assert row.liaison.value == "self_attested"


def test_of_a_published_profile_more_waits_and_less_stands(member: Client, me: int, session: Session) -> None:
    send(member, "/registration/rls", {"patients_24m": "12", "years": "2", "attested": "y"})
    session.execute(
        update(RlsExperience)
        .where(RlsExperience.practitioner_id == me)
        .values(patients_verification=Verification.DOCUMENT_CHECKED)
    )
    session.commit()
    publish(session, me)
    page = send(member, "/registration/rls", {"patients_24m": "30", "years": "1"}, 422)
    assert "attested" in page.errors_at()
    send(member, "/registration/rls", {"patients_24m": "30", "years": "1", "attested": "y"})
    row = _rls(session, me)
    assert (row.patients_24m, row.patients_verification, row.years) == (12, Verification.DOCUMENT_CHECKED, 1.0)
    shown = member.get("/registration/rls")
    assert shown.fields(shown.form("/registration/rls"))["patients_24m"] == "30"
    assert "Your change waits to be looked at" in shown.words()
    assert "Your experience with restless legs" in member.get("/registration").words()


def test_two_windows_are_told_of_each_other(member: Client, me: int, session: Session) -> None:
    early = member.get("/registration/rls")
    send(member, "/registration/rls", {"patients_24m": "5", "attested": "y"})
    page = member.submit(early, "/registration/rls", {"patients_24m": "8", "attested": "y"}, 409)
    assert "This was saved in another window meanwhile" in page.words()
    assert _rls(session, me).patients_24m == 5


# --- pregnancy -------------------------------------------------------------------------------------------------------

WHOLE = {
    "treats": "yes",
    "trimesters": "second",
    "training_hours": "20",
    "training_title": "Maternity acupuncture",
    "point_policy": "avoid_traditional_list_before_37w",
    "written_consent": "y",
    "emergency_red_flags": "y",
    "emergency_contact": "y",
    "emergency_stops": "y",
}
SIGNED = {"truth": "y", "signed_name": NAME}
PREGNANCY = "/registration/pregnancy"


def _declaration(session: Session, me: int) -> PregnancyDeclaration:
    session.rollback()
    return session.scalars(select(PregnancyDeclaration).where(PregnancyDeclaration.practitioner_id == me)).one()


def test_the_question_must_be_answered_and_no_ends_it(member: Client, me: int, session: Session) -> None:
    page = send(member, PREGNANCY, status=422)
    assert "treats" in page.errors_at()
    send(member, PREGNANCY, {"treats": "no"})
    assert not _declaration(session, me).treats


def test_unsigned_it_is_a_draft_and_signed_it_counts(member: Client, me: int, session: Session) -> None:
    send(member, PREGNANCY, WHOLE)
    row = _declaration(session, me)
    assert (row.min_week, row.max_week, row.signed_on, row.truth_declared) == (14, 27, None, False)
    assert "it counts for nothing yet" in member.get(PREGNANCY).words()
    send(member, PREGNANCY, SIGNED)
    row = _declaration(session, me)
    assert (row.signed_on, row.signed_name, row.training_verification) == (TODAY, NAME, Verification.SELF_ATTESTED)
    words = member.get(PREGNANCY).words()
    assert "sign again before then" in words
    assert "Insurance that names pregnancy is missing" in words


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        (SIGNED | {"signed_name": "Somebody Else"}, "signed_name"),
        ({"signed_name": NAME}, "signed_name"),
        ({"min_week": "5"}, "min_week"),
        ({"max_week": "41"}, "max_week"),
        ({"min_week": "26", "max_week": "20"}, "max_week"),
        ({"min_week": "x"}, "min_week"),
        ({"trimesters": "fourth"}, "trimesters"),
        ({"point_policy": "magic"}, "point_policy"),
    ],
)
def test_a_declaration_that_cannot_be_kept_is_told_and_not_lost(
    member: Client, answers: dict[str, str], field: str
) -> None:
    page = send(member, PREGNANCY, WHOLE | answers, 422)
    assert field in page.errors_at()
    assert page.fields(page.form(PREGNANCY))["training_title"] == "Maternity acupuncture"


def test_weeks_narrow_the_trimesters(member: Client, me: int, session: Session) -> None:
    send(member, PREGNANCY, WHOLE | {"min_week": "16", "max_week": "24"})
    row = _declaration(session, me)
    assert (row.min_week, row.max_week) == (16, 24)
    page = member.get(PREGNANCY)
    fields = page.fields(page.form(PREGNANCY))
    assert (fields.getlist("trimesters"), fields["min_week"], fields["max_week"]) == (["second"], "16", "24")


def test_training_cannot_be_posted_as_checked(member: Client, me: int, session: Session) -> None:
    smuggled = {"training_verification": "document_checked", "signed_on": "2030-01-01", "truth_declared": "y"}
    send(member, PREGNANCY, WHOLE | smuggled)
    row = _declaration(session, me)
    assert (row.training_verification, row.signed_on) == (Verification.SELF_ATTESTED, None)


def test_of_a_published_profile_stopping_acts_at_once_and_more_waits(member: Client, me: int, session: Session) -> None:
    send(member, PREGNANCY, WHOLE | SIGNED)
    publish(session, me)
    assert "signed_name" in send(member, PREGNANCY, {"max_week": "20", "patients_24m": "9"}, 422).errors_at()
    send(member, PREGNANCY, SIGNED | {"max_week": "20", "patients_24m": "9"})
    row = _declaration(session, me)
    assert (row.max_week, row.patients_24m) == (20, 0)
    assert session.scalar(select(func.count()).where(ProposedEdit.practitioner_id == me)) == 1
    assert "A change of yours waits" in member.get(PREGNANCY).words()
    send(member, PREGNANCY, {"treats": "no"})
    assert not _declaration(session, me).treats
    assert "A change of yours waits" not in member.get(PREGNANCY).words()
