"""Showing evidence: who may see what, what is refused in which words, and nothing half kept."""

from __future__ import annotations

import gc
import io
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.serving import make_server
from werkzeug.test import encode_multipart

from config import Config
from directory.access_log import AccessEntry
from directory.app import DirectoryApp, create_app
from directory.cases.models import Case
from directory.cases.terms import Kind, State
from directory.credentials.evidence import photos
from directory.credentials.evidence.models import Evidence, ProfilePhoto
from directory.credentials.evidence.store import Store
from directory.credentials.evidence.terms import EvidenceState, PhotoState
from directory.credentials.models import Credential
from directory.crypto import keyring
from directory.http.site import EXTENSION
from directory.mail import outbox
from directory.mail.models import OutgoingLetter
from directory.practitioners.models import Practitioner
from tests import files
from tests.web import population, ready
from tests.web.accounts import sign_in
from tests.web.client import Client, Page
from tests.web.conftest import Clock

TRAINING = "/evidence/for/pregnancy:training"
PATIENTS = "/evidence/for/rls:patients"
COLLEAGUE = {"name": "Hazel Moss", "email": "hazel@example.org", "words": "About twelve people.", "agreed": "y"}


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[DirectoryApp]:
    folder = tmp_path_factory.mktemp("showing")
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


@pytest.fixture
def store(app: DirectoryApp) -> Store:
    return Store(app.extensions[EXTENSION].config.evidence_dir)


_next = iter(range(1, 1000))


@pytest.fixture
def owner_id() -> int:
    """Another person for each test."""
    return next(_next)


@pytest.fixture
def owner(app: DirectoryApp, clock: Clock, owner_id: int) -> Client:
    clock.now = population.NOW
    client = Client(app)
    sign_in(client, email=f"owner{owner_id}@example.org", practitioner_id=owner_id)
    return client


@pytest.fixture
def verifier(app: DirectoryApp, clock: Clock) -> Client:
    clock.now = population.NOW
    client = Client(app)
    sign_in(client, email="verifier@example.org", roles=["verifier"])
    return client


@pytest.fixture
def other(app: DirectoryApp, clock: Clock) -> Client:
    clock.now = population.NOW
    client = Client(app)
    sign_in(client, email="other@example.org", practitioner_id=999_999)
    return client


def send(
    client: Client, content: bytes | None, name: str, status: int = 303, *, to: str = f"{TRAINING}/file", **ticks: str
) -> Page:
    """Send a file as the page's own form does."""
    page = client.get(to)
    fields = page.fields(page.form(to))
    fields.poplist("file")
    fields.update({"no_patient": "y", "only_me": "y"} | ticks)
    return client.post(to, status, **posted(fields, content, name))


def posted(fields: MultiDict[str, str], content: bytes | None, name: str) -> dict[str, object]:
    """The body of a form with a file."""
    values: dict[str, object] = dict(fields.items())
    if content is not None:
        values["file"] = FileStorage(io.BytesIO(content), name)
    boundary, body = encode_multipart(values)
    return {"data": body, "content_type": f"multipart/form-data; boundary={boundary}"}


def newest(session: Session) -> Evidence:
    session.rollback()
    return session.scalars(select(Evidence).order_by(Evidence.id.desc()).limit(1)).one()


def how_many(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Evidence)) or 0


def test_a_file_is_sent_and_stands_on_the_page_of_its_claim(owner: Client, session: Session, store: Store) -> None:
    page = owner.follow(send(owner, files.pdf(2), "My certificate (1).pdf"))
    assert "PDF, 2 pages" in page.words()
    assert "Waits to be looked at" in page.words()
    assert "certificate (1)" not in page.text
    evidence = newest(session)
    saved = owner.inner.get(f"/evidence/files/{evidence.code}")
    assert saved.data.startswith(b"%PDF-")
    assert saved.headers["Content-Disposition"] == f'attachment; filename="evidence-{evidence.id}.pdf"'
    assert saved.headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert saved.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in saved.headers["Cache-Control"]
    assert saved.mimetype == "application/pdf"
    on_disk = [path for path in store.folder.rglob("*") if path.is_file()]
    assert all(not path.read_bytes().startswith(b"%PDF") for path in on_disk)
    assert owner.inner.get(f"/static/../evidence/{evidence.file}").status_code == 404


