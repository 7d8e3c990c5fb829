"""How a short message leaves: by one request to a gateway, as the home's settings write it, or into a folder of files.

The gateway's name is looked up once, what it stands for is looked at, and that very address is connected to: one that
stands for a private network is refused unless the settings say otherwise, also where it changes between two looks.
Nothing is followed: an answer that leads elsewhere is a no.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Protocol
from urllib.parse import quote

from core.outgoing_requests import PrivateAddressError, send_request
from core.storage.home import make_private_folder, write_atomically
from core.storage.message_settings import TEXT_PARTS, TEXT_SECRET_SETTING
from referrals.delivery.mail_channels import FOLDER, MailRefusedError, ServerAwayError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from core.storage.home import Home
    from core.storage.message_settings import MessageSettings

_SECONDS = 15.0  # of silence of the gateway
_TAKEN, _ELSEWHERE, _SERVER_FAULT = 200, 300, 500
_TRY_LATER = (408, 425, 429)
_NOT_ALLOWED = (401, 403, 404, 405)  # what another message will not mend: the settings are wrong


class TextChannel(Protocol):
    """Takes short messages one by one."""

    def send(self, number: str, text: str, mail_id: str) -> None:
        """Hand a short message on; raises ServerAwayError and MailRefusedError as `MailChannel.send` does."""


class FileTexts:
    """A folder of .txt files in the home, beside the .eml files: the number, and the words."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, number: str, text: str, mail_id: str) -> None:
        """Write a short message down."""
        try:
            make_private_folder(self.folder)
            write_atomically(self.folder / f"{mail_id}.txt", f"{number}\n{text}\n".encode(), is_private=True)
        except OSError as error:
            raise ServerAwayError("server_away") from error


class GatewayTexts:
    """A gateway that is asked over HTTP."""

    def __init__(self, settings: MessageSettings) -> None:
        self.settings = settings

    def send(self, number: str, text: str, mail_id: str) -> None:
        """Ask the gateway to send a short message; what it answers says how that ended."""
        secret = os.environ.get(TEXT_SECRET_SETTING, "")
        values = dict(zip(TEXT_PARTS, (number, text, mail_id, secret), strict=True))
        status = self._asked(values)
        if _TAKEN <= status < _ELSEWHERE:
            return
        if status in _NOT_ALLOWED or _ELSEWHERE <= status < 400:  # noqa: PLR2004  (HTTP's own classes)
            raise ServerAwayError("not_configured")
        if status >= _SERVER_FAULT or status in _TRY_LATER:
            raise MailRefusedError(is_final=False)
        raise MailRefusedError(is_final=True)

    def _asked(self, values: Mapping[str, str]) -> int:
        settings = self.settings
        url = _filled(settings.text_url, values, _quoted)
        body, headers = self._body(values), self._headers(values)
        try:
            return send_request(
                "POST" if body else "GET",
                url,
                body=body,
                headers=headers,
                may_be_private=settings.text_may_be_private,
                seconds=_SECONDS,
            )
        except PrivateAddressError as error:
            raise ServerAwayError("not_configured") from error
        except (OSError, ValueError) as error:
            raise ServerAwayError("server_away") from error

    def _body(self, values: Mapping[str, str]) -> bytes:
        template = self.settings.text_body
        return _filled(template, values, _in_json if _is_json(template) else _quoted).encode()

    def _headers(self, values: Mapping[str, str]) -> dict[str, str]:
        kind = "application/json" if _is_json(self.settings.text_body) else "application/x-www-form-urlencoded"
        headers = {"Content-Type": kind} if self.settings.text_body else {}
        name, colon, value = self.settings.text_header.partition(":")
        if colon:
            headers[name] = _filled(value.strip(), {"secret": values["secret"]}, str)
        return headers


def _is_json(template: str) -> bool:
    return template.lstrip()[:1] in ("{", "[")


def _filled(template: str, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    """Put each part in its place, escaped; what comes in with a part is not read as a template again."""
    pieces = template.split("{")
    whole = pieces[0]
    for piece in pieces[1:]:
        name, brace, rest = piece.partition("}")
        whole += escape(values[name]) + rest if brace and name in values else "{" + piece
    return whole


def _quoted(value: str) -> str:
    return quote(value, safe="")


def _in_json(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)[1:-1]


def text_channel(home: Home, settings: MessageSettings) -> TextChannel:
    """Return the channel of short messages that a home's settings name; files where its e-mails are files too."""
    return FileTexts(home.path / FOLDER) if settings.channel == "file" else GatewayTexts(settings)
