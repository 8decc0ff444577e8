"""Handing messages to the mail server of the settings, over TLS with a certificate that proves its name."""

from __future__ import annotations

import re
import smtplib
import ssl
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import urlsplit

from directory.mail.messages import sender
from directory.mail.rules import refused_address

if TYPE_CHECKING:
    from types import TracebackType

    from config import Config

_SHUTTING_DOWN: Final = 421
_STATUS = re.compile(rb"\b5\.[0-9]{1,3}\.[0-9]{1,3}\b")


class ServerAway(Exception):
    """No conversation comes about, or it broke off: the server is at fault, not the letter."""


class Refused(Exception):
    """The server will not take this letter, ``for_good`` or for now. Says the code, and nothing the server said."""

    def __init__(self, why: str, *, for_good: bool, status: str = "", nobody: bool = False) -> None:
        super().__init__(why)
        self.for_good = for_good
        self.status = status
        """The code of a refused recipient."""
        self.nobody = nobody
        """There is nobody at this address."""


class Server:
    """The mail server; inside ``with`` a conversation is open. ``ServerAway`` when there is none to be had."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._talk: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        try:
            self._talk = self._open()
        except ssl.SSLCertVerificationError as error:
            raise ServerAway("its certificate is not to be trusted") from error
        except ssl.SSLError as error:
            raise ServerAway("no TLS comes about") from error
        except smtplib.SMTPAuthenticationError as error:
            raise ServerAway(f"it does not let us sign in ({error.smtp_code})") from error
        except smtplib.SMTPNotSupportedError as error:
            raise ServerAway("it does not offer what SMTP_TLS and SMTP_USER ask for") from error
        except smtplib.SMTPResponseException as error:
            raise ServerAway(f"it does not want to talk ({error.smtp_code})") from error
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(f"it cannot be reached ({type(error).__name__})") from error
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._talk is None:
            return
        try:
            self._talk.quit()
        except (OSError, smtplib.SMTPException):
            self._talk.close()
        self._talk = None

    def hand_over(self, message: EmailMessage, *, to: str) -> None:
        """Hand one message over. ``Refused`` when the server says no, ``ServerAway`` when it says nothing any more."""
        if self._talk is None:
            raise ServerAway("no conversation is open")
        try:
            self._talk.send_message(message, from_addr=sender(self._config), to_addrs=[to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _no_recipient(*next(iter(error.recipients.values()), (0, b""))) from error
        except smtplib.SMTPSenderRefused as error:
            # Whatever it has against us, it is not this letter's fault; somebody may mend it.
            raise _refusal("mail", error.smtp_code, for_good=False) from error
        except smtplib.SMTPDataError as error:
            raise _refusal("data", error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused("smtputf8 is not offered", for_good=True) from error
        except smtplib.SMTPResponseException as error:
            raise _refusal("other", error.smtp_code) from error
        except (OSError, smtplib.SMTPException) as error:
            raise ServerAway(f"it broke off ({type(error).__name__})") from error

    def _open(self) -> smtplib.SMTP:
        config = self._config
        context = ssl.create_default_context()
        # Our own name is given, because smtplib would ask the name server for it.
        ours = urlsplit(config.site_url).hostname or "localhost"
        host, port, patience = config.smtp_host, config.smtp_port, config.smtp_timeout_seconds
        talk: smtplib.SMTP
        if config.smtp_tls == "implicit":
            talk = smtplib.SMTP_SSL(host, port, local_hostname=ours, timeout=patience, context=context)
        else:
            talk = smtplib.SMTP(host, port, local_hostname=ours, timeout=patience)
        try:
            if config.smtp_tls == "starttls":
                talk.starttls(context=context)
            talk.ehlo_or_helo_if_needed()
            if config.smtp_user:
                talk.login(config.smtp_user, config.smtp_password)
        except (OSError, smtplib.SMTPException):
            talk.close()
            raise
        return talk


def _no_recipient(code: int, said: bytes) -> Exception:
    found = _STATUS.search(said)
    status = found[0].decode() if found else ""
    refusal = _refusal("rcpt", code)
    if isinstance(refusal, Refused) and refusal.for_good:
        nobody = refused_address(code, status)
        return Refused(str(refusal), for_good=True, status=status or str(code), nobody=nobody)
    return refusal


def _refusal(step: str, *codes: int, for_good: bool = True) -> Exception:
    code = codes[0] if codes else 0
    if code == _SHUTTING_DOWN:
        return ServerAway(f"it is shutting down ({code})")
    return Refused(f"{step} {code}", for_good=for_good and 500 <= code < 600)
