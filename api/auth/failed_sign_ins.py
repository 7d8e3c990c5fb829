"""Guessing passwords is shut out without shutting out the owner of an account.

Wrong passwords are counted for an account *and* the address they come from, with a growing wait, so that strangers
slow down strangers alone. A device on which the account has signed in before is counted for itself: its owner passes
whatever others try, also from the same address. Right passwords are never counted.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from api.http import rate_limit
from api.http.proxies import network_of
from core.i18n import _, ngettext
from referrals.records.ledger_errors import SignInError

if TYPE_CHECKING:
    from collections.abc import Iterator

FREE = 5  # wrong passwords for one account from one address before the first wait
_FREE_UNDER_ATTACK = 1
_DAY_SECONDS = 24 * 3600.0
_MINUTE = 60


class TooManyTriesError(SignInError):
    """An account may not be tried from this address yet.

    Attributes
    ----------
    seconds : how long to wait, at least 1.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, ceil(seconds))
        super().__init__(_("Prea multe încercări greșite. Încercați din nou peste {time}.").format(time=_time(seconds)))


def _time(seconds: float) -> str:
    if (whole := max(1, ceil(seconds))) < _MINUTE:
        return ngettext("{n} secundă", "{n} secunde", whole).format(n=whole)
    minutes = ceil(seconds / _MINUTE)
    return ngettext("{n} minut", "{n} minute", minutes).format(n=minutes)


def _for_account() -> rate_limit.GrowingDelay:
    return rate_limit.GrowingDelay(free=FREE, first=30, longest=900, forgotten=_DAY_SECONDS)


@dataclass
class FailedSignIns:
    """The wrong passwords of late, in this process.

    Attributes
    ----------
    accounts
        Failures by account and address, or by account and known device.
    addresses
        Failures of one address, whatever the account: who tries one password on many names.
    attacks
        Failures of one account, wherever from: while there are many, a new address has one try at once, not five.
    """

    accounts: rate_limit.GrowingDelay = field(default_factory=_for_account)
    addresses: rate_limit.GrowingDelay = field(
        default_factory=lambda: rate_limit.GrowingDelay(free=20, first=5, longest=60, forgotten=600)
    )
    attacks: rate_limit.GrowingDelay = field(
        default_factory=lambda: rate_limit.GrowingDelay(free=50, first=3600, longest=3600, forgotten=3600)
    )

    @contextmanager
    def attempt(self, login: str, address: str, device: str = "") -> Iterator[None]:
        """Stand around one try: a SignInError that leaves it is a wrong password.

        Parameters
        ----------
        login
            The account's name as it is kept, whether there is such an account or not.
        address
            Where the try comes from.
        device
            Digest of the known device of this account; empty for any other.

        Raises
        ------
        TooManyTriesError
            Before anything is tried: it is too early for the next try.
        """
        source = network_of(address)
        if not device and (wait := self.addresses.wait(source)):
            raise TooManyTriesError(wait)
        key = f"device {device}" if device else f"{source} {login}"
        is_attacked = not device and self.attacks.wait(login) > 0
        if wait := self.accounts.fail(key, free=_FREE_UNDER_ATTACK if is_attacked else None):
            raise TooManyTriesError(wait)
        try:
            yield
        except SignInError:
            if not device:
                self.addresses.fail(source)
                self.attacks.fail(login)
            raise
        except BaseException:
            self.accounts.undo(key)
            raise
        self.accounts.clear(key)
