"""Every setting of the product: one frozen dataclass, the only reader of the environment.

A default is here only where it is right in production and fit to be public. A setting that is missing or makes no
sense stops the start and is named. Development (``STILLPOINT_ENV=development``, the default on a laptop) makes its own
keys and database under ``var/`` and is refused any address but this machine's own.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from dotenv import dotenv_values
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

ENVIRONMENTS = ("development", "production")
GEOCODERS = ("gazetteer", "nominatim", "photon")
LOG_LEVELS = ("debug", "info", "warning", "error")
SMTP_TLS = ("starttls", "implicit", "none")
JOBS = ("embedded", "separate")
SHORTEST_SECRET = 32


class ConfigError(Exception):
    """The product cannot start; the sentence names the setting and what is wrong with it."""


def _setting(env: str, explanation: str, *, read: Callable[[str], Any] = str, **default: Any) -> Any:
    return field(metadata={"env": env, "explanation": explanation, "read": read}, **default)


def _one_of(*allowed: str) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if raw not in allowed:
            raise ValueError(f"must be one of {', '.join(allowed)}")
        return raw

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(raw)

    return read


def _seconds(raw: str) -> float:
    try:
        value = float(raw)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 60:
        raise ValueError("must be a number of seconds from 0.1 to 60")
    return value


def _words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def _hosts(raw: str) -> tuple[str, ...]:
    hosts = _words(raw)
    if not hosts or any(not re.fullmatch(r"\[[0-9a-fA-F:]+\]|\.?[A-Za-z0-9.-]+", host) for host in hosts):
        raise ValueError("must be host names separated by commas, without https:// and without a port")
    return hosts


def _host(raw: str) -> str:
    if len(raw) > 253 or not re.fullmatch(r"\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+", raw):
        raise ValueError("must be one host name or address, without a port")
    return raw.strip("[]")


def _sender(raw: str) -> str:
    name, address = parseaddr(raw)
    plain = raw.isprintable() and re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", address)
    if not plain or len(raw) > 200 or len(name) > 80 or raw.count("@") != 1:
        raise ValueError("must be an address such as Stillpoint <hello@directory.example.org>")
    return raw


def _text(longest: int) -> Callable[[str], str]:
    def read(raw: str) -> str:
        if not raw.strip() or len(raw) > longest or any(ord(sign) < 32 for sign in raw):
            raise ValueError(f"must be one line of 1 to {longest} characters")
        return raw.strip()

    return read


def _secret(raw: str) -> str:
    if len(raw) < SHORTEST_SECRET:
        raise ValueError(
            f"must be at least {SHORTEST_SECRET} characters of random text (stillpoint keys new makes one)"
        )
    return raw


def _keys(raw: str) -> tuple[str, ...]:
    keys = _words(raw)
    for key in keys:
        try:
            right = len(base64.urlsafe_b64decode(key)) == SHORTEST_SECRET
        except (binascii.Error, ValueError):
            right = False
        if not right:
            raise ValueError("must be Fernet keys separated by commas (stillpoint keys new makes one)")
    if not keys:
        raise ValueError("must hold at least one key")
    return keys


def _database(raw: str) -> str:
    scheme = raw.partition(":")[0].lower()
    if scheme in ("postgres", "postgresql"):
        raw = "postgresql+psycopg" + raw[len(scheme) :]
    elif scheme not in ("sqlite", "postgresql+psycopg"):
        raise ValueError("must begin with sqlite:/// or postgresql://")
    try:
        url = make_url(raw)
    except (ArgumentError, ValueError):
        # What the parser says could quote the password.
        raise ValueError("cannot be read; signs such as @ and / in a password are written %40 and %2F") from None
    if scheme == "sqlite" and url.database in (None, "", ":memory:"):
        raise ValueError("must name a file: in memory each worker would have a database of its own")
    return raw


def _url(raw: str) -> str:
    parts = urlsplit(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be a web address such as https://example.org")
    return raw.rstrip("/")


def _tiles(raw: str) -> str:
    parts = urlsplit(raw)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost")
    places = all(raw.count(place) == parts.path.count(place) == 1 for place in ("{z}", "{x}", "{y}"))
    plain = re.fullmatch(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?", parts.netloc) and re.fullmatch(r"[!-~]+", raw)
    if not (parts.scheme == "https" or local) or not places or not plain or set(";,'\"<>\\") & set(raw):
        raise ValueError("must be like https://tiles.example.org/{z}/{x}/{y}.png, with each of {z}, {x} and {y} once")
    return raw


def _daemon(raw: str) -> str:
    host, colon, port = raw.rpartition(":")
    by_port = bool(colon and host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536)
    if not raw.startswith("/") and not by_port:
        raise ValueError("must be like 127.0.0.1:3310 or /run/clamav/clamd.ctl")
    return raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """The settings, checked. Field metadata carries the variable's name and its explanation for operators."""

    environment: str = _setting(
        "STILLPOINT_ENV",
        "development or production. Production needs its secrets and addresses set and refuses demo people.",
        read=_one_of(*ENVIRONMENTS),
        default="development",
    )
    var_dir: Path = _setting(
        "VAR_DIR",
        "Folder for the development database and keys, and for backups that name no other place.",
        read=Path,
        default=Path("var"),
    )
    secret_key: str = _setting(
        "SECRET_KEY", "Signs sessions and form tokens. At least 32 random characters.", read=_secret, repr=False
    )
    encryption_keys: tuple[str, ...] = _setting(
        "ENCRYPTION_KEYS",
        "Fernet keys, comma separated. The first seals, all open; see 'Rotating keys' in docs/operating.md.",
        read=_keys,
        repr=False,
    )
    database_url: str = _setting(
        "DATABASE_URL",
        "sqlite:////path/to/file.db or postgresql://user:password@host/name.",
        read=_database,
        repr=False,
    )
    database_timeout_seconds: int = _setting(
        "DATABASE_TIMEOUT_SECONDS",
        "How long to wait for a connection, a lock or one statement before answering 503.",
        read=_whole(1, 60),
        default=5,
    )
    site_name: str = _setting("SITE_NAME", "The name people see.", read=_text(60), default="Stillpoint")
    site_url: str = _setting("SITE_URL", "The public address of the site, without a slash at the end.", read=_url)
    trusted_hosts: tuple[str, ...] = _setting(
        "TRUSTED_HOSTS", "Host names the site answers to, comma separated; any other Host header gets 400.", read=_hosts
    )
    proxy_count: int = _setting(
        "PROXY_COUNT",
        "How many reverse proxies of yours stand in front; their X-Forwarded headers are believed, nobody else's.",
        read=_whole(0, 5),
        default=0,
    )
    operator_name: str = _setting(
        "OPERATOR_NAME", "Who runs this site; shown on the privacy and about pages.", read=_text(120)
    )
    operator_email: str = _setting(
        "OPERATOR_EMAIL", "Where people write with questions and complaints; shown on the same pages.", read=_text(120)
    )
    operator_address: str = _setting(
        "OPERATOR_ADDRESS", "A postal address for complaints; shown on the same pages.", read=_text(200)
    )
    workers: int = _setting("WORKERS", "Worker processes of the web server.", read=_whole(1, 64), default=2)
    threads: int = _setting("THREADS", "Threads in each worker process.", read=_whole(1, 64), default=4)
    request_deadline_seconds: int = _setting(
        "REQUEST_DEADLINE_SECONDS",
        "The longest a page may wait for the database before it answers 503, whatever the database does.",
        read=_whole(2, 120),
        default=12,
    )
    idle_minutes: int = _setting(
        "IDLE_MINUTES",
        "After how many minutes without a request patients and practitioners must sign in again.",
        read=_whole(5, 10_080),
        default=120,
    )
    session_hours: int = _setting(
        "SESSION_HOURS", "How many hours after signing in they must do so again.", read=_whole(1, 720), default=24
    )
    staff_idle_minutes: int = _setting(
        "STAFF_IDLE_MINUTES",
        "The same for verifiers and administrators: minutes without a request.",
        read=_whole(5, 120),
        default=30,
    )
    staff_session_hours: int = _setting(
        "STAFF_SESSION_HOURS", "And hours after signing in.", read=_whole(1, 24), default=12
    )
    fresh_minutes: int = _setting(
        "FRESH_MINUTES",
        "How many minutes a proof of who somebody is counts for changing a password, an address or a second factor.",
        read=_whole(1, 60),
        default=10,
    )
    leave_grace_days: int = _setting(
        "LEAVE_GRACE_DAYS",
        "How many days a practitioner who left may come back, before everything about them is erased.",
        read=_whole(0, 365),
        default=30,
    )
    log_level: str = _setting("LOG_LEVEL", "debug, info, warning or error.", read=_one_of(*LOG_LEVELS), default="info")
    geocoder: str = _setting(
        "GEOCODER",
        "gazetteer (shipped, asks nobody), nominatim or photon; those two are asked only about places the "
        "gazetteer does not know.",
        read=_one_of(*GEOCODERS),
        default="gazetteer",
    )
    geocoder_domain: str = _setting(
        "GEOCODER_DOMAIN", "Host of your Nominatim or Photon server.", read=_text(200), default=""
    )
    geocoder_user_agent: str = _setting(
        "GEOCODER_USER_AGENT",
        "How to introduce ourselves to that server.",
        read=_text(120),
        default="stillpoint-directory",
    )
    geocoder_timeout_seconds: float = _setting(
        "GEOCODER_TIMEOUT_SECONDS", "How long to wait for that server.", read=_seconds, default=3.0
    )

    map_tile_url: str = _setting(
        "MAP_TILE_URL",
        "Address of street maps to lay under the map of a list, with {z}, {x} and {y}, such as "
        "https://tiles.example.org/{z}/{x}/{y}.png. Visitors are asked before their browser asks that host. Empty: "
        "no streets, and nothing is asked of anybody.",
        read=_tiles,
        default="",
    )
    map_tile_credit: str = _setting(
        "MAP_TILE_CREDIT",
        "Whom to name on those maps, as their licence asks, such as © OpenStreetMap contributors.",
        read=_text(120),
        default="",
    )
    evidence_dir: Path = _setting(
        "EVIDENCE_DIR",
        "Folder for files that practitioners send, each encrypted. Unless set, it lies in VAR_DIR. Workers on several "
        "machines must share it.",
        read=Path,
        default=Path("var/evidence"),
    )
    evidence_retention_days: int = _setting(
        "EVIDENCE_RETENTION_DAYS",
        "How many days after a decision the files and statements it rests on are erased.",
        read=_whole(1, 3650),
        default=90,
    )
    harm_look_hours: int = _setting(
        "HARM_LOOK_HOURS",
        "Within how many hours a person looks at a report of harm, on any day of the week. The page for it says so.",
        read=_whole(1, 72),
        default=24,
    )
    clamd: str = _setting(
        "CLAMD",
        "Where a ClamAV daemon listens, host:port or the path of its socket. While it is set and away, files wait "
        "unopened. Empty: files are not scanned.",
        read=_daemon,
        default="",
    )

    api_requests_per_hour: int = _setting(
        "API_REQUESTS_PER_HOUR",
        "How many requests an hour each network may send to /api without a key. The desk gives keys for more.",
        read=_whole(1, 1_000_000),
        default=600,
    )
    consultation_kept_days: int = _setting(
        "CONSULTATION_KEPT_DAYS",
        "How many days after a talk, or after a request has ended, what was told and written is erased.",
        read=_whole(1, 3650),
        default=90,
    )

    smtp_host: str = _setting(
        "SMTP_HOST",
        "The mail server that takes our letters on. In development, empty: letters are only shown at /mailbox.",
        read=_host,
    )
    smtp_port: int = _setting(
        "SMTP_PORT",
        "Its port: 587 for starttls, 465 for implicit.",
        read=_whole(1, 65535),
        default=587,
    )
    smtp_user: str = _setting(
        "SMTP_USER",
        "The name to sign in with there. Empty: without.",
        read=_text(200),
        default="",
    )
    smtp_password: str = _setting(
        "SMTP_PASSWORD",
        "The password that goes with it.",
        default="",
        repr=False,
    )
    smtp_tls: str = _setting(
        "SMTP_TLS",
        "starttls, implicit (TLS from the first byte) or none. The server must prove its name; none is "
        "refused in production.",
        read=_one_of(*SMTP_TLS),
        default="starttls",
    )
    smtp_from: str = _setting(
        "SMTP_FROM",
        "Whom letters come from. Others see it on a locked screen: name no condition and no profession.",
        read=_sender,
    )
    smtp_timeout_seconds: int = _setting(
        "SMTP_TIMEOUT_SECONDS",
        "How long to wait for each answer of the mail server.",
        read=_whole(1, 60),
        default=20,
    )
    mail_kept_days: int = _setting(
        "MAIL_KEPT_DAYS",
        "How many days address and text of a letter are kept, encrypted, after it was sent or given up.",
        read=_whole(0, 365),
        default=7,
    )
    access_log_days: int = _setting(
        "ACCESS_LOG_DAYS",
        "How many days it is kept who of the desk looked at whose evidence and photos.",
        read=_whole(30, 3650),
        default=730,
    )
    jobs: str = _setting(
        "JOBS",
        "Who runs what happens by itself (letters, reminders, deleting): embedded in stillpoint serve, or "
        "separate, by stillpoint jobs run.",
        read=_one_of(*JOBS),
        default="embedded",
    )

    @property
    def production(self) -> bool:
        """Whether people's real data is at stake."""
        return self.environment == "production"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], *, cwd: Path) -> Config:
        """The settings from these variables, over those of a ``.env`` file in ``cwd``.

        Raises ``ConfigError`` naming every setting that is missing or wrong. In development missing secrets and
        addresses come from ``var/``, where they are made on first use.
        """
        file = cwd / ".env"
        try:
            kept = {name: value or "" for name, value in dotenv_values(file).items()} if file.is_file() else {}
        except (OSError, UnicodeError) as error:
            raise ConfigError(f"{file} cannot be read: it must be a text in UTF-8 that this user may read") from error
        given = {**kept, **environ}
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for setting in fields(cls):
            raw = given.get(setting.metadata["env"], "")
            if raw.strip():
                try:
                    values[setting.name] = setting.metadata["read"](raw.strip())
                except ValueError as error:
                    wrong.append(f"{setting.metadata['env']} {error}")
        if wrong:
            raise ConfigError("; ".join(wrong))
        values["var_dir"] = cwd / values.get("var_dir", Path("var"))
        values["evidence_dir"] = cwd / values.get("evidence_dir", values["var_dir"] / "evidence")
        if values.get("environment", "development") == "development":
            values = {**_development(values["var_dir"], needed=_REQUIRED - values.keys()), **values}
        missing = [env_name(cls, name) for name in sorted(_REQUIRED - values.keys())]
        if missing:
            raise ConfigError(f"{', '.join(missing)} must be set in production; see .env.example")
        config = cls(**values)
        config.check()
        return config

    def check(self) -> None:
        """Refuse settings that are fine alone and nonsense together."""
        if self.geocoder != "gazetteer" and not self.geocoder_domain:
            raise ConfigError(f"GEOCODER_DOMAIN must be set when GEOCODER is {self.geocoder}")
        if self.map_tile_url and not self.map_tile_credit:
            raise ConfigError("MAP_TILE_CREDIT must be set when MAP_TILE_URL is")
        if self.production and not self.site_url.startswith("https://"):
            raise ConfigError("SITE_URL must begin with https:// in production")
        if self.idle_minutes > self.session_hours * 60 or self.staff_idle_minutes > self.staff_session_hours * 60:
            raise ConfigError("IDLE_MINUTES and STAFF_IDLE_MINUTES must be shorter than the whole session")
        if self.production and self.smtp_tls == "none":
            raise ConfigError("SMTP_TLS must be starttls or implicit in production")
        if bool(self.smtp_user) != bool(self.smtp_password):
            raise ConfigError("SMTP_USER and SMTP_PASSWORD must be set together")
        if self.request_deadline_seconds <= self.database_timeout_seconds:
            raise ConfigError("REQUEST_DEADLINE_SECONDS must be longer than DATABASE_TIMEOUT_SECONDS")