def test_a_file_of_an_iphone_comes_back_as_a_plain_picture(owner: Client, session: Session) -> None:
    send(owner, files.located("HEIF"), "IMG_0001.HEIC")
    saved = owner.inner.get(f"/evidence/files/{newest(session).code}")
    assert saved.mimetype == "image/jpeg"
    assert files.PLACE not in saved.data


def test_who_may_open_a_file(
    app: DirectoryApp, owner: Client, other: Client, verifier: Client, session: Session, clock: Clock
) -> None:
    send(owner, files.pdf(), "a.pdf")
    evidence = newest(session)
    address = f"/evidence/files/{evidence.code}"
    other.get(address, 404)
    patient = Client(app)
    sign_in(patient, email="patient@example.org", roles=["patient"])
    patient.get(address, 404)
    administrator = Client(app)
    sign_in(administrator, email="administrator@example.org", roles=["administrator"])
    administrator.get(address, 404)
    half = Client(app)
    sign_in(half, email="half@example.org", roles=["verifier"], second_factor=False)
    half.get(address, 404)
    anybody = Client(app).get(address, 303)
    assert anybody.response.headers["Location"].startswith("/account/sign-in")
    assert session.scalar(select(func.count()).select_from(AccessEntry)) == 0
    assert verifier.inner.get(address).status_code == 200
    session.rollback()
    entry = session.scalars(select(AccessEntry).where(AccessEntry.what == "evidence.read")).one()
    assert (entry.subject, entry.about) == (f"evidence:{evidence.id}", evidence.practitioner_id)
    assert owner.inner.get(address).status_code == 200
    session.rollback()
    assert session.scalar(select(func.count()).select_from(AccessEntry)) == 1
    owner.get("/evidence/files/AAAAAAAAAAAAAAAAAAAAAA", 404)
    owner.get(f"/evidence/files/{evidence.id}", 404)


def test_nobody_reaches_anything_of_somebody_else(
    owner: Client, other: Client, session: Session, owner_id: int
) -> None:
    send(owner, files.pdf(), "a.pdf")
    code = newest(session).code
    paper = session.scalars(select(Credential).where(Credential.practitioner_id == owner_id).limit(1)).one()
    owner.get(f"/evidence/for/credential:{paper.id}")
    mine = session.scalars(select(Credential).where(Credential.practitioner_id != owner_id).limit(1)).one()
    owner.get(f"/evidence/for/credential:{mine.id}", 404)
    for path in ("", "/file"):
        owner.get(f"/evidence/for/credential:{mine.id}{path}", 404)
    token = owner.get(f"{TRAINING}/file")
    fields = token.fields(token.form(f"{TRAINING}/file")) | {"no_patient": "y"}
    before = how_many(session)
    owner.post(f"/evidence/for/credential:{mine.id}/file", 404, **posted(MultiDict(fields), files.pdf(), "a.pdf"))
    assert how_many(session) == before
    other.get(f"/evidence/pieces/{code}/remove", 404)
    form = other.get("/account/sign-in", 200)
    assert form.status == 200


