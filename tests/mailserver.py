"""A real mail server in the test's own process, with a certificate made for it, that can also misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import email
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import default as modern
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OK = "250 OK"
CUT = "cut"
"""An answer that is none: the connection ends."""
CUT_AFTER = "cut after"
"""The letter is taken, and the connection ends before anybody is told."""
HOLD = "hold"
"""No answer at all until ``MailServer.go_on``."""


@dataclass(frozen=True)
class Certificates:
    """A certificate authority of this test, and a server's certificate from it for 127.0.0.1."""

    authority: Path
    chain: Path

    def trust(self) -> Mapping[str, str]:
        """What the environment of a process must hold so that it believes this authority."""
        return {"SSL_CERT_FILE": str(self.authority)}

    def context(self) -> ssl.SSLContext:
        """For the server."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.chain)
        return context


def certificates(folder: Path, *, host: str = "127.0.0.1") -> Certificates:
    """Make both in this folder; ``host`` is an address."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]) for name in ("Test authority", "Test server")]

    def certificate(which: int) -> x509.Certificate:
        ours = which == 0
        usage = {
            name: name in (("key_cert_sign", "crl_sign") if ours else ("digital_signature",))
            for name in (
                "digital_signature",
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "key_cert_sign",
                "crl_sign",
                "encipher_only",
                "decipher_only",
            )
        }
        builder = (
            x509.CertificateBuilder()
            .subject_name(names[which])
            .issuer_name(names[0])
            .public_key(keys[which].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ours, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(keys[which].public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False)
        )
        if not ours:
            builder = builder.add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))]), critical=False
            )
        return builder.sign(keys[0], hashes.SHA256())

    authority, server = folder / "authority.pem", folder / "server.pem"
    authority.write_bytes(certificate(0).public_bytes(serialization.Encoding.PEM))
    private = keys[1].private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server.write_bytes(certificate(1).public_bytes(serialization.Encoding.PEM) + private)
    return Certificates(authority, server)


@dataclass(frozen=True)
class Received:
    """A letter as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    over_tls: bool
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The letter, read."""
        return email.message_from_bytes(self.raw, policy=modern)

    @property
    def text(self) -> str:
        """Its plain text."""
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content()).replace("\r\n", "\n")

    def link(self, path: str) -> str:
        """The first address in its text whose path begins like this, without scheme and host."""
        found = next(word for word in self.text.split() if "://" in word and path in word)
        return "/" + found.split("://", 1)[1].partition("/")[2]


@dataclass
class MailServer:
    """What the server has got and how it answers; ``answer_*`` may be set while it runs."""

    port: int
    received: list[Received] = field(default_factory=list)
    answer_recipient: Callable[[str], str] = lambda _: OK
    answer_sender: Callable[[str], str] = lambda _: OK
    answer_data: Callable[[Envelope], str] = lambda _: OK
    signed_in: list[str] = field(default_factory=list)
    held: int = 0
    _going: asyncio.Event = field(default_factory=asyncio.Event)
    _loop: asyncio.AbstractEventLoop | None = None

    def settings(self) -> dict[str, str]:
        """The settings with which the product finds this server."""
        return {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(self.port),
            "SMTP_TIMEOUT_SECONDS": "5",
            "SMTP_FROM": "Stillpoint <hello@directory.example.org>",
        }

    def to(self, address: str) -> list[Received]:
        """The letters to one person."""
        return [each for each in self.received if address in each.recipients]

    def go_on(self) -> None:
        """Let go of what is held."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._going.set)

    async def handle_MAIL(  # noqa: N802 - the library calls it so
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answer_sender(address)
        if answer == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answer_recipient(address)
        if answer == CUT:
            _cut(server)
        elif answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answer_data(envelope)
        if answer == HOLD:
            self._loop = asyncio.get_running_loop()
            self.held += 1
            await self._going.wait()
            answer = OK
        if answer in (OK, CUT_AFTER):
            content = envelope.content
            self.received.append(
                Received(
                    sender=str(envelope.mail_from),
                    recipients=tuple(envelope.rcpt_tos),
                    over_tls=session.ssl is not None,
                    raw=content if isinstance(content, bytes) else str(content).encode(),
                )
            )
        if answer in (CUT, CUT_AFTER):
            _cut(server)
        return answer

    def authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
        """Only this name and password may sign in."""
        right = (data.login, data.password) == (b"stillpoint", b"open sesame")
        if right:
            self.signed_in.append("stillpoint")
        # "Not handled": the library says so to the client.
        return AuthResult(success=right, handled=False)


def _cut(server: SMTP) -> None:
    transport = server.transport
    assert transport is not None
    transport.abort()


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


@contextlib.contextmanager
def mail_server(
    tls: Certificates | None = None, *, implicit: bool = False, sign_in: bool = False, port: int | None = None
) -> Iterator[MailServer]:
    """A running server; with ``tls`` it takes nothing in the clear: STARTTLS, or ``implicit`` from the first byte."""
    server = MailServer(port or free_port())
    options: dict[str, Any] = {"enable_SMTPUTF8": True}
    if tls is not None and not implicit:
        options |= {"tls_context": tls.context(), "require_starttls": True}
    if sign_in:
        # The library knows of no TLS but that of STARTTLS.
        options |= {
            "authenticator": server.authenticate,
            "auth_required": not implicit,
            "auth_require_tls": not implicit,
        }
    controller = Controller(
        server,
        hostname="127.0.0.1",
        port=server.port,
        ready_timeout=30,
        **options,
        **({"ssl_context": tls.context()} if tls is not None and implicit else {}),
    )
    controller.start()
    try:
        yield server
    finally:
        server.go_on()
        controller.stop()
