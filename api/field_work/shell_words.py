"""What the scripts of the page of the field say, by keys: sentences of the catalogues, none in the scripts themselves.

A key of several words in a list is `list.code`, for instance `level.high`; a counted sentence is its forms.
"""

from __future__ import annotations

from api.field_work.paper_words import paper_words
from cases.instrument.instrument_model import MEMBERS
from cases.rules.case_vocabulary import CAMPAIGN_KINDS, CRISIS_NEEDS, campaign_label, field_words, supply_label
from core.i18n import _, ngettext
from providers.rules.needs import needs
from referrals.database.tables.field_campaign_tables import SUPPLIES
from referrals.records.vocabulary import STATES, state_label

_FORMS = (1, 2, 20)  # a number of each form that a language may have


def shell_words() -> dict[str, str | list[str]]:
    """Return every sentence of the scripts, in the language of the request."""
    return {**_general(), **_tasks(), **_work(), **_sending(), **_campaigns(), **_lists(), **paper_words()}


def _general() -> dict[str, str | list[str]]:
    return {
        "title": _("Teren"),
        "yes": _("Da"),
        "no": _("Nu"),
        "dont_know": _("Nu știu"),
        "any": _("Toate"),
        "not_said": _("nu este spus"),
        "not_set": _("nestabilită"),
        "saved": _("Salvat pe telefon."),
        "next": _("Mai departe"),
        "no_room": _("Telefonul nu mai are loc: nu s-a salvat. Eliberați spațiu și încercați din nou."),
        "wrong_passphrase": _("Fraza nu se potrivește. Încercați din nou."),
        "box_locked": _("Prea multe încercări greșite. Autentificați-vă cu rețea, apoi încercați din nou."),
        "passphrase_differs": _("Nu este aceeași frază. Scrieți-o cum o vedeți mai sus."),
        "first_needs_network": _("Chestionarul nu este încă pe telefon: prima deschidere are nevoie de rețea."),
        "new_version": _("Este gata o versiune nouă: folosiți-o acum"),
        "your_profession": _("Ce sunteți în echipă"),
        "personal.mail": _("Ștergeți adresa de e-mail: aici nu se scriu date personale."),
        "personal.cnp": _("Ștergeți codul numeric personal: aici nu se scriu date personale."),
        "personal.phone": _("Ștergeți numărul de telefon: aici nu se scriu date personale."),
        "personal.account": _("Ștergeți numărul contului: aici nu se scriu date personale."),
        "age": [ngettext("{n} an", "{n} ani", n) for n in _FORMS],
        "age_label": _("Vârsta"),
        "age_unknown": _("vârstă necunoscută"),
        "sex": _("Sexul"),
        "level": _("Nivelul"),
        "state": _("Starea"),
        "at_least": _("cel puțin {level}"),
        "due": _("termen {day}"),
        "due_of": _("Termenul: {what}"),
        "people_found": [ngettext("{n} caz", "{n} cazuri", n) for n in _FORMS],
        "cases_in": [ngettext("{n} caz", "{n} cazuri", n) for n in _FORMS],
        "new_household": _("gospodărie nouă"),
        "maybe_same": _("Aici este deja cazul {ref}, cu aceeași naștere și același sex. Dacă este altul, apăsați iar."),
    }  # fmt: skip


def _tasks() -> dict[str, str | list[str]]:
    return {
        "no_tasks": _("Nimic de făcut în următoarele șapte zile."),
        "tasks.urgent": _("Urgent: {n}"),
        "tasks.late": [ngettext("Întârziat: {n}", "Întârziate: {n}", n) for n in _FORMS],
        "tasks.today": _("Astăzi: {n}"),
        "tasks.soon": _("În șapte zile: {n}"),
        "tasks.open": _("Fără termen: {n}"),
        "task.assess": _("De evaluat"),
        "task.gaps": _("De completat evaluarea"),
        "task.plan": _("De făcut planul"),
        "task.items": _("Planul nu are acțiuni"),
        "task.review": _("De reevaluat"),
        "task.close": _("Totul este făcut: reevaluați sau închideți"),
        "task.unseen": _("Urgent și nevăzut de o zi"),
        "task.unsent": _("Lucru netrimis de peste trei zile"),
        "task.conflict": _("Două valori pentru același câmp"),
        "task.remark": _("Cerință a supervizorului"),
        "task.choose": _("De ales alt serviciu"),
        "task.worked": _("De întrebat dacă a ajutat"),
        "task_do.assess": _("Evaluați"),
        "task_do.gaps": _("Completați"),
        "task_do.plan": _("Planul"),
        "task_do.items": _("Planul"),
        "task_do.review": _("Reevaluați"),
        "task_do.close": _("Închideți"),
        "task_do.item": _("Vizită"),
        "task_do.unseen": _("Vizită"),
        "task_do.unsent": _("Trimiteți"),
        "task_do.conflict": _("Alegeți"),
        "task_do.remark": _("Deschideți"),
        "task_do.choose": _("Căutați un serviciu"),
        "task_do.worked": _("Răspundeți"),
    }