def test_a_claim_that_is_none_is_not_there(owner: Client) -> None:
    for subject in ("credential:0", "credential:99999999999999999999", "rls:", "x", "pregnancy:training'--", "%00"):
        owner.get(f"/evidence/for/{subject}", 404)
    owner.get(f"{PATIENTS}/file", 404)
    owner.get(f"{TRAINING}/statement", 404)


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg", "not a PDF, JPEG, PNG or HEIC"),
        (b"<!doctype html><script>alert(1)</script>", "a.pdf", "not a PDF, JPEG, PNG or HEIC"),
        (files.archive(), "a.pdf", "not a PDF, JPEG, PNG or HEIC"),
        (files.picture(), "a.pdf", "ending of its name"),
        (files.pdf(), "a.pdf.exe", "ending of its name"),
        (files.picture() + files.archive(), "a.jpg", "second file"),
        (b"", "a.pdf", "empty"),
        (b"%PDF-1.7 rubbish", "a.pdf", "damaged"),
        (files.locked(False), "a.pdf", "password"),
        (files.png_of(20_000, 10_000), "a.png", "50 million pixels"),
    ],
)
def test_what_is_not_taken_is_refused_in_words_and_the_tick_stays(
    owner: Client, session: Session, store: Store, content: bytes, name: str, words: str
) -> None:
    before, kept = how_many(session), set(store.names())
    page = send(owner, content, name, 422)
    assert words in page.errors_at()["file"]
    assert page.by_id("no_patient").get("checked") is not None
    assert name not in page.text
    assert how_many(session) == before
    assert set(store.names()) == kept


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/cron.d/x.pdf",
        "..\\..\\x.pdf",
        "<b>x</b>.pdf",
        "x\u202efdp.pdf",
        "a" * 5000 + ".pdf",
        ".pdf",
    ],
)
def test_a_strange_name_does_no_harm_and_is_not_kept(owner: Client, session: Session, store: Store, name: str) -> None:
    page = send(owner, files.pdf(), name)
    assert "etc/cron" not in owner.follow(page).text
    assert re.fullmatch(r"[0-9a-f]{32}", newest(session).file or "")
    kept = [str(each.relative_to(store.folder)) for each in store.folder.rglob("*") if each.is_file()]
    assert all(re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", each) for each in kept)


def test_the_tick_and_the_file_are_both_needed(owner: Client, session: Session) -> None:
    before = how_many(session)
    page = send(owner, files.pdf(), "a.pdf", 422, no_patient="")
    assert set(page.errors_at()) == {"no_patient"}
    page = send(owner, None, "", 422)
    assert "Please choose a file." in page.errors_at()["file"]
    words = {"file": "text and no file", "no_patient": "y"}
    page = owner.submit(owner.get(f"{TRAINING}/file"), f"{TRAINING}/file", words, 422)
    assert "file" in page.errors_at()
    assert how_many(session) == before


def test_what_is_too_large_is_told_so(owner: Client, session: Session) -> None:
    before = how_many(session)
    page = send(owner, b"%PDF-" + bytes(10 * 1024 * 1024 - 4), "a.pdf", 422)
    assert "larger than 10 MB" in page.errors_at()["file"]
    page = send(owner, b"%PDF-" + bytes(12 * 1024 * 1024), "a.pdf", 413)
    assert "larger than 10 MB" in page.errors_at()["file"]
    assert how_many(session) == before


def test_only_where_files_are_sent_may_much_be_sent(owner: Client, app: DirectoryApp) -> None:
    large = {"words": "x" * 200_000, "csrf_token": "x"}
    owner.post(f"{PATIENTS}/statement", 413, data=large)
    stranger = Client(app)
    page = stranger.post(f"{TRAINING}/file", 303, **posted(MultiDict(), bytes(2_000_000), "a.pdf"))
    assert page.response.headers["Location"].startswith("/account/sign-in")


def test_a_form_of_another_site_sends_nothing(owner: Client, session: Session) -> None:
    before = how_many(session)
    owner.post(f"{TRAINING}/file", 400, **posted(MultiDict({"no_patient": "y"}), files.pdf(), "a.pdf"))
    assert how_many(session) == before


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_a_file_that_is_cut_off_on_the_way_leaves_nothing(
    app: DirectoryApp, owner: Client, session: Session, store: Store
) -> None:
    """Over a real connection that ends before all that was promised has come.

    Werkzeug leaves the temporary file it was filling to the garbage collector, which is called while that is allowed.
    """
    before, kept = how_many(session), set(store.names())
    page = owner.get(f"{TRAINING}/file")
    token = page.fields(page.form(f"{TRAINING}/file"))["csrf_token"]
    cookie = "; ".join(f"{each.key}={each.value}" for each in owner.inner._cookies.values())
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in (("csrf_token", token), ("no_patient", "y"))
    )
    start = f'{parts}--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'.encode()
    body = start + files.pdf()
    head = (
        f"POST {TRAINING}/file HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\nAccept: text/html\r\n"
        f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body) + 5_000}\r\n\r\n"
    ).encode()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        with socket.create_connection(server.socket.getsockname(), timeout=30) as line:
            line.sendall(head + body)
            line.shutdown(socket.SHUT_WR)
            told = b""
            while chunk := line.recv(65536):
                told += chunk
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert told.startswith(b"HTTP/1.1 400"), told[:300]
    assert b"did not arrive whole" in told
    gc.collect()
    assert how_many(session) == before
    assert set(store.names()) == kept


