"""What the sign-in pages bring: account and password, a role of the demonstration, a new password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from api.forms.form_fields import FieldError
from core.i18n import _

if TYPE_CHECKING:
    from api.forms.form_fields import Fields
    from referrals.records.vocabulary import Role

LONGEST_ADDRESS = 400
_LONGEST_SECRET = 300  # of a password or a code


@dataclass(frozen=True)
class SignInForm:
    """Who wants to come in, and where to. towards: the address that was asked for, as it came."""

    login: str
    password: str
    plain: bool
    towards: str

    @classmethod
    def parse(cls, fields: Fields) -> SignInForm:
        """Read the fields; who it is, the accounts say."""
        return cls(
            login=fields.text("cont"),
            password=fields.text("parola", _LONGEST_SECRET),
            plain=fields.text("pagini") != "complet",
            towards=fields.text("spre", LONGEST_ADDRESS),
        )


@dataclass(frozen=True)
class RoleForm:
    """A role of the demonstration. area: SIRUTA of a community, code of a county, or empty."""

    role: Role
    area: str

    @classmethod
    def parse(cls, fields: Fields) -> RoleForm | FieldError:
        """Understand the fields; a role that is not on the list is said in words."""
        role, _colon, area = (fields.text("rol_uzual") or fields.text("rol")).partition(":")
        if role not in ("team", "county", "national", "admin") or (role == "team" and not area.isdigit()):
            return FieldError("rol", _("Alegeți un rol din listă."))
        return cls(cast("Role", role), area)


@dataclass(frozen=True)
class PasswordForm:
    """A new password, for who has an invitation or a reset."""

    code: str
    password: str

    @classmethod
    def parse(cls, fields: Fields) -> PasswordForm | FieldError:
        """Understand the fields; two passwords that differ are said in words."""
        password = fields.text("parola", _LONGEST_SECRET)
        if password != fields.text("parola2", _LONGEST_SECRET):
            return FieldError("parola2", _("Cele două parole nu sunt la fel."))
        return cls(fields.text("cod", _LONGEST_SECRET), password)
