"""The settings: each one that is missing or makes no sense is named, and development makes its own keys once."""

from __future__ import annotations

import base64
import dataclasses
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import config
from config import Config, ConfigError
from directory import settings

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(config.__file__).parent
KEY = base64.urlsafe_b64encode(b"k" * 32).decode()
PRODUCTION = {
    "STILLPOINT_ENV": "production",
    "SECRET_KEY": "s" * 40,
    "ENCRYPTION_KEYS": KEY,
    "DATABASE_URL": "postgresql://u:p@db/stillpoint",
    "SITE_URL": "https://directory.example.org/",
    "TRUSTED_HOSTS": "directory.example.org, www.directory.example.org",
    "OPERATOR_NAME": "The Trust",
    "OPERATOR_EMAIL": "hello@directory.example.org",
    "OPERATOR_ADDRESS": "1 Example Street",
    "SMTP_HOST": "mail.example.org",
    "SMTP_FROM": "Stillpoint <hello@directory.example.org>",
}
REQUIRED = [name for name in PRODUCTION if name != "STILLPOINT_ENV"]
FIELDS = {each.metadata["env"]: each for each in dataclasses.fields(Config)}


def _read(environ: Mapping[str, str], folder: Path) -> Config:
    return Config.from_environment(environ, cwd=folder)


def test_production_needs_no_more_than_these(tmp_path: Path) -> None:
    read = _read(PRODUCTION, tmp_path)
    assert read.production
    assert read.site_url == "https://directory.example.org"
    assert read.trusted_hosts == ("directory.example.org", "www.directory.example.org")
    assert read.database_url == "postgresql+psycopg://u:p@db/stillpoint"
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("missing", REQUIRED)
@pytest.mark.parametrize("how", ["absent", "blank"])
def test_production_names_what_is_missing(tmp_path: Path, missing: str, how: str) -> None:
    environ = {**PRODUCTION, missing: "  "}
    if how == "absent":
        del environ[missing]
    with pytest.raises(ConfigError, match=rf"\b{missing}\b"):
        _read(environ, tmp_path)
    assert not (tmp_path / "var").exists()


