"""What an administrator reads: what retention would do, what a backup holds, who did what, whether the audit log holds.

The same words for the command line and the screen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.i18n import _, ngettext, number
from referrals.database import anchors
from referrals.ledger import erasure_list
from referrals.records import roles
from referrals.workflow.worklist import moment_words

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import pandas as pd

    from referrals.backups.creation import Backup
    from referrals.backups.restoring import Restored
    from referrals.database.anchors import Anchor
    from referrals.database.audit import IntegrityFault
    from referrals.ledger.erasure import Due
    from referrals.ledger.ledger import Ledger
    from referrals.records.vocabulary import Actor

_BYTES_A_MB = 1_000_000


def retention_words(due: Due) -> list[str]:
    """Return in words what is past its time."""
    period = ngettext("{n} zi", "{n} zile", due.days).format(n=number(due.days))
    lines = [
        _("Termenul de păstrare, de la închiderea referirii: {period} (înainte de {moment}).").format(
            period=period, moment=moment_words(due.before)
        )
    ]
    if due.referrals:
        text = ngettext(
            "Trecută de termen: {n} referire, cea mai veche închisă la {oldest}.",
            "Trecute de termen: {n} referiri, cea mai veche închisă la {oldest}.",
            due.referrals,
        )
        lines.append(text.format(n=number(due.referrals), oldest=moment_words(due.oldest)))
    else:
        lines.append(_("Nimic nu a trecut de termen."))
    if due.overdue:
        text = ngettext(
            "{n} referire a rămas deschisă de mai mult timp decât termenul: cine o are trebuie să o încheie.",
            "{n} referiri au rămas deschise de mai mult timp decât termenul: cine le are trebuie să le încheie.",
            due.overdue,
        )
        lines.append(text.format(n=number(due.overdue)))
    return lines


def backup_words(made: Backup) -> list[str]:
    """Return in words what a backup holds and what to keep beside it."""
    return [
        _("Copia de siguranță: {path} ({size} MB)").format(path=made.path, size=_megabytes(made.size)),
        _("Starea de la {moment}: {holds}.").format(
            moment=moment_words(datetime.fromisoformat(made.made_at)), holds=_holds(made.rows, made.editions)
        ),
        f"SHA-256: {made.sha256}",
        _("Lista ștergerilor stă lângă ea: {path}. Duceți-le împreună; au date personale amândouă.").format(
            path=erasure_list.beside(made.path).name
        ),
    ]


def restore_words(done: Restored) -> list[str]:
    """Return in words what a restore brought back, what it applied, and up to when the lists of erasures reach."""
    return [
        _("Dosarul {path} este restaurat la starea de la {moment}: {holds}.").format(
            path=done.home.path,
            moment=moment_words(datetime.fromisoformat(done.made_at)),
            holds=_holds(done.rows, done.editions),
        ),
        *(
            _("Lista ștergerilor {path}, completă până la {moment}.").format(
                path=path, moment=moment_words(datetime.fromisoformat(made_at))
            )
            for path, made_at in done.lists
        ),
        _(
            "Aplicate, de după copie: referiri șterse {erased}, conturi închise {accounts}, "
            "linkuri dezactivate {links}, chei de programe retrase {tokens}."
        ).format(
            erased=number(len(done.applied.referrals)),
            accounts=number(len(done.applied.accounts)),
            links=number(len(done.applied.links)),
            tokens=number(len(done.applied.tokens)),
        ),
        _(
            "Toate sesiunile, invitațiile și codurile s-au încheiat; fiecare intră din nou în cont. "
            "Urmează „harta doctor”."
        ),
    ]


def _holds(rows: dict[str, int], editions: int) -> str:
    referrals = rows.get("referrals", 0)
    text = ngettext("{n} referire", "{n} referiri", referrals).format(n=number(referrals))
    more = ngettext("{n} ediție de registru", "{n} ediții de registre", editions).format(n=number(editions))
    return f"{text}, {more}"


def _megabytes(size: int) -> str:
    return number(max(1, round(size / _BYTES_A_MB)))


# --- the audit log ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verification:
    """Whether the audit log holds: what was found wrong, how many anchors it passed through, and the newest of them.

    seal_known: whether the seal that was asked about is of an anchor that holds; None where none was asked about.
    """

    breaks: tuple[IntegrityFault, ...]
    rows: int
    anchors: int
    newest: Anchor | None
    seal_known: bool | None = None

    @property
    def holds(self) -> bool:
        """Whether nothing was found wrong."""
        return not self.breaks and self.seal_known is not False

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON-ready data."""
        return {
            "holds": self.holds,
            "rows": self.rows,
            "anchors": self.anchors,
            "newest_anchor": {"at": self.newest.at, "seal": self.newest.seal} if self.newest else None,
            "seal_known": self.seal_known,
            "faults": [str(each) for each in self.breaks],
        }

    def lines(self) -> list[str]:
        """Format it in lines."""
        lines = [f"!!  {each}" for each in self.breaks]
        if self.seal_known is False:
            lines.append("!!  " + _("Sigiliul notat nu este al acestui jurnal."))
        elif self.seal_known:
            lines.append("ok  " + _("Sigiliul notat este al acestui jurnal."))
        if self.holds:
            lines.append(
                _("Jurnalul este neatins. Rânduri: {rows}; ancore prin care trece: {anchors}.").format(
                    rows=number(self.rows), anchors=number(self.anchors)
                )
            )
        if self.newest is not None:
            lines.append(
                _(
                    "Ultima ancoră: {moment}, sigiliul {seal}. Notați-l în altă parte: ce a fost înaintea lui nu mai "
                    "poate fi schimbat fără să se vadă."
                ).format(moment=moment_words(datetime.fromisoformat(self.newest.at)), seal=self.newest.seal)
            )
        return lines


def verify(ledger: Ledger, *, actor: Actor, kept: Iterable[Path] = (), seal: str = "") -> Verification:
    """Verify the audit log: its chains, the home's anchors, those of files kept elsewhere, a seal noted earlier.

    kept: files of anchors, or backups. Raises NotAllowedError; BackupError for a file that is neither.
    """
    roles.require(actor, "audit.read")
    besides = [anchor for path in kept for anchor in anchors.read_required(path)]
    breaks = tuple(ledger.verify_audit(besides))
    ledger.anchor()
    own = ledger.read_anchors()
    every = {(each.at, each.seal): each for each in (*own, *besides)}
    known = None
    if seal.strip():
        known = not breaks and any(each.seal == seal.strip().lower() for each in every.values())
    return Verification(breaks, ledger.audit_log_length(), len(every), own[-1] if own else None, known)


def audit_log_lines(table: pd.DataFrame) -> list[str]:
    """Format rows of the audit log, one a line, newest first."""
    if table.empty:
        return [_("Jurnalul nu are rânduri despre aceasta.")]
    rows: Any = table.to_dict("records")
    return ["  ".join(part for part in _audit_log_parts(row) if part) for row in rows]


def _audit_log_parts(row: dict[str, Any]) -> tuple[str, ...]:
    change = f"{row['before']} → {row['after']}" if row["before"] or row["after"] else ""
    who = f"{row['role']}/{row['account']}"
    return moment_words(row["at"].to_pydatetime()), who, row["action"], row["subject"], change, row["reason"]
