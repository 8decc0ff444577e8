"""What decides about accounts, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from directory.accounts import passwords, permissions, rules, weakness
from directory.accounts.rules import Limit, Limits
from directory.accounts.terms import Permission, Role

NOW = datetime(2026, 11, 23, 20, tzinfo=UTC)
seconds = st.integers(0, 100_000).map(lambda each: timedelta(seconds=each))


def test_every_permission_stands_in_the_table_and_somebody_has_it() -> None:
    assert set(permissions.TABLE) == set(Permission)
    assert all(rule.roles for rule in permissions.TABLE.values())


@pytest.mark.parametrize("role", Role)
def test_nobody_but_the_privileged_reaches_other_people(role: Role) -> None:
    reaches = {Permission.VERIFY_CLAIMS, Permission.ADMINISTER}
    assert any(permissions.may([role], each) for each in reaches) == (role in permissions.PRIVILEGED)


def test_who_has_no_role_may_nothing() -> None:
    assert not any(permissions.may([], each) for each in Permission)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann@Example.org", " ann@example.ORG "), ("ﬁsh@example.org", "FISH@example.org"), ("e\u0301@x.org", "é@x.org")],
)
def test_an_address_has_one_spelling(one: str, other: str) -> None:
    assert rules.email_key(one) == rules.email_key(other)


@given(began=seconds, seen=seconds, idle=seconds, absolute=seconds)
def test_a_session_lives_until_the_first_of_its_limits(
    began: timedelta, seen: timedelta, idle: timedelta, absolute: timedelta
) -> None:
    live = rules.is_live(
        began_at=NOW - began, last_seen_at=NOW - seen, limits=Limits(idle=idle, absolute=absolute), now=NOW
    )
    assert live == (seen < idle and began < absolute)


@given(
    tries=st.lists(seconds, max_size=12),
    most=st.integers(1, 6),
    within=st.integers(1, 50_000).map(lambda each: timedelta(seconds=each)),
    slow=st.none() | st.integers(1, 600).map(lambda each: timedelta(seconds=each)),
)
def test_who_has_waited_may_try_again_and_not_before(
    tries: list[timedelta], most: int, within: timedelta, slow: timedelta | None
) -> None:
    times, limit = [NOW - each for each in tries], Limit(most, within, slow)
    waiting = rules.wait(times, limit, now=NOW)
    assert waiting >= timedelta(0)
    assert rules.wait(times, limit, now=NOW + waiting) == timedelta(0)
    if waiting:
        assert rules.wait(times, limit, now=NOW + waiting - timedelta(microseconds=1)) > timedelta(0)
    if sum(each < within for each in tries) < most:
        assert not waiting


def test_beyond_a_slow_limit_one_try_passes_now_and_then() -> None:
    limit = Limit(3, timedelta(hours=24), then_every=timedelta(minutes=1))
    times: list[datetime] = []
    for minute in range(60):
        now = NOW + timedelta(minutes=minute)
        assert not rules.wait(times, limit, now=now)
        times.append(now)
    assert rules.wait(times, limit, now=NOW + timedelta(minutes=59, seconds=1))


@pytest.mark.parametrize(
    ("remote", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("nonsense", "unknown"),
        (None, "unknown"),
    ],
)
def test_a_household_is_one_network(remote: str | None, network: str) -> None:
    assert rules.network(remote) == network


def test_whose_tries_are_counted_cannot_be_worked_out_without_our_secret() -> None:
    assert rules.subject("one", "sign_in", "a") != rules.subject("other", "sign_in", "a")
    assert rules.subject("one", "a", "b") != rules.subject("one", "ab", "")


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox/Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604",
            "Safari/iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge/Linux"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome/Android"),
        ("curl/8.0", ""),
        ("\x1b[31m<script>", ""),
    ],
)
def test_a_browser_is_known_by_name_and_nothing_it_says_is_kept(agent: str, device: str) -> None:
    assert rules.device(agent) == device


@given(st.text(alphabet="/\\.:?#%@abc \t\r\n", max_size=12))
def test_the_way_back_never_leads_to_another_host(path: str) -> None:
    if rules.is_way_back(path):
        assert path.startswith("/")
        assert path[1:2] not in ("/", "\\")
        assert not set("\\?# \t\r\n") & set(path)


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    key = "wab8dyjuz6kjccxr"
    assert rules.code_key(rules.written_code(key).upper().replace("-", " — ")) == key
    assert len(set(rules.code_signs()) & set("il1o0")) == 0


# Passwords


@pytest.mark.parametrize(
    "password",
    [
        "aaaa bbbb cccc dddd é",
        "a quiet river in november",
        "correct horse battery staple",
        "!?;:,.-_#+*~^°§$%",
        "пятнадцать знаков",
        "p" * 15 + "q7",
        "x7Kq" * 32,
        "ab3 " * 250,
    ],
)
def test_any_long_password_is_welcome_whatever_signs_it_has(password: str) -> None:
    assert weakness.complaint(password, context=["Stillpoint", "someone@example.org"]) is None


@pytest.mark.parametrize(
    ("password", "complaint"),
    [
        ("", weakness.TOO_SHORT),
        ("fourteen signs", weakness.TOO_SHORT),
        ("x7Kq" * 251, weakness.TOO_LONG),
        ("passwordpassword", weakness.COMMON),
        ("Password1234567!", weakness.COMMON),
        ("qwertyuiopasdfghjkl", weakness.COMMON),
        ("123456789012345678", weakness.COMMON),
        ("baseball football", weakness.COMMON),
        (" " * 20, weakness.COMMON),
        ("stillpointstillpoint", weakness.KNOWN),
        ("Stillpoint-2026-1", weakness.KNOWN),
        ("juniper.underhill", weakness.KNOWN),
        ("JuniperUnderhill1!", weakness.KNOWN),
        ("underhill@example.org", weakness.KNOWN),
    ],
)
def test_what_is_tried_first_is_refused_with_its_reason(password: str, complaint: str) -> None:
    context = ["Stillpoint", "Juniper Underhill", "underhill@example.org"]
    assert weakness.complaint(password, context=context) == complaint


def test_the_list_of_common_passwords_is_long_enough_and_in_one_spelling() -> None:
    known = weakness.common()
    assert len(known) >= 3000
    assert {"password", "123456", "qwerty"} <= known
    assert all(each == each.casefold() for each in known)


@pytest.mark.usefixtures("passwords_as_shipped")
def test_a_password_is_hashed_with_memory_and_never_cut() -> None:
    long = "é" * 200
    stored = passwords.hashed(long)
    assert stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert passwords.fits(stored, long)
    assert passwords.fits(stored, "e\N{COMBINING ACUTE ACCENT}" * 200)
    assert not passwords.fits(stored, long[:-1])
    assert not passwords.fits(None, "the password of nobody")
    assert not passwords.fits("not a hash", long)
    assert not passwords.is_outdated(stored)


def test_nobody_takes_as_long_as_somebody(monkeypatch: pytest.MonkeyPatch) -> None:
    """An account that is not there costs the same work: one comparison with a hash of the same parameters."""
    work: list[Parameters] = []

    class Noting(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - the library's name
            work.append(extract_parameters(str(hash)))
            return bool(super().verify(hash, password))

    monkeypatch.setattr(passwords, "_hasher", Noting())
    stored = passwords.hashed("a quiet river in november")
    passwords._nobodys.cache_clear()
    assert not passwords.fits(stored, "wrong")
    assert not passwords.fits(None, "wrong")
    passwords._nobodys.cache_clear()
    somebody, nobody = work
    assert somebody == nobody


def test_limits_are_named_for_everything_that_is_counted() -> None:
    spans = sorted({limit.within for limit in rules.TRIES.values()})
    assert spans[-1] == rules.ATTEMPTS_KEPT
    assert all(one < other for one, other in pairwise(spans))