def test_everything_missing_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _read({"STILLPOINT_ENV": "production"}, tmp_path)
    assert all(name in str(caught.value) for name in REQUIRED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STILLPOINT_ENV", "prod"),
        ("SECRET_KEY", "short"),
        ("ENCRYPTION_KEYS", "not-a-key"),
        ("ENCRYPTION_KEYS", f"{KEY},not-a-key"),
        ("ENCRYPTION_KEYS", ","),
        ("DATABASE_URL", "mysql://u:p@db/stillpoint"),
        ("DATABASE_URL", "stillpoint.db"),
        ("DATABASE_URL", "sqlite://"),
        ("DATABASE_URL", "sqlite:///"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://u:p@db:port/stillpoint"),
        ("DATABASE_TIMEOUT_SECONDS", "0"),
        ("DATABASE_TIMEOUT_SECONDS", "5.5"),
        ("DATABASE_TIMEOUT_SECONDS", "-5"),
        ("DATABASE_TIMEOUT_SECONDS", "٥"),
        ("SITE_NAME", "x" * 61),
        ("SITE_NAME", "two\nlines"),
        ("SITE_URL", "directory.example.org"),
        ("SITE_URL", "ftp://directory.example.org"),
        ("SITE_URL", "https://"),
        ("SITE_URL", "https://directory.example.org/?a=b"),
        ("SITE_URL", "http://directory.example.org"),
        ("TRUSTED_HOSTS", ","),
        ("TRUSTED_HOSTS", "https://directory.example.org"),
        ("TRUSTED_HOSTS", "directory.example.org:8000"),
        ("TRUSTED_HOSTS", "*"),
        ("PROXY_COUNT", "6"),
        ("PROXY_COUNT", "many"),
        ("WORKERS", "0"),
        ("WORKERS", "65"),
        ("THREADS", "nan"),
        ("REQUEST_DEADLINE_SECONDS", "1"),
        ("REQUEST_DEADLINE_SECONDS", "5"),
        ("LOG_LEVEL", "loud"),
        ("GEOCODER", "google"),
        ("GEOCODER", "nominatim"),
        ("GEOCODER_TIMEOUT_SECONDS", "nan"),
        ("GEOCODER_TIMEOUT_SECONDS", "inf"),
        ("GEOCODER_TIMEOUT_SECONDS", "soon"),
        ("MAP_TILE_URL", "tiles.example.org/{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "http://tiles.example.org/{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "https://tiles.example.org/{z}/{x}.png"),
        ("MAP_TILE_URL", "https://{z}.example.org/{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "https://tiles.example.org; script-src */{z}/{x}/{y}.png"),
        ("MAP_TILE_URL", "https://user:word@tiles.example.org/{z}/{x}/{y}.png"),
        ("MAP_TILE_CREDIT", "a" * 121),
        ("SMTP_HOST", "mail.example.org:587"),
        ("SMTP_HOST", "smtp://mail.example.org"),
        ("SMTP_PORT", "0"),
        ("SMTP_TLS", "ssl"),
        ("SMTP_TLS", "none"),
        ("SMTP_USER", "somebody without a password"),
        ("SMTP_FROM", "Stillpoint"),
        ("SMTP_FROM", "Stillpoint <hello@directory.example.org>, <b@example.org>"),
        ("SMTP_FROM", "Stillpoint <hello@directory.example.org>\r\nBcc: b"),
        ("SMTP_TIMEOUT_SECONDS", "0"),
        ("MAIL_KEPT_DAYS", "-1"),
        ("JOBS", "never"),
    ],
)
def test_what_makes_no_sense_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=rf"\b{name}\b"):
        _read({**PRODUCTION, name: value}, tmp_path)


def test_no_secret_stands_in_a_complaint(tmp_path: Path) -> None:
    for name, value in (
        ("SECRET_KEY", "hush-hush"),
        ("ENCRYPTION_KEYS", "hush-hush"),
        ("SMTP_PASSWORD", "hush-hush"),
        ("DATABASE_URL", "x://hush-hush"),
        ("DATABASE_URL", "postgresql://u:p@db:hush-hush/stillpoint"),
        ("DATABASE_URL", "postgres//u:hush-hush℀@db/stillpoint"),
    ):
        with pytest.raises(ConfigError) as caught:
            _read({**PRODUCTION, name: value}, tmp_path)
        assert "hush-hush" not in str(caught.value)


def test_no_secret_stands_in_the_repr(tmp_path: Path) -> None:
    shown = repr(_read({**PRODUCTION, "SMTP_USER": "u", "SMTP_PASSWORD": "hush-hush"}, tmp_path))
    assert "hush-hush" not in shown
    assert PRODUCTION["SECRET_KEY"] not in shown
    assert KEY not in shown
    assert "u:p@" not in shown


def test_several_wrong_settings_are_named_together(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        _read({**PRODUCTION, "WORKERS": "0", "LOG_LEVEL": "loud"}, tmp_path)
    assert "WORKERS" in str(caught.value)
    assert "LOG_LEVEL" in str(caught.value)


def test_development_needs_nothing_and_keeps_its_keys(tmp_path: Path) -> None:
    first = _read({}, tmp_path)
    second = _read({}, tmp_path)
    assert not first.production
    assert (first.secret_key, first.encryption_keys) == (second.secret_key, second.encryption_keys)
    assert len(first.secret_key) >= 32
    file = tmp_path / "var" / "keys.env"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == ["keys.env"]
    assert first.database_url == f"sqlite:///{tmp_path / 'var' / 'stillpoint.db'}"


def test_other_folders_have_other_keys(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    assert _read({}, one).secret_key != _read({}, two).secret_key


def test_processes_that_start_together_get_the_same_keys(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; sys.path.insert(0, sys.argv[1]); from config import Config;"
        "sys.stdin.read(1); print(Config.from_environment({}, cwd=pathlib.Path(sys.argv[2])).secret_key)"
    )
    started = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(ROOT), str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    told = {process.communicate("x", timeout=300)[0] for process in started}
    assert len(told) == 1
    assert told != {""}


@pytest.mark.parametrize("contents", ["", "SECRET_KEY=short\nENCRYPTION_KEYS=\n", "SECRET_KEY\n"])
def test_spoilt_development_keys_are_named_and_not_replaced(tmp_path: Path, contents: str) -> None:
    file = tmp_path / "var" / "keys.env"
    file.parent.mkdir()
    file.write_text(contents)
    with pytest.raises(ConfigError, match=r"keys\.env"):
        _read({}, tmp_path)
    assert file.read_text() == contents


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")
    with pytest.raises(ConfigError, match="var"):
        _read({}, tmp_path)


def test_a_file_gives_settings_and_the_environment_wins(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('SITE_NAME="From the file"\nWORKERS=7\n# LOG_LEVEL=debug\n')
    read = _read({"WORKERS": "3"}, tmp_path)
    assert read.site_name == "From the file"
    assert read.workers == 3
    assert read.log_level == "info"


def test_nothing_else_is_read_from_the_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_NAME", "From the shell")
    assert _read({}, tmp_path).site_name == "Stillpoint"


def test_the_program_reads_the_environment_and_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SITE_NAME", "From the shell")
    assert settings.load().site_name == "From the shell"
    monkeypatch.setenv("WORKERS", "none")
    with pytest.raises(settings.SettingsError, match="WORKERS"):
        settings.load()


def test_a_module_of_the_same_name_in_the_current_folder_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.py").write_text("raise SystemExit('the wrong config')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert settings.load().site_name == "Stillpoint"


def _documented() -> dict[str, tuple[str, str]]:
    """Each variable of the example with the words above it and the value beside it."""
    found = {}
    for paragraph in (ROOT / ".env.example").read_text(encoding="utf-8").split("\n\n")[1:]:
        *words, line = paragraph.strip().splitlines()
        match = re.fullmatch(r"#([A-Z_]+)=(.*)", line)
        assert match, line
        found[match[1]] = (" ".join(each.removeprefix("# ") for each in words), match[2])
    return found


def test_the_example_explains_every_setting_in_order_and_nothing_more() -> None:
    assert list(_documented()) == list(FIELDS)


@pytest.mark.parametrize("name", FIELDS)
def test_the_example_says_what_the_setting_itself_says(name: str) -> None:
    words, _ = _documented()[name]
    each = FIELDS[name]
    assert words.startswith(each.metadata["explanation"])
    rest = words.removeprefix(each.metadata["explanation"]).strip()
    if each.default is dataclasses.MISSING:
        assert rest == "Required in production."
    else:
        assert rest == f"Default: {each.default if str(each.default) else 'none'}."


def test_the_example_works_when_its_secrets_are_filled_in(tmp_path: Path) -> None:
    values = {name: value for name, (_, value) in _documented().items()}
    assert values["SECRET_KEY"] == values["ENCRYPTION_KEYS"] == ""
    read = _read({**values, "SECRET_KEY": "s" * 40, "ENCRYPTION_KEYS": KEY}, tmp_path)
    assert read.production


def test_the_settings_module_alone_reads_the_environment() -> None:
    """``config.py`` is handed the environment by one module; no other asks for it."""
    asks = re.compile(r"os\.(environ|getenv)|from os import .*(environ|getenv)")
    readers = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "directory").rglob("*.py")
        if asks.search(path.read_text(encoding="utf-8"))
    }
    assert readers == {"directory/settings.py"}


def test_a_file_of_settings_that_is_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"\xff\xfeSITE_NAME=x")
    with pytest.raises(ConfigError, match=r"\.env"):
        _read(PRODUCTION, tmp_path)