@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
def test_a_server_that_ends_the_stream_itself_does_not_hide_that_it_was_cut_off(
    owner: Client, session: Session
) -> None:
    """gunicorn gives an end where a browser has broken off, as if all had come."""
    before = how_many(session)
    page = owner.get(f"{TRAINING}/file")
    whole = posted(page.fields(page.form(f"{TRAINING}/file")), files.pdf(), "a.pdf")
    body = bytes(whole["data"])  # type: ignore[arg-type]
    page = owner.post(
        f"{TRAINING}/file",
        400,
        input_stream=io.BytesIO(body[:-40]),
        content_type=whole["content_type"],
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": str(len(body))},
    )
    assert "did not arrive whole" in page.errors_at()["file"]
    gc.collect()
    assert how_many(session) == before


def test_a_full_disk_is_told_and_the_tick_stays(owner: Client, session: Session, store: Store) -> None:
    """A folder that cannot be written, because a file lies where its subfolders would be."""
    before = how_many(session)
    moved = store.folder.with_name("moved")
    store.folder.mkdir(exist_ok=True)
    store.folder.rename(moved)
    store.folder.write_text("in the way")
    try:
        page = send(owner, files.pdf(), "a.pdf", 503)
        assert "cannot keep files just now" in page.errors_at()["file"]
        assert page.by_id("no_patient").get("checked") is not None
    finally:
        store.folder.unlink()
        moved.rename(store.folder)
    assert how_many(session) == before


def test_a_piece_is_deleted_over_a_page_with_one_button(owner: Client, session: Session, store: Store) -> None:
    send(owner, files.pdf(), "a.pdf")
    evidence = newest(session)
    address = f"/evidence/pieces/{evidence.code}/remove"
    page = owner.submit(owner.get(address), address)
    assert "Nothing yet." in owner.follow(page).words()
    assert evidence.file not in set(store.names())
    owner.get(address, 404)
    owner.get(f"/evidence/files/{evidence.code}", 404)


def test_what_is_decided_cannot_be_deleted(owner: Client, session: Session, clock: Clock) -> None:
    send(owner, files.pdf(), "a.pdf")
    evidence = newest(session)
    address = f"/evidence/pieces/{evidence.code}/remove"
    page = owner.get(address)
    evidence.decided_at = clock.now
    session.commit()
    owner.submit(page, address, status=409)
    owner.get(address, 404)
    shown = owner.get(TRAINING)
    assert "Looked at; deleted on" in shown.words()


def test_a_statement_is_signed(owner: Client, session: Session) -> None:
    page = owner.get(f"{PATIENTS}/statement")
    page = owner.submit(page, f"{PATIENTS}/statement", {"words": "Twelve people.", "name": ""}, 422)
    assert set(page.errors_at()) == {"name", "true"}
    assert page.by_id("words").text.strip() == "Twelve people."  # type: ignore[union-attr]
    signed = {"words": "Twelve people.", "name": "Juniper Underhill", "true": "y"}
    page = owner.submit(page, f"{PATIENTS}/statement", signed)
    page = owner.follow(page)
    assert "Statement signed by Juniper Underhill" in page.words()
    assert "never by files" in page.words()
    assert "Add a file" not in page.words()


def _ask(owner: Client, **fields: str) -> Page:
    return owner.submit(owner.get(f"{PATIENTS}/colleague"), f"{PATIENTS}/colleague", COLLEAGUE | fields)


def _letter(session: Session) -> tuple[str, str]:
    """Whom the newest letter is for, and its link."""
    session.rollback()
    number = session.scalar(select(func.max(OutgoingLetter.id)))
    row = outbox.one(session, number or 0)
    assert row is not None
    text = row.text_sealed or ""
    assert "Juniper" not in text
    assert "twelve" not in text
    return row.recipient_sealed or "", re.findall(r"/evidence/confirm/[\w-]+", text)[0]