def _work() -> dict[str, str | list[str]]:
    return {
        "next.noted": _("Începeți evaluarea"),
        "next.assessed": _("Faceți planul"),
        "next.planned": _("Scrieți o vizită"),
        "next.active": _("Scrieți o vizită"),
        "next.watched": _("Reevaluați"),
        "assessment": _("Evaluare"),
        "visit": _("Vizită"),
        "not_found": _("nu a fost găsit"),
        "plan_agreed": _("Planul {n} a fost agreat"),
        "no_needs": _("Nicio nevoie deschisă."),
        "no_items": _("Nicio acțiune în plan."),
        "sensitive_need": _("Nevoie sensibilă: numai pentru managerul de caz"),
        "priority": _("prioritatea {n}"),
        "review_on": _("Se reevaluează până la {day}."),
        "county_opened": _("Unitatea județeană a deschis cazul: {reason}"),
        "lowering": _("Nivelul îl scade numai managerul de caz."),
        "level_needs_word": _("Scrieți de ce schimbați nivelul."),
        "level_computed": _("cel care urmează din evaluare"),
        "group_of": _("grupul {n} din {all}"),
        "see_findings": _("Ce am găsit"),
        "wrong_answer": _("Răspunsul nu se potrivește cu ce cere întrebarea."),
        "wishes": _("Ce ajutor cere persoana"),
        "wishes_chosen": _("alese: {n}, cel mult {most}"),
        "most_wishes": _("Sunt alese deja {most}: scoateți întâi una."),
        "nothing_found": _("Nicio problemă în răspunsurile date."),
        "no_serious": _("nicio constatare gravă"),
        "gaps": [ngettext("Nu se știe: {n} răspuns", "Nu se știe: {n} răspunsuri", n) for n in _FORMS],
        "sees.medical": _("O vede numai asistentul medical."),
        "sees.restricted": _("O văd numai managerul de caz și cine a întrebat."),
        "agreement": _("Acordul persoanei"),
        "where": _("Unde"),
        "assessed": _("Evaluarea este salvată."),
        "plan_agreement": _("Persoana este de acord cu planul"),
        "not_yet": _("încă nu"),
        "sensitive_action": _("Acțiune sensibilă"),
        "by_referral": _("Referire la un serviciu"),
        "find_needs_network": _("Căutarea unui serviciu are nevoie de rețea."),
        "did_it_help": _("A ajutat?"),
        "result.worked": _("Da"),
        "result.part": _("În parte"),
        "result.no": _("Nu"),
        "plan_empty": _("Bifați cel puțin o acțiune, sau scrieți una."),
        "plan_saved": _("Planul este salvat."),
        "plan_saved_agreed": _("Planul este salvat și agreat."),
        "who_came": _("Cine a fost"),
        "how_long": _("Minute"),
        "was_found": _("Persoana a fost găsită"),
        "next_visit": _("Vizita următoare"),
        "in_days": [ngettext("peste {n} zi", "peste {n} zile", n) for n in _FORMS],
        "visit_saved": _("Vizita este salvată."),
        "outcome": _("Cum s-a încheiat"),
        "findings_end": [
            ngettext("{n} constatare deschisă se încheie ca", "{n} constatări deschise se încheie ca", n)
            for n in _FORMS
        ],
        "goals_need_findings": _("„Obiectivele au fost atinse” cere constatări rezolvate."),
        "items_need_word": _("Scrieți de ce rămân acțiuni neterminate."),
        "old_needs_word": _("Ultima evaluare este prea veche: reevaluați, sau scrieți de ce nu."),
        "closed": _("Cazul este închis."),
    }


