"""One request to a plain page: who asks, in which home and language, and what was sent."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from api.forms.form_fields import Fields
from api.http import csrf
from api.http.dependencies import directory_for, secret_key
from core.errors import NotAllowedError
from core.i18n import _
from core.lazy_properties import lazy_property

if TYPE_CHECKING:
    from starlette.requests import Request

    from api.http.session import Session
    from core.storage.home import Home
    from providers.catalogue.snapshot import Snapshot
    from referrals.records.vocabulary import Actor
    from referrals.workflow.directory import Directory


_LONGEST_ORIGIN = 300  # a name of the network has 253 characters; a code that can be scanned has no room for thousands


@dataclass(frozen=True)
class GivenFile:
    """A file that was sent with a form: its name as the browser gave it, cut, and what is in it."""

    name: str
    content: bytes


class SignInNeededError(NotAllowedError):
    """Nobody is known who asks: lead to the sign-in page."""


@dataclass(frozen=True)
class RequestView:
    """One request to a plain page.

    Attributes
    ----------
    request
        As it came.
    home
        The home that answers.
    session
        Who is signed in; None = nobody.
    language
        Of the answer.
    fields
        What was sent.
    cookie
        What seals the forms of the answer.
    given
        A file that was sent; None = none.
    """

    request: Request
    home: Home
    session: Session | None
    language: str
    fields: Fields = field(default_factory=Fields)
    cookie: str = ""
    given: GivenFile | None = None

    @property
    def directory(self) -> Directory:
        """The directory of this home."""
        return directory_for(self.home)

    @lazy_property
    def snapshot(self) -> Snapshot:
        """Services, places, doubts and gazetteer as this request found them: it is answered of one moment."""
        return self.directory.snapshot()

    def anew(self) -> RequestView:
        """Return the same request for what follows a writing of its own: with a snapshot that knows of it."""
        return replace(self)

    @property
    def actor(self) -> Actor:
        """Who asks; NotAllowedError where that is not known."""
        if self.session is None:
            raise SignInNeededError(_("Autentificați-vă ca să continuați."))
        return self.session.actor

    @property
    def own_county(self) -> str | None:
        """Letters of the county of who asks, whose places are asked back first; None where there is none."""
        return (self.session.actor.county or None) if self.session else None

    @property
    def origin(self) -> str:
        """With what whole addresses of this server begin, as the browser named it: no longer than a name may be."""
        return str(self.request.base_url)[:_LONGEST_ORIGIN].rstrip("/")

    @property
    def token(self) -> str:
        """What a form of this page carries."""
        return csrf.token(secret_key(self.home), self.cookie, self.session.session_id if self.session else "")

    @property
    def client(self) -> str:
        """The address that asks."""
        return self.request.client.host if self.request.client else ""