@pytest.mark.parametrize(("answer", "said"), [("yes", "Confirmed"), ("no", "Not confirmed")])
def test_a_colleague_answers_over_a_link_once(
    app: DirectoryApp, owner: Client, session: Session, owner_id: int, answer: str, said: str
) -> None:
    assert "Asked, no answer yet" in owner.follow(_ask(owner)).words()
    to, link = _letter(session)
    assert to == "hazel@example.org"
    colleague = Client(app)
    page = colleague.get(link)
    name = session.get_one(Practitioner, owner_id).display_name.strip()
    assert name in page.words()
    assert "About twelve people." in page.words()
    assert "no-store" in page.response.headers["Cache-Control"]
    page = colleague.submit(page, link, {"name": ""}, 422)
    assert set(page.errors_at()) == {"confirms", "name"}
    page = colleague.submit(page, link, {"confirms": answer, "name": "Hazel Moss", "words": "We share a practice."})
    assert "Thank you" in colleague.follow(page).words()
    colleague.get(link, 410)
    assert said in owner.get(PATIENTS).words()
    told = newest(session).told
    assert told is not None
    assert told.answered_by == "Hazel Moss"


def test_a_colleague_is_not_asked_twice_and_typing_is_kept(owner: Client) -> None:
    _ask(owner)
    page = owner.submit(owner.get(f"{PATIENTS}/colleague"), f"{PATIENTS}/colleague", COLLEAGUE, 409)
    assert "asked already" in page.words()
    assert page.by_id("email").get("value") == "hazel@example.org"


@pytest.mark.parametrize(
    "email", ["nobody", "a@b", "hazel@example.org\nBcc: x@example.org", "x" * 300 + "@example.org"]
)
def test_a_letter_goes_only_to_an_address(owner: Client, session: Session, email: str) -> None:
    session.rollback()
    before = session.scalar(select(func.count()).select_from(OutgoingLetter))
    page = owner.submit(owner.get(f"{PATIENTS}/colleague"), f"{PATIENTS}/colleague", COLLEAGUE | {"email": email}, 422)
    assert "email" in page.errors_at()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(OutgoingLetter)) == before


def test_an_altered_link_leads_nowhere(app: DirectoryApp, owner: Client, session: Session, clock: Clock) -> None:
    _ask(owner)
    link = _letter(session)[1]
    Client(app).get(f"{link}x", 410)
    Client(app).get(f"{link[:-1]}", 410)
    clock.now += timedelta(days=30)
    Client(app).get(link, 410)
    clock.now = population.NOW


def test_the_way_on_leads_to_the_step_of_the_claim(owner: Client, session: Session, owner_id: int) -> None:
    paper = session.scalars(select(Credential).where(Credential.practitioner_id == owner_id).limit(1)).one()
    for subject, step in (
        ("pregnancy:training", "/registration/pregnancy"),
        ("rls:patients", "/registration/rls"),
        (f"credential:{paper.id}", f"/registration/licences/{paper.id}"),
    ):
        page = owner.get(f"/evidence/for/{subject}", query_string={"next": "https://evil.example"})
        assert step in page.links()
        assert "evil" not in page.text
        owner.get(step)


def test_what_waits_for_the_scanner_is_told_and_closed_to_everybody(
    tmp_path: Path, app: DirectoryApp, clock: Clock, verifier: Client, session: Session, owner_id: int
) -> None:
    guarded = create_app(
        replace(app.extensions[EXTENSION].config, clamd=str(tmp_path / "nobody.sock")),
        engine=app.database.engine,
        clock=clock,
    )
    client = Client(guarded)
    sign_in(client, email=f"waiting{owner_id}@example.org", practitioner_id=owner_id)
    page = client.follow(send(client, files.pdf(), "a.pdf"))
    assert "Waits for the virus scanner" in page.words()
    evidence = newest(session)
    assert evidence.state is EvidenceState.WAITING_SCAN
    client.get(f"/evidence/files/{evidence.code}", 404)
    verifier.get(f"/evidence/files/{evidence.code}", 404)


