"""Refusals of the ledger, named after what stands in the way. Each sentence says what to do next."""

from __future__ import annotations

from core.errors import MapError


class LedgerError(MapError, RuntimeError):
    """Base of what the ledger refuses or cannot do."""


class StoreReadOnlyError(LedgerError):
    """The disk or the database accepts no writing."""


class StoreFullError(LedgerError):
    """No room is left on the disk."""


class StoreBusyError(LedgerError):
    """Another program keeps the database locked; the attempt may be repeated."""


class StoreLostError(LedgerError):
    """The connection to the database broke; the attempt may be repeated with the same key."""


# What may stand in the way of writing while reading goes on.
WRITING_REFUSED = (StoreReadOnlyError, StoreFullError, StoreBusyError)


class StoreDamagedError(LedgerError):
    """The database is not one of ours, is of a newer version, or is damaged."""


class StoreMissingError(StoreDamagedError):
    """The database that the home had is gone or empty; nothing was made in its place."""


class ForeignStoreError(StoreDamagedError):
    """The database is another program's, another home's, or of the other mode (demonstration, live)."""


class NoPlaceError(LedgerError):
    """The service has no place left to hold."""


class ClosedServiceError(LedgerError):
    """The service is closed for a time, today among it."""


class WrongStateError(LedgerError):
    """The referral is not in a state from which this step is possible."""


class SecondPlaceError(LedgerError):
    """The same case would hold two places for the same need."""


class KeyReusedError(LedgerError, ValueError):
    """An idempotency key comes back with another request."""


class BadReportError(LedgerError, ValueError):
    """A capacity report contradicts itself."""


class BadReferralError(LedgerError, ValueError):
    """A referral lacks something it must have, or names something that does not exist."""


class UnknownCaseError(BadReferralError):
    """A case code that we never made, that was erased, or whose case is of another area: nobody is told which.

    referral_id: a referral of the other area's case, for the audit log; empty where there is no such case.
    """

    def __init__(self, message: str, referral_id: str = "") -> None:
        super().__init__(message)
        self.referral_id = referral_id


class UnknownReferralError(MapError, LookupError):
    """No referral has this number."""


class PersonalDataError(LedgerError, ValueError):
    """A free text holds what must not be written down: a personal number or a telephone."""


class LinkError(LedgerError, PermissionError):
    """A provider's link or its confirmation is not valid, is too old, revoked or used too often."""


class BadTokenError(LedgerError, ValueError):
    """A token of another program cannot be made so: role, area, scopes and days do not fit."""


class UnknownTokenError(MapError, LookupError):
    """No token of another program has this number, or it is over."""


class BadWebhookError(LedgerError, ValueError):
    """A subscription that cannot be: its address, what it asks for, or a second one at the same address."""


class UnknownWebhookError(MapError, LookupError):
    """There is no subscription of this number, or it is another program's."""


class SignInError(LedgerError, PermissionError):
    """Signing in, an invitation or a reset did not work; the sentence does not say which half was wrong."""


class SpentTokenError(SignInError):
    """An invitation or a reset is none, was used, is too old, or a newer one took its place."""


class UnknownFieldReportError(MapError, LookupError):
    """No report from the field has this number."""


class BadLocalEntryError(LedgerError, ValueError):
    """An entry of local knowledge lacks something, or says what must not stand in it."""


class UnknownLocalEntryError(MapError, LookupError):
    """No entry of local knowledge has this number."""


class BackupError(LedgerError):
    """A copy of the ledger cannot be made or brought back, or does not hold."""
