"""What must not be written down: whatever in free text says who the person is."""

from __future__ import annotations

from core.i18n import N_, _
from referrals.records.ledger_errors import PersonalDataError
from referrals.records.personal_data import personal_data

NOTE_LENGTH = 500
_REFUSED = {
    "mail": N_("{field}: ștergeți adresa de e-mail. Aici nu se scriu date personale."),
    "cnp": N_("{field}: ștergeți codul numeric personal. Aici nu se scriu date personale."),
    "phone": N_("{field}: ștergeți numărul de telefon. Aici nu se scriu date personale."),
    "account": N_("{field}: ștergeți numărul contului bancar (IBAN). Aici nu se scriu date personale."),
    "identity": N_("{field}: ștergeți seria și numărul actului de identitate. Aici nu se scriu date personale."),
}


def refuse_personal(text: str, *, field: str) -> str:
    """Give `text` back trimmed, unless it says who a person is.

    Parameters
    ----------
    text
        Free text as it was typed.
    field
        What the field is called on the screen, for the message.

    Returns
    -------
    str
        The text without spaces around it.

    Raises
    ------
    PersonalDataError
        Where the text is longer than NOTE_LENGTH, or holds what `referrals.records.personal_data` finds. The message
        names the field and what is to be deleted; it does not repeat it.
    """
    said = text.strip()
    if len(said) > NOTE_LENGTH:
        raise PersonalDataError(
            _("{field}: textul are {found} de caractere; cel mult {most}.").format(
                field=field, found=len(said), most=NOTE_LENGTH
            )
        )
    kind = personal_data(said)
    if kind is not None:
        raise PersonalDataError(_(_REFUSED[kind]).format(field=field))
    return said
