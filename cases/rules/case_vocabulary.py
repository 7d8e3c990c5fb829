"""The codes of the case record, and their words."""

from __future__ import annotations

from dataclasses import dataclass

from core.i18n import _
from referrals.records.vocabulary import PROFESSIONS

STATES = ("noted", "assessed", "planned", "active", "watched", "closed", "erased")
OPEN_STATES = STATES[:5]
RELATIONS = ("", "head", "partner", "child", "parent", "grandparent", "kin", "other")
SOURCES = (
    "outreach", "request", "family", "school", "doctor", "police", "neighbour", "other_service", "import",
)  # fmt: skip
BY_REFERRAL = "provider"  # who does an item that waits for a referral
ITEM_MEMBERS = (*PROFESSIONS, "person", "family", BY_REFERRAL)
TAKEN_REFERRAL = ("accepted", "started")  # states in which somebody answers the need
FAILED_REFERRAL = ("declined", "expired", "broken_off", "cancelled")  # states after which a service is chosen again
SAID_LEVELS = ("", "low", "medium", "high", "urgent")
ASSESSMENT_KINDS = ("initial", "full", "review", "closing")
PLACES = ("home", "office", "school", "phone", "other")
AGREEMENTS = ("said", "signed", "represented", "none")
AGREED_HOW = AGREEMENTS[:3]
ENDINGS = ("resolved", "no_longer", "not_confirmed", "joined")
PLAN_KINDS = ("sci", "prevention")
ITEM_STATES = ("planned", "begun", "done", "not_done", "cancelled")
UNFINISHED = ITEM_STATES[:2]
RESULTS = ("", "worked", "part", "no", "unknown")
MINUTES = ("0-15", "15-30", "30-60", "60+")
ACTIVITIES = (  # the campaigns and the office work of the nurses' application, and any other
    "health_education", "vaccination", "screening", "environment", "local_campaign", "other_campaign",
    "office", "meeting", "training", "report", "other",
)  # fmt: skip
CAMPAIGN_KINDS = ("information", "isolated", "delivery", "protection", "other")  # of a team in a crisis
STOPS = ("met", "absent", "declined")
# What may be noted of a house: nothing that tells of an illness or of harm. Whoever needs that gets a case.
CRISIS_NEEDS = (
    "food", "hot-meal", "medicines", "no-medical-access", "medical-transport", "telemedicine", "elderly-alone",
    "elderly-home-care", "no-income", "in-kind-help", "clothes", "utilities", "safe-water", "flood", "crisis-support",
)  # fmt: skip
SUPERVISION_KINDS = ("sample", "team", "case", "visit")


@dataclass(frozen=True)
class CaseOutcome:
    """How a case ends. group: what kind of end; amc: the reason in the nurses' application; success: yes, part, no."""

    code: str
    words: str
    group: str
    amc: str
    success: str


def outcomes() -> dict[str, CaseOutcome]:
    """Return the ways in which a case ends, by code, in the language of the screen."""
    listed = (
        CaseOutcome("goals_met", _("Obiectivele au fost atinse"), "finished", "", "yes"),
        CaseOutcome("partly_met", _("Obiectivele au fost atinse în parte"), "finished", "", "part"),
        CaseOutcome("handed_over", _("Preluat de alt serviciu"), "moved on", "other", "no"),
        CaseOutcome("other_team", _("Preluat de altă echipă"), "moved on", "relocated_city", "no"),
        CaseOutcome("moved_country", _("S-a mutat în altă localitate"), "left", "relocated_city", "no"),
        CaseOutcome("moved_abroad", _("A plecat în străinătate"), "left", "relocated_abroad", "no"),
        CaseOutcome("in_care", _("Este într-un centru sau în plasament"), "left", "other", "no"),
        CaseOutcome("died_home", _("A decedat la domiciliu"), "died", "deceased_home", "no"),
        CaseOutcome("died_hospital", _("A decedat la spital"), "died", "deceased_hospital", "no"),
        CaseOutcome("declined", _("A renunțat"), "ended", "other", "no"),
        CaseOutcome("lost", _("Nu mai poate fi găsit"), "ended", "other", "no"),
        CaseOutcome(BY_MISTAKE, _("Deschis din greșeală"), "not counted", "", ""),
    )
    return {each.code: each for each in listed}


BY_MISTAKE = "by_mistake"
GOALS_MET = "goals_met"