def _sending() -> dict[str, str | list[str]]:
    return {
        "unsent": [ngettext("{n} schimbare netrimisă", "{n} schimbări netrimise", n) for n in _FORMS],
        "all_sent": _("Totul este trimis"),
        "clock_wrong": _("Telefonul arată {here}, iar azi este {there}: potriviți ceasul înainte să scrieți"),
        "days_old": [ngettext("de {n} zi", "de {n} zile", n) for n in _FORMS],
        "to_settle": _("{n} de rezolvat"),
        "oldest": _("cea mai veche din {day}"),
        "exchanged": _("S-a trimis și s-a primit tot."),
        "exchanged_at": _("Ultimul schimb reușit: ora {time}."),
        "send.sign_in": _("Sesiunea s-a încheiat. Lucrați mai departe; pentru trimitere autentificați-vă."),
        "send.other_account": _("La server este autentificat altcineva. Ce este aici rămâne până vă autentificați."),
        "send.no_network": _("Fără rețea acum. Se trimite singur când revine."),
        "send.no_room": _(
            "Telefonul nu mai are loc pentru ce au scris ceilalți. Ce ați scris dumneavoastră s-a trimis. "
            "Eliberați spațiu, apoi trimiteți din nou."
        ),
        "copy_unreadable": _(
            "Fișierul nu este o copie a lucrului netrimis, sau fraza nu este cea cu care a fost făcut."
        ),
        "copy_taken": [ngettext("S-a adus {n} schimbare.", "S-au adus {n} schimbări.", n) for n in _FORMS],
        "waits": _("așteaptă o schimbare de dinainte"),
        "settled": _("S-a ales."),
        "read_it": _("Am citit"),
    }  # fmt: skip


def _campaigns() -> dict[str, str | list[str]]:
    names = needs()
    return {
        "no_campaigns": _("Nicio campanie."),
        "campaign_over": _("încheiată"),
        "campaign_kind": _("Pentru ce"),
        "campaign_whom": _("Pe la cine"),
        "campaign_large": _("Lista unei campanii are cel mult 600 de gospodării. Alegeți un sat."),
        "campaign_done": _("gospodării: {n} din {all}"),
        "campaign_today": _("Astăzi, gospodării: {n}; oameni: {people}."),
        "campaign_people": _("În total, oameni: {n}"),
        "campaign_passed": _("Trecute: {n}"),
        "stop_here": _("Am trecut pe la"),
        "stop_outcome": _("Cum a fost"),
        "stop_people": _("Câți oameni ați văzut"),
        "stop_needs": _("De ce au nevoie"),
        "stop.met": _("am găsit pe cineva"),
        "stop.absent": _("nu era nimeni"),
        "stop.declined": _("nu doresc"),
        "whom.all": _("toate gospodăriile"),
        "whom.old": _("unde sunt oameni de 65 de ani și peste"),
        "whom.small": _("unde sunt copii sub 6 ani"),
        "whom.none": _("le adaug pe rând"),
        "list_needs_network": _("Citirea unei liste are nevoie de rețea, o dată."),
        "list_large": _("Lista este prea mare: cel mult 5 MB și 2.000 de rânduri. Împărțiți-o."),
        "list_unknown": _("Fișierul nu este o listă XLSX sau CSV."),
        "list_columns": _("Lista nu are coloanele „ID” și „Data nașterii”."),
        "list_count": _("Rânduri: {n}. De adus: {taken}. Respinse: {rejected}."),
        "list_brought": _("Cazuri aduse: {n}. Tipăriți foaia cu perechi."),
        "list_reason.no_id": _("fără ID"),
        "list_reason.before": _("aduse mai înainte"),
        "list_reason.twice": _("același ID de două ori"),
        "list_reason.gone": _("inactivi sau scoși din evidență"),
        "list_reason.no_born": _("fără o dată a nașterii"),
        "list_reason.elsewhere": _("din altă localitate"),
        **{f"campaign_kind.{kind}": campaign_label(kind) for kind in CAMPAIGN_KINDS},
        **{f"supply.{name}": supply_label(name) for name in SUPPLIES},
        **{f"crisis_need.{need}": _(names[need].name) for need in CRISIS_NEEDS},
    }