def _photo(session: Session, owner_id: int) -> ProfilePhoto:
    session.rollback()
    return session.scalars(
        select(ProfilePhoto).where(ProfilePhoto.practitioner_id == owner_id).order_by(ProfilePhoto.id.desc()).limit(1)
    ).one()


def test_a_photo_waits_and_then_is_shown_to_everybody(
    app: DirectoryApp,
    owner: Client,
    other: Client,
    verifier: Client,
    session: Session,
    store: Store,
    owner_id: int,
    clock: Clock,
) -> None:
    slug = session.get_one(Practitioner, owner_id).slug
    anybody = Client(app)
    send(owner, files.located(), "me.jpg", to="/evidence/photo")
    photo = _photo(session, owner_id)
    assert photo.state is PhotoState.WAITING
    assert (
        session.scalars(select(Case).where(Case.kind == Kind.PHOTO, Case.subject == f"practitioner:{owner_id}"))
        .one()
        .state
        is State.OPEN
    )
    address = f"/practitioners/{slug}/photo-{photo.sha256[:8]}.jpg"
    anybody.get(address, 404)
    assert "photo-" not in anybody.get(f"/practitioners/{slug}").text
    assert "Only you see it" in owner.get("/evidence/photo").words()
    assert owner.inner.get(f"/evidence/photo/{photo.id}").mimetype == "image/jpeg"
    assert verifier.inner.get(f"/evidence/photo/{photo.id}").status_code == 200
    session.rollback()
    assert session.scalars(select(AccessEntry).where(AccessEntry.subject == f"photo:{photo.id}")).one()
    other.get(f"/evidence/photo/{photo.id}", 404)
    photos.accept_photo(session, store, photo.id, now=clock.now)
    session.commit()
    page = anybody.get(f"/practitioners/{slug}")
    shown = next(each for each in page.all("img") if "photo-" in each.get("src", ""))
    assert (shown.get("width"), shown.get("height")) == ("160", "160")
    for path in (address, str(shown.get("src"))):
        answer = anybody.inner.get(path)
        assert answer.mimetype == "image/jpeg"
        assert answer.headers["Cache-Control"] == "public, max-age=3600"
        assert files.PLACE not in answer.data
    send(owner, files.picture(size=(700, 700)), "new.jpg", to="/evidence/photo")
    assert anybody.inner.get(address).status_code == 200
    page = owner.get("/evidence/photo")
    assert "Until then the one you have stays" in page.words()
    person = session.get_one(Practitioner, owner_id)
    session.refresh(person)
    person.held_since = clock.now
    session.commit()
    anybody.get(address, 404)
    person.held_since = None
    session.commit()
    forms = [each for each in page.all("form") if each.get("action") == "/evidence/photo/remove"]
    for form, which in zip(forms, ("live", "newer"), strict=True):
        owner.post("/evidence/photo/remove", 303, data=page.fields(form) | {"which": which})
    anybody.get(address, 404)
    session.rollback()
    assert not session.scalars(select(ProfilePhoto).where(ProfilePhoto.practitioner_id == owner_id)).all()


def test_a_published_photo_is_changed_with_a_second_factor_only(app: DirectoryApp, clock: Clock, owner_id: int) -> None:
    client = Client(app)
    sign_in(client, email=f"half{owner_id}@example.org", practitioner_id=owner_id, second_factor=False)
    assert client.get("/evidence/photo", 303).response.headers["Location"].startswith("/account/second-factor")


def test_a_photo_that_is_none_is_refused_in_words(owner: Client) -> None:
    page = send(owner, files.pdf(), "me.pdf", 422, to="/evidence/photo")
    assert "choose a picture" in page.errors_at()["file"]
    page = send(owner, files.picture(size=(100, 100)), "me.jpg", 422, to="/evidence/photo")
    assert "too small" in page.errors_at()["file"]
    assert page.by_id("only_me").get("checked") is not None
    page = send(owner, bytes(12 * 1024 * 1024), "me.jpg", 413, to="/evidence/photo")
    assert "larger than 10 MB" in page.words()
