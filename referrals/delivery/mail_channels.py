"""How an e-mail leaves: into a folder of files, or to a mail server. What goes wrong is one of three things."""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Protocol

from core.storage.home import make_private_folder, write_atomically
from core.storage.message_settings import PASSWORD_SETTING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage
    from pathlib import Path

    from core.storage.home import Home
    from core.storage.message_settings import MessageSettings

FOLDER = "outbox"
_SECONDS = 30.0  # of silence of the server: a whole e-mail stays well within a lease
_FINAL = 500  # replies from here on are a no for good (RFC 5321, 4.2.1)
_CLOSING = 421
# What another try will not mend: UnicodeError is of a host's name or a password that the protocol cannot carry.
_NOT_CONFIGURED = (
    smtplib.SMTPAuthenticationError,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPNotSupportedError,
    UnicodeError,
)


class ServerAwayError(Exception):
    """Nothing can be sent now, to nobody: the server is not reached, or takes nothing from us. reason: a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class MailRefusedError(Exception):
    """One e-mail was not taken. is_final: whether the server says that it never will be."""

    def __init__(self, *, is_final: bool) -> None:
        super().__init__("final" if is_final else "for now")
        self.is_final = is_final


class MailChannel(Protocol):
    """Takes e-mails one by one."""

    def send(self, mail: EmailMessage, mail_id: str) -> None:
        """Hand an e-mail on; when it returns, whoever took it answers for it. Raises the two errors above."""


class FileChannel:
    """A folder of .eml files in the home, named by the number of the e-mail: written twice it is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: EmailMessage, mail_id: str) -> None:
        """Write an e-mail down."""
        try:
            make_private_folder(self.folder)
            write_atomically(self.folder / f"{mail_id}.eml", mail.as_bytes(), is_private=True)
        except OSError as error:
            raise ServerAwayError("server_away") from error


class SmtpChannel:
    """A mail server, with one connection for as long as it holds."""

    def __init__(self, settings: MessageSettings) -> None:
        self.settings = settings
        self.server: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage, mail_id: str) -> None:
        """Hand an e-mail to the server; a connection that broke is made anew for the next one."""
        del mail_id  # stands in the e-mail's own Message-ID
        try:
            if self.server is None:
                self.server = self._connected()
            self.server.send_message(mail)
        except _NOT_CONFIGURED as error:
            self.close()
            raise ServerAwayError("not_configured") from error
        except smtplib.SMTPRecipientsRefused as error:
            self.close()
            code = max((int(code) for code, _words in error.recipients.values()), default=0)
            raise MailRefusedError(is_final=code >= _FINAL) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            if error.smtp_code == _CLOSING or isinstance(error, smtplib.SMTPConnectError):
                raise ServerAwayError("server_away") from error
            raise MailRefusedError(is_final=error.smtp_code >= _FINAL) from error
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            raise ServerAwayError("server_away") from error

    def _connected(self) -> smtplib.SMTP:
        settings = self.settings
        secure = ssl.create_default_context()
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=_SECONDS, context=secure)
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=_SECONDS)
        try:
            if settings.security == "starttls":
                server.starttls(context=secure)
            if settings.user:
                server.login(settings.user, os.environ.get(PASSWORD_SETTING, ""))
        except BaseException:
            server.close()
            raise
        return server

    def close(self) -> None:
        """Let the connection go."""
        server, self.server = self.server, None
        if server is not None:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()


@contextmanager
def open_channel(home: Home, settings: MessageSettings) -> Iterator[MailChannel]:
    """Open the channel that a home's settings name; nothing is asked of a server before the first e-mail."""
    if settings.channel == "file":
        yield FileChannel(home.path / FOLDER)
        return
    channel = SmtpChannel(settings)
    try:
        yield channel
    finally:
        channel.close()