def _lists() -> dict[str, str | list[str]]:
    return {
        **{f"member.{code}": words for code, words in _members().items()},
        "state.noted": _("Semnalat"),
        "state.assessed": _("Evaluat"),
        "state.planned": _("Cu plan"),
        "state.active": _("În lucru"),
        "state.watched": _("Urmărit"),
        "state.closed": _("Închis"),
        "level.none": _("fără evaluare"),
        "level.unknown": _("necunoscut"),
        "level.low": _("scăzut"),
        "level.medium": _("mediu"),
        "level.high": _("ridicat"),
        "level.urgent": _("urgent"),
        "finding_level.danger": _("pericol"),
        "finding_level.high": _("gravă"),
        "finding_level.medium": _("medie"),
        "finding_level.low": _("ușoară"),
        "finding_level.info": _("informativă"),
        "sex.F": _("Feminin"),
        "sex.M": _("Masculin"),
        "relation.head": _("capul gospodăriei"),
        "relation.partner": _("soț sau partener"),
        "relation.child": _("copil"),
        "relation.parent": _("părinte"),
        "relation.grandparent": _("bunic"),
        "relation.kin": _("altă rudă"),
        "relation.other": _("altcineva"),
        "source.outreach": _("echipa, pe teren"),
        "source.request": _("persoana însăși"),
        "source.family": _("familia"),
        "source.school": _("școala"),
        "source.doctor": _("medicul"),
        "source.police": _("poliția"),
        "source.neighbour": _("un vecin"),
        "source.other_service": _("alt serviciu"),
        "band.people_0_2": _("0–2 ani"),
        "band.people_3_5": _("3–5 ani"),
        "band.people_6_17": _("6–17 ani"),
        "band.people_18_64": _("18–64 de ani"),
        "band.people_65": _("65 de ani și peste"),
        "assessment_kind.initial": _("inițială"),
        "assessment_kind.full": _("completă"),
        "assessment_kind.review": _("reevaluare"),
        "assessment_kind.closing": _("la închidere"),
        "place.home": _("acasă"),
        "place.office": _("la birou"),
        "place.school": _("la școală"),
        "place.phone": _("la telefon"),
        "place.other": _("în alt loc"),
        "agreement.said": _("spus"),
        "agreement.signed": _("semnat"),
        "agreement.represented": _("prin reprezentant"),
        "agreement.none": _("nu este de acord"),
        "plan_state.draft": _("ciornă"),
        "plan_state.agreed": _("agreat"),
        "plan_state.replaced": _("înlocuit"),
        "plan_state.ended": _("încheiat"),
        "item_state.planned": _("de făcut"),
        "item_state.begun": _("început"),
        "item_state.done": _("făcut"),
        "item_state.not_done": _("nu s-a putut"),
        "item_state.cancelled": _("anulat"),
        "minutes.0-15": _("sub 15"),
        "minutes.15-30": _("15–30"),
        "minutes.30-60": _("30–60"),
        "minutes.60+": _("peste 60"),
        "ending.resolved": _("rezolvate"),
        "ending.no_longer": _("nu mai sunt"),
        "ending.not_confirmed": _("nu s-au confirmat"),
        "outcome.goals_met": _("Obiectivele au fost atinse"),
        "outcome.partly_met": _("Obiectivele au fost atinse în parte"),
        "outcome.handed_over": _("Preluat de alt serviciu"),
        "outcome.other_team": _("Preluat de altă echipă"),
        "outcome.moved_country": _("S-a mutat în altă localitate"),
        "outcome.moved_abroad": _("A plecat în străinătate"),
        "outcome.in_care": _("Este într-un centru sau în plasament"),
        "outcome.died_home": _("A decedat la domiciliu"),
        "outcome.died_hospital": _("A decedat la spital"),
        "outcome.declined": _("A renunțat"),
        "outcome.lost": _("Nu mai poate fi găsit"),
        "outcome.by_mistake": _("Deschis din greșeală"),
        **{f"referral_state.{state}": state_label(state) for state in STATES},
        **{f"change.{kind}": words for kind, words in _changes().items()},
        **{f"field.{name}": words for name, words in field_words().items()},
    }


def _members() -> dict[str, str]:
    values = dict(zip(MEMBERS, (_("asistent social"), _("asistent medical"), _("consilier sau mediator")), strict=True))
    return values | {"person": _("persoana"), "family": _("familia"), "provider": _("un furnizor")}


def _changes() -> dict[str, str]:
    return {
        "household.open": _("gospodărie nouă"),
        "household.set": _("gospodărie schimbată"),
        "case.open": _("caz nou"),
        "case.set": _("date îndreptate"),
        "case.close": _("închidere"),
        "case.reopen": _("redeschidere"),
        "assessment.add": _("evaluare"),
        "finding.add": _("constatare adăugată"),
        "need.set": _("nevoie schimbată"),
        "plan.add": _("plan nou"),
        "plan.set": _("plan schimbat"),
        "plan.agree": _("acord la plan"),
        "item.add": _("acțiune nouă"),
        "item.done": _("acțiune făcută"),
        "item.not_done": _("acțiune care nu s-a putut"),
        "visit.add": _("vizită"),
        "note.add": _("notă"),
        "remark.done": _("cerință a supervizorului, făcută"),
        "reading.add": _("deschiderea unui caz"),
        "conflict.settle": _("alegere între două valori"),
        "campaign.open": _("campanie nouă"),
        "campaign.add": _("gospodărie adăugată la o campanie"),
        "campaign.stop": _("trecere pe la o gospodărie"),
        "campaign.close": _("campanie încheiată"),
    }
