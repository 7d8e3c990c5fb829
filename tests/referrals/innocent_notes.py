"""Notes as teams write them, full of numbers and without anything that says who the person is."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

MONTHS = (
    "ianuarie", "februarie", "martie", "aprilie", "mai", "iunie",
    "iulie", "august", "septembrie", "octombrie", "noiembrie", "decembrie",
)  # fmt: skip
CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ENDS = ("", "", ".", ".", ";", "!")
JOINTS = (" ", " ", ". ", "; ", ", ", "\n", " - ", " și ", " apoi ")


def notes(seed: int, count: int) -> list[str]:
    """Make notes of one to four pieces; the same seed gives the same notes."""
    rng = Random(seed)
    return [_note(rng) for _note_number in range(count)]


def _note(rng: Random) -> str:
    pieces = [rng.choice(PIECES)(rng) for _piece in range(rng.choice((1, 1, 2, 2, 2, 3, 3, 4)))]
    text = pieces[0]
    for piece in pieces[1:]:
        text += rng.choice(JOINTS) + piece
    return (text + rng.choice(ENDS))[:500].strip()


def day(rng: Random) -> str:
    when = date(2024, 1, 1) + timedelta(days=rng.randrange(1_400))
    return rng.choice(
        (
            f"{when:%d.%m.%Y}", f"{when:%d.%m.%Y}", f"{when:%d/%m/%Y}", f"{when:%d-%m-%Y}", f"{when:%Y-%m-%d}",
            f"{when.day} {MONTHS[when.month - 1]} {when.year}", f"{when.day} {MONTHS[when.month - 1]}",
            f"{when.day}.{when.month}.{when.year}", f"{when:%d.%m}", f"{when:%d.%m.%y}",
        )
    )  # fmt: skip


def hour(rng: Random) -> str:
    at, minute = rng.randrange(7, 19), rng.choice((0, 0, 15, 30, 45))
    return rng.choice((f"{at}:{minute:02}", f"{at:02}:{minute:02}", f"{at}.{minute:02}", f"{at}", f"{at:02}"))


def hours(rng: Random) -> str:
    return f"{hour(rng)}{rng.choice(('-', ' - ', '–', ' până la '))}{hour(rng)}"


def amount(rng: Random) -> str:
    whole = rng.randrange(50, 60_000)
    said = rng.choice((f"{whole}", f"{whole:,}".replace(",", "."), f"{whole:,}".replace(",", " "), f"{whole},50"))
    return f"{said} {rng.choice(('lei', 'lei', 'RON', 'de lei', 'lei/lună', 'euro'))}"


def law(rng: Random) -> str:
    number, year = rng.randrange(1, 1_300), rng.randrange(1997, 2027)
    act = rng.choice(("HG", "H.G. nr.", "Legea", "Legea nr.", "OUG", "OUG nr.", "Ordinul", "Ordinul nr.", "HCL nr."))
    article = rng.choice(
        ("", "", f", art. {rng.randrange(1, 140)}", f" art. {rng.randrange(1, 60)} alin. ({rng.randrange(1, 6)})")
    )
    return f"{act} {number}/{year}{article}"


def case_code(rng: Random) -> str:
    return "C-" + "-".join("".join(rng.choices(CODE_SIGNS, k=5)) for _group in range(2))


def referral_code(rng: Random) -> str:
    return "R-" + "".join(rng.choices(CODE_SIGNS, k=10))


def ages(rng: Random) -> str:
    return rng.choice((", ", " și ", ", ", "/")).join(
        str(rng.randrange(1, 18)) for _child in range(rng.randrange(2, 7))
    )


def counts(rng: Random) -> str:
    names = rng.sample(("copii", "adulți", "vârstnici", "gospodării", "vizite", "locuri", "persoane", "familii"), 3)
    return ", ".join(f"{rng.randrange(1, 90)} {name}" for name in names)


def months(rng: Random) -> str:
    year = rng.choice((2025, 2026))
    gap = rng.choice((", ", "; ", "\n"))
    return gap.join(f"{year}-{month:02}: {rng.randrange(0, 140)}" for month in range(1, rng.randrange(3, 8)))


def school_year(rng: Random) -> str:
    year = rng.choice((2024, 2025, 2026))
    return rng.choice((f"{year}-{year + 1}", f"{year}/{year + 1}", f"{year} - {year + 1}", f"{year}–{year + 1}"))


def document(rng: Random) -> str:
    number = rng.randrange(1, 99_999)
    return rng.choice(
        (
            f"adresa nr. {number}/{day(rng)}", f"cererea {number} din {day(rng)}", f"decizia nr. {number}/{rng.randrange(2019, 2027)}",
            f"dosar nr. {number}/{rng.randrange(1, 330)}/{rng.randrange(2019, 2027)}", f"nr. înreg. {number}",
            f"certificat de acreditare seria AF nr. {number:06}", f"licența nr. {number:07}", f"nr. {number} / {day(rng)}",
        )
    )  # fmt: skip


def few(rng: Random) -> int:
    return rng.randrange(1, 13)


PIECES = (
    lambda r: f"Vine {r.choice(('marți', 'joi', 'mâine', 'pe ' + day(r)))} la ora {hour(r)}, însoțită",
    lambda r: f"programare {day(r)}, ora {hour(r)}",
    lambda r: f"programat {day(r)} {hour(r)}",
    lambda r: f"Programul este {hours(r)}, de luni până vineri",
    lambda r: f"program L-V {hours(r)}, S {hours(r)}",
    lambda r: f"program: {hours(r)}, {hours(r)}, {hours(r)}",
    lambda r: f"deschis {r.choice(('07-15', '08-16', '8-16', '10-18'))}, {r.choice(('08-16', '9-17', '12-20'))}",
    lambda r: f"Are {few(r)} copii de {ages(r)} ani",
    lambda r: f"copiii au {ages(r)} ani, {few(r)} merg la școală",
    lambda r: f"gospodărie cu {few(r)} persoane, {few(r)} camere, {r.randrange(1, 60)} mp",
    counts,
    lambda r: f"în luna {r.choice(MONTHS)}: {counts(r)}",
    lambda r: f"Cifrele pe luni: {months(r)}",
    lambda r: f"conform {law(r)}",
    lambda r: f"potrivit {law(r)} și {law(r)}",
    lambda r: f"venit de {amount(r)}, chirie {amount(r)}",
    lambda r: f"ajutor de {amount(r)} din {day(r)}",
    lambda r: f"datorie la curent {amount(r)} + penalități {amount(r)}",
    lambda r: f"caz {case_code(r)}",
    lambda r: f"vedeți și {case_code(r)}, {case_code(r)}",
    lambda r: f"referirea {referral_code(r)} din {day(r)}",
    lambda r: f"SIRUTA {r.randrange(1_017, 192_000)}, comuna vecină {r.randrange(1_017, 192_000)}",
    lambda r: f"cod serviciu {r.choice(('8899CZ-PN-V', '8790CR-D-I', '8891CZ-C-II', '8810ID-I', '8899CPDH-I'))}",
    lambda r: f"social:mmps:{r.randrange(1, 4_000)}, MED-GP, EDU-CJRAE",
    lambda r: f"anul școlar {school_year(r)}, clasa a {r.choice(('V', 'VII', 'VIII', 'IX'))}-a {r.choice('ABC')}",
    lambda r: f"{r.randrange(12, 180)} absențe în {school_year(r)}",
    lambda r: f"sala {r.randrange(1, 400)}, etajul {few(r)}, corp {r.choice('ABC')}",
    lambda r: f"camera {r.randrange(1, 400)}, patul {few(r)}",
    lambda r: f"str. Florilor nr. {r.randrange(1, 200)}, bl. {r.randrange(1, 40)}{r.choice('AB')}, sc. {few(r)}, ap. {r.randrange(1, 80)}",
    lambda r: f"cod poștal {r.randrange(100_000, 927_000)}",
    lambda r: f"interval {r.randrange(1, 20)}-{r.randrange(20, 65)} ani",
    lambda r: f"locuiește la {r.randrange(1, 40)},{r.randrange(1, 9)} km de sat, {r.randrange(5, 90)} minute pe jos",
    lambda r: f"tensiune {r.randrange(110, 180)}/{r.randrange(60, 110)}, glicemie {r.randrange(80, 260)}",
    lambda r: f"tratament {few(r)} x {r.choice((5, 10, 250, 500, 1000))} mg, {few(r)} zile",
    lambda r: f"are nevoie de {few(r)} locuri din {day(r)} până în {day(r)}",
    lambda r: f"perioada {day(r)} - {day(r)}",
    lambda r: f"perioada {day(r)}-{day(r)}, {few(r)} zile",
    lambda r: f"vizite: {day(r)}, {day(r)}, {day(r)}",
    lambda r: f"vizite în {r.randrange(1, 29)}, {r.randrange(1, 29)}, {r.randrange(1, 29)} și {r.randrange(1, 29)} {r.choice(MONTHS)} {r.choice((2025, 2026))}",
    document,
    lambda r: f"{document(r)}, {document(r)}",
    lambda r: f"CUI {r.randrange(100_000, 49_999_999)}",
    lambda r: f"locuri: {r.randrange(1, 60)}, {r.randrange(1, 60)}, {r.randrange(1, 60)}, {r.randrange(1, 60)}",
    lambda r: f"ocupate {r.randrange(1, 30)} din {r.randrange(30, 60)}, listă de așteptare {few(r)}",
    lambda r: f"paturi {r.randrange(5, 60)}/{r.randrange(5, 60)}/{r.randrange(5, 60)}",
    lambda r: f"sunați la {r.choice(('112', '119', '116 111', '0800 500 333', '0800 800 678', '0800.500.333'))} dacă este pericol",
    lambda r: f"autobuz la {hour(r)}, {hour(r)} și {hour(r)}",
    lambda r: f"cursa {r.randrange(1, 90)}, {hour(r)} / {hour(r)} / {hour(r)}",
    lambda r: f"{r.randrange(1, 100)}% handicap, grad {r.choice(('grav', 'accentuat', 'mediu'))}, certificat {r.randrange(100, 9_999)}/{day(r)}",
    lambda r: f"născută în {r.randrange(1935, 2024)}, singură din {r.randrange(2000, 2026)}",
    lambda r: f"are {r.randrange(18, 95)} de ani și pensie {amount(r)}",
    lambda r: f"{r.choice(('doi', 'trei', 'patru', 'cinci'))} copii, unu la grădiniță, {r.choice(('doi', 'trei'))} la școală",
    lambda r: "prima vizită apoi a doua, unu sau doi voluntari, trei ore",
    lambda r: "Merge la centrul de zi; cere transport și o masă caldă",
    lambda r: "nu are acte, se face cererea la SPCLEP",
    lambda r: "informații pe www.anofm.ro și portal.just.ro",
    lambda r: "din registrul furnizorului, confirmat prin adresă",
    lambda r: f"ANPIS, registrul din {day(r)}, poziția {r.randrange(1, 30_000)}",
    lambda r: f"lotul {few(r)}, {r.randrange(100, 900)} kg lemne, {few(r)} mc",
    lambda r: f"indicatorii {few(r)}, {few(r)}, {few(r)} și {few(r)}: {r.randrange(0, 300)}, {r.randrange(0, 300)}, {r.randrange(0, 300)}, {r.randrange(0, 300)}",
    lambda r: f"{r.randrange(0, 99)}.{r.randrange(0, 99):02} față de {r.randrange(0, 99)}.{r.randrange(0, 99):02} în {r.choice((2024, 2025))}",
    lambda r: f"măsurat {r.randrange(40, 120)} kg, {r.randrange(50, 200)} cm, {r.randrange(36, 40)},{r.randrange(0, 9)} grade",
    lambda r: f"km {r.randrange(1, 300)}+{r.randrange(100, 900)}, DN{few(r)}, DJ{r.randrange(100, 300)}",
    lambda r: f"lat. {r.randrange(43, 48)} grade, alt. {r.randrange(100, 900)} m",
    lambda r: f"clasele {r.choice(('I-IV', 'V-VIII', 'IX-XII'))}, {r.randrange(10, 400)} elevi, {few(r)} cadre",
    lambda r: f"HG 867/2015, {r.choice(('8899CZ-PN-V', '8790CR-C-I'))}, capacitate {r.randrange(5, 60)}",
    lambda r: f"versiunea {few(r)}.{few(r)}.{few(r)} a fișei",
    lambda r: f"{r.randrange(1, 13):02}/{r.choice((2024, 2025, 2026))}: {r.randrange(1, 99)}; {r.randrange(1, 13):02}/{r.choice((2024, 2025, 2026))}: {r.randrange(1, 99)}",
    lambda r: f"la ora {hour(r)} sau la {hour(r)}, camera {r.randrange(1, 99)}",
)  # fmt: skip