def env_name(config: type[Config], name: str) -> str:
    """The variable that sets this field."""
    found: Field[Any] = next(setting for setting in fields(config) if setting.name == name)
    return str(found.metadata["env"])


_REQUIRED = frozenset(
    {
        "secret_key",
        "encryption_keys",
        "database_url",
        "site_url",
        "trusted_hosts",
        "operator_name",
        "operator_email",
        "operator_address",
        "smtp_host",
        "smtp_from",
    }
)


def _development(var: Path, *, needed: frozenset[str]) -> dict[str, Any]:
    """Stand-ins for a laptop; the keys are made once and kept in ``var/keys.env``, readable by the owner alone."""
    stand_ins: dict[str, Any] = {
        "database_url": f"sqlite:///{(var / 'stillpoint.db').resolve()}",
        "site_url": "http://127.0.0.1",
        "trusted_hosts": ("127.0.0.1", "localhost", "[::1]"),
        "operator_name": "The Stillpoint demo",
        "operator_email": "hello@example.org",
        "operator_address": "1 Example Street, Exampletown",
        "smtp_host": "",
        "smtp_from": "Stillpoint <hello@example.org>",
    }
    if needed & {"secret_key", "encryption_keys"}:
        kept = _development_keys(var / "keys.env")
        try:
            stand_ins["secret_key"] = _secret(kept["SECRET_KEY"])
            stand_ins["encryption_keys"] = _keys(kept["ENCRYPTION_KEYS"])
        except ValueError as error:
            raise ConfigError(f"a key in {var / 'keys.env'} {error}; no other opens what it sealed") from error
    return stand_ins


def _development_keys(file: Path) -> dict[str, str]:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        if not file.is_file():
            fernet = base64.urlsafe_b64encode(secrets.token_bytes(SHORTEST_SECRET)).decode("ascii")
            draft = file.with_name(f".keys-{secrets.token_hex(8)}")
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(f"SECRET_KEY={secrets.token_urlsafe(48)}\nENCRYPTION_KEYS={fernet}\n")
            try:
                # A link never replaces: of two processes that start together, both read the first one's keys.
                os.link(draft, file)
            except FileExistsError:
                pass
            finally:
                draft.unlink()
        kept = dotenv_values(file)
        return {name: kept[name] or "" for name in ("SECRET_KEY", "ENCRYPTION_KEYS")}
    except (OSError, KeyError) as error:
        raise ConfigError(f"development keys cannot be kept in {file}: {error!r}") from error
