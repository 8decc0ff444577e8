"""The room about people who work at the desk."""

from __future__ import annotations

from directory.accounts.terms import Role
from directory.app import DirectoryApp
from tests.web.accounts import sign_in
from tests.web.client import Client


def test_an_administrator_invites_gives_takes_and_lets_go(site: DirectoryApp) -> None:
    chief, vera = Client(site), Client(site)
    sign_in(chief, email="chief-of-staff@example.org", roles=[Role.ADMINISTRATOR])
    number = sign_in(vera, email="vera-of-staff@example.org", roles=[Role.VERIFIER])
    page = chief.get("/desk/staff")
    assert "vera-of-staff@example.org" in page.words()
    again = chief.submit(page, "/desk/staff", {"email": "nobody"}, status=422)
    assert set(again.errors_at()) == {"email", "role"}
    chief.submit(page, "/desk/staff", {"email": "new-of-staff@example.org", "role": "verifier"})
    page = chief.get(f"/desk/staff/{number}")
    chief.submit(page, f"/desk/staff/{number}/role/administrator")
    assert "Administrator, Verifier" in chief.get("/desk/staff").words()
    chief.submit(page, f"/desk/staff/{number}/role/administrator")
    again = chief.submit(page, f"/desk/staff/{number}/second-factor", {"reason": ""}, status=422)
    assert set(again.errors_at()) == {"reason"}
    vera.get("/desk")
    chief.submit(page, f"/desk/staff/{number}/leave")
    vera.get("/desk", status=303)
    chief.get(f"/desk/staff/{number}", status=404)


def test_nobody_acts_on_themselves_and_nobody_else_comes_in(site: DirectoryApp) -> None:
    chief, vera = Client(site), Client(site)
    own = sign_in(chief, email="chief-of-herself@example.org", roles=[Role.ADMINISTRATOR])
    sign_in(vera, email="vera-of-herself@example.org", roles=[Role.VERIFIER])
    page = chief.get(f"/desk/staff/{own}")
    assert "This is you." in page.words()
    chief.submit(
        chief.get("/desk/staff"),
        "/desk/staff",
        {"email": "chief-of-herself@example.org", "role": "verifier"},
        status=409,
    )
    vera.get("/desk/staff", status=404)
    vera.get(f"/desk/staff/{own}", status=404)
    with_roles = chief.get("/desk/staff/9999999", status=404)
    assert "9999999" not in with_roles.words()


def test_a_colleague_is_found_without_reading_the_others(site: DirectoryApp) -> None:
    chief = Client(site)
    sign_in(chief, email="chief-of-many@example.org", roles=[Role.ADMINISTRATOR])
    numbers = [
        sign_in(Client(site), email=f"one-of-many-{each}@example.org", roles=[Role.VERIFIER]) for each in range(3)
    ]
    patient = sign_in(Client(site), email="none-of-many@example.org", roles=[Role.PATIENT])
    page = chief.get(f"/desk/staff/{numbers[0]}")
    heirs = {each.text for each in page.all("option")}
    assert "one-of-many-0@example.org" not in heirs
    assert {"one-of-many-1@example.org", "one-of-many-2@example.org"} <= heirs
    assert not {"none-of-many@example.org", "chief-of-many@example.org"} & heirs
    chief.submit(page, f"/desk/staff/{numbers[0]}/sign-out")
    chief.get(f"/desk/staff/{patient}", status=404)
    token = page.fields(page.form(f"/desk/staff/{numbers[0]}/sign-out"))
    chief.post(f"/desk/staff/{patient}/sign-out", 404, data=token)
