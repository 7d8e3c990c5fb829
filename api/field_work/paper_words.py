"""What the papers of the page of the field say, by keys of the scripts."""

from __future__ import annotations

from core.i18n import _


def paper_words() -> dict[str, str | list[str]]:
    """Return the sentences of its papers, in the language of the request."""
    return {
        "paper.needs": _("Raport de evaluare a nevoilor"),
        "paper.plan": _("Plan de intervenție"),
        "paper.observation": _("Fișă de observație"),
        "paper.month": _("Lista lunară a activității"),
        "summary": _("Pe scurt"),
        "findings": _("Constatări"),
        "needs": _("Nevoi"),
        "answers": _("Răspunsuri"),
        "plan": _("Plan"),
        "goal": _("Scopul"),
        "review": _("Reevaluare"),
        "actions": _("Acțiuni"),
        "visits": _("Vizite"),
        "actions_done": _("Acțiuni făcute"),
        "nothing_written": _("Nimic scris."),
        "observation.economic": _("1. Situația economică"),
        "observation.social": _("2. Situația socială"),
        "observation.health": _("3. Starea de sănătate"),
        "observation.education": _("4. Nivelul de educație"),
        "observation.housing": _("5. Condițiile de locuit"),
        "observation.behaviour": _("6. Comportamente la risc"),
    }