def case_state_label(state: str) -> str:
    """Format a state of a case in the language of the screen."""
    return {
        "noted": _("Semnalat"),
        "assessed": _("Evaluat"),
        "planned": _("Cu plan"),
        "active": _("În lucru"),
        "watched": _("Urmărit"),
        "closed": _("Închis"),
        "erased": _("Șters"),
    }[state]


def level_label(level: str) -> str:
    """Format a level in the language of the screen."""
    return {
        "": _("fără evaluare"),
        "unknown": _("necunoscut"),
        "low": _("scăzut"),
        "medium": _("mediu"),
        "high": _("ridicat"),
        "urgent": _("urgent"),
    }[level]


def supervision_label(kind: str) -> str:
    """Return in words what a session of supervision is about, in the language of the screen."""
    return {
        "sample": _("eșantionul lunii"),
        "team": _("întâlnire cu echipa"),
        "case": _("discuție despre cazuri"),
        "visit": _("vizită în comunitate"),
    }[kind]


def member_label(member: str) -> str:
    """Return in words who does something of a plan, in the language of the screen."""
    return {
        "social": _("asistent social"),
        "medical": _("asistent medical"),
        "educational": _("consilier sau mediator"),
        "person": _("persoana"),
        "family": _("familia"),
        "provider": _("un furnizor"),
    }[member]


def item_state_label(state: str) -> str:
    """Return in words how far an item of a plan is, in the language of the screen."""
    return {
        "planned": _("de făcut"),
        "begun": _("început"),
        "done": _("făcut"),
        "not_done": _("nu s-a putut"),
        "cancelled": _("anulat"),
    }[state]


def activity_label(kind: str) -> str:
    """Return in words what a community activity is, in the language of the screen."""
    return {
        "health_education": _("educație pentru sănătate"),
        "vaccination": _("campanie de vaccinare"),
        "screening": _("campanie de depistare"),
        "environment": _("campanie de mediu și igienă"),
        "local_campaign": _("campanie locală"),
        "other_campaign": _("altă campanie"),
        "office": _("lucru la birou"),
        "meeting": _("întâlnire"),
        "training": _("instruire"),
        "report": _("raport"),
        "other": _("altă activitate"),
    }[kind]


def campaign_label(kind: str) -> str:
    """Return in words what a campaign of a team in a crisis is for, in the language of the screen."""
    return {
        "information": _("informare"),
        "isolated": _("vizite la oameni izolați"),
        "delivery": _("livrări acasă"),
        "protection": _("materiale de protecție"),
        "other": _("altă campanie"),
    }[kind]


def supply_label(name: str) -> str:
    """Return in words what was left at a house, in the language of the screen."""
    return {
        "food": _("pachete de hrană"),
        "medicines": _("medicamente duse"),
        "protection": _("materiale de protecție"),
        "hygiene": _("pachete de igienă"),
        "leaflets": _("materiale de informare"),
    }[name]


def field_words() -> dict[str, str]:
    """Name the fields of cases, households and their changes, by their names in the record."""
    return {
        "household_id": _("gospodăria"),
        "relation": _("locul în gospodărie"),
        "locality_siruta": _("satul"),
        "born": _("nașterea"),
        "sex": _("sexul"),
        "owner": _("managerul de caz"),
        "level_said": _("nivelul spus de echipă"),
        "level_reason": _("motivul nivelului"),
        "next_review": _("ziua reevaluării"),
        "note": _("nota"),
        "text": _("nota"),
        "word": _("explicația"),
        "reason": _("motivul"),
        "items_reason": _("motivul acțiunilor neterminate"),
        "action": _("acțiunea"),
        "need": _("nevoia"),
        "on_day": _("ziua"),
        "opened_on": _("ziua deschiderii"),
        "closed_on": _("ziua închiderii"),
        "next_on": _("vizita următoare"),
        "participants": _("participanții"),
        "goal": _("scopul planului"),
        "review_on": _("ziua reevaluării"),
        "due_on": _("termenul"),
        "member": _("cine face"),
        "account": _("contul"),
        "service_type": _("tipul de serviciu"),
        "priority": _("prioritatea"),
        "declined": _("nu dorește ajutor"),
        "people_0_2": _("0–2 ani"),
        "people_3_5": _("3–5 ani"),
        "people_6_17": _("6–17 ani"),
        "people_18_64": _("18–64 de ani"),
        "people_65": _("65 de ani și peste"),
    }
