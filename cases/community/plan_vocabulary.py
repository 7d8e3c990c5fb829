"""The codes of the plan of community services, and their words."""

from __future__ import annotations

from cases.figures.community_diagnosis import category_names, category_words
from cases.rules.case_vocabulary import member_label
from core.i18n import _
from providers.rules.needs import need_name, needs
from referrals.records.vocabulary import PROFESSIONS

KINDS = ("need", "category")
PriorityCode = tuple[str, str]  # kind and code
DRAFT, ADOPTED, REPLACED = "draft", "adopted", "replaced"  # states of a plan
ACTION_STATES = ("planned", "begun", "done", "given_up")
UNENDED = ACTION_STATES[:2]
# Who answers for an action: an institution or a profession. A list, so that nobody's name can stand there.
RESPONSIBLES = (
    *PROFESSIONS, "town_hall", "social_service", "local_council", "consultative", "school", "family_doctor",
    "county_unit", "county_council", "dgaspc", "health_office", "school_office", "employment", "payments", "police",
    "church", "ngo", "provider", "other",
)  # fmt: skip


def priority_codes(kind: str) -> list[str]:
    """Return what a priority of a kind may be: every need of the map, or every category of the nurses' form."""
    return list(needs()) if kind == "need" else list(category_names())


def priority_name(kind: str, code: str) -> str:
    """Name a priority."""
    return need_name(code) if kind == "need" else category_words(code)


def plan_titles() -> dict[str, str]:
    """Return what the columns of a plan in a sheet are called, in the language of the screen, in their order."""
    return {
        "rank": _("Nr."),
        "priority": _("Prioritatea"),
        "reason": _("Motivul"),
        "what": _("Acțiunea"),
        "responsible": _("Cine răspunde"),
        "due_on": _("Termenul"),
        "state": _("Cum este"),
        "is_late": _("Întârziată"),
        "begun_on": _("Începută la"),
        "ended_on": _("Încheiată la"),
        "result": _("Ce a ieșit"),
    }


def plan_state_label(state: str, *, is_returned: bool = False) -> str:
    """Format the state of a plan in the language of the screen; "" = there is none."""
    if is_returned and state == DRAFT:
        return _("trimis înapoi de unitatea județeană")
    return {"": _("fără plan"), DRAFT: _("ciornă"), ADOPTED: _("adoptat"), REPLACED: _("înlocuit")}[state]


def action_state_label(state: str) -> str:
    """Return in words how far an action of a plan is, in the language of the screen."""
    return {
        "planned": _("de făcut"),
        "begun": _("începută"),
        "done": _("făcută"),
        "given_up": _("la care s-a renunțat"),
    }[state]


def responsible_label(code: str) -> str:
    """Return in words who answers for an action, in the language of the screen."""
    if code in PROFESSIONS:
        return member_label(code)
    return {
        "town_hall": _("primăria"),
        "social_service": _("serviciul public de asistență socială"),
        "local_council": _("consiliul local"),
        "consultative": _("structura comunitară consultativă"),
        "school": _("școala"),
        "family_doctor": _("medicul de familie"),
        "county_unit": _("unitatea județeană de suport"),
        "county_council": _("consiliul județean"),
        "dgaspc": _("direcția generală de asistență socială (DGASPC)"),
        "health_office": _("direcția de sănătate publică"),
        "school_office": _("inspectoratul școlar"),
        "employment": _("agenția de ocupare"),
        "payments": _("agenția pentru plăți și inspecție socială"),
        "police": _("poliția"),
        "church": _("parohia sau alt cult"),
        "ngo": _("o organizație neguvernamentală"),
        "provider": _("un furnizor de servicii"),
        "other": _("altă instituție"),
    }[code]
