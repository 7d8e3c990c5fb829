"""Rows that name a UAT, by SIRUTA code or by name and county: which one each means, or why none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from core.i18n import _
from core.reading.fields import Field
from core.reading.tidied_table import Refusal

if TYPE_CHECKING:
    from geo.gazetteer.gazetteer import Gazetteer

UAT_FIELDS = (
    Field("siruta", ("SIRUTA", "Cod SIRUTA", "SIRUTA UAT", "uat_siruta", "Cod UAT", "SIRSUP", "Siruta superior")),
    Field(
        "name",
        (
            "Denumire UAT",
            "UAT",
            "Comuna",
            "Comunitate",
            "Comunitatea",
            "community",
            "Oraș",
            "Orașul",
            "Municipiul",
            "Denumire",
            "Localitate",
            "Localitatea",
            "Nume",
        ),
    ),
    Field("county", ("Județ", "Județul", "jud", "Cod județ")),
)
_SUGGESTIONS = 3
_LONGEST = 80  # characters of a name that an error repeats
_Units = dict[Any, dict[Any, Any]]  # full_name, county, kind, is_urban by SIRUTA code


@dataclass(frozen=True)
class MatchedRows:
    """What the rows mean. uat_siruta and how are aligned with the raw table; a refused row has NA and its refusal.

    how: `siruta`, or how the name was found (exact, folded, loose, fuzzy).
    """

    uat_siruta: pd.Series[int]
    how: pd.Series[str]
    refusals: list[Refusal]


def match_rows(raw: pd.DataFrame, gazetteer: Gazetteer, *, kinds: frozenset[str] | None = None) -> MatchedRows:
    """Find the UAT of each row: by its SIRUTA code (of the UAT or of its seat), else by name and county.

    Parameters
    ----------
    raw
        `row` (number in the file), and as text those of `siruta`, `name`, `county` that the file has.
    gazetteer
        The places that rows may name.
    kinds
        Kinds of UAT that belong in the file; None = all.

    Returns
    -------
    MatchedRows
        UAT of each row (NA where refused), how it was found, and the refusals, each row once, with the nearest names: a
        code that is not one, a code of another county than the row states, an unknown or ambiguous name, a UAT of
        another kind, and one that came before.
    """
    uats = gazetteer.uats.set_index("uat_siruta")[["full_name", "county", "kind", "is_urban"]].to_dict("index")
    seats = dict(zip(gazetteer.uats["seat_locality_siruta"], gazetteer.uats["uat_siruta"], strict=True))
    text = {name: _column(raw, name) for name in ("siruta", "name", "county")}
    codes: list[int | None] = []
    hows: list[str] = []
    refusals: list[Refusal] = []
    seen: dict[int, int] = {}
    for row, siruta, name, county in zip(raw["row"], text["siruta"], text["name"], text["county"], strict=True):
        found, how, refusal = _match(int(row), siruta, name, county, gazetteer, uats, seats)
        if found is not None and kinds is not None and uats[found]["kind"] not in kinds:
            refusal = Refusal(int(row), "name", name or siruta, "other_kind", _other_kind(uats, found))
        elif found is not None and found in seen:
            message = _("{name} apare a doua oară (prima dată pe rândul {row})").format(
                name=uats[found]["full_name"], row=seen[found]
            )
            refusal = Refusal(int(row), "siruta", siruta or name, "duplicate_key", message)
        if refusal is not None:
            refusals.append(refusal)
            found, how = None, ""
        else:
            seen[found or 0] = int(row)
        codes.append(found)
        hows.append(how)
    return MatchedRows(
        pd.Series(pd.array(codes, dtype="Int64"), index=raw.index),
        pd.Series(hows, index=raw.index, dtype="str"),
        refusals,
    )


def _column(raw: pd.DataFrame, name: str) -> list[str]:
    return [str(v).strip() for v in raw[name]] if name in raw else [""] * len(raw)


def _match(
    row: int,
    siruta: str,
    name: str,
    county: str,
    gazetteer: Gazetteer,
    uats: _Units,
    seats: dict[int, int],
) -> tuple[int | None, str, Refusal | None]:
    letters = gazetteer.county_code(county) if county else None
    if county and letters is None:
        return None, "", Refusal(row, "county", county, "unknown_code", _("județul nu este cunoscut"))
    if siruta:
        return _by_code(row, siruta, letters, uats, seats)
    if not name:
        return None, "", Refusal(row, "siruta", "", "missing", _("lipsesc și codul SIRUTA, și denumirea"))
    found, how = gazetteer.match_uat(name, letters)
    if found is not None:
        return found, how, None
    suggested = "; ".join(m.place.label for m in gazetteer.find(name[:_LONGEST], county=letters, limit=_SUGGESTIONS))
    if how == "ambiguous":
        message = _("mai multe unități se numesc așa; scrieți județul sau codul SIRUTA. Posibile: {names}")
    elif suggested:
        message = _("nicio unitate nu se numește așa. Poate: {names}")
    else:
        message = _("nicio unitate nu se numește așa")
    reason = "ambiguous_name" if how == "ambiguous" else "unknown_name"
    return None, "", Refusal(row, "name", name, reason, message.format(names=suggested))


def _by_code(
    row: int, siruta: str, letters: str | None, uats: _Units, seats: dict[int, int]
) -> tuple[int | None, str, Refusal | None]:
    code = int(siruta) if siruta.isascii() and siruta.isdigit() else 0
    found = code if code in uats else seats.get(code)
    if found is None:
        message = _("codul SIRUTA nu este al unei comune, al unui oraș sau al unui municipiu")
        return None, "", Refusal(row, "siruta", siruta, "unknown_code", message)
    if letters and uats[found]["county"] != letters:
        message = _("codul SIRUTA este al unității {name} din județul {county}, nu din județul scris pe rând").format(
            name=uats[found]["full_name"], county=uats[found]["county"]
        )
        return None, "", Refusal(row, "county", letters, "county_mismatch", message)
    return int(found), "siruta", None


def _other_kind(uats: _Units, code: int) -> str:
    name = uats[code]["full_name"]
    if uats[code]["is_urban"]:
        return _("{name} este în mediul urban; fișierul este pentru comune").format(name=name)
    return _("{name} este în mediul rural; fișierul este pentru orașe").format(name=name)
