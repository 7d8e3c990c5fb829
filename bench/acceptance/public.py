"""A simulated year of the whole project against an attacker who keeps every public output of it.

    python -m bench.acceptance.public

139 teams, 28,000 people, 60,000 referrals in a demonstration home of its own; everything published month by month
(months, quarters, the year, each edition of the whole time), then attacked at once. Exit 1 where a small count can be
worked out more closely than to four whole numbers.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.disclosure.public_attack import attack_on, publications, published
from referrals.homes.demonstration import make_demo
from referrals.records.vocabulary import LEAST_SHOWN, SYSTEM
from referrals.workflow.directory import open_directory
from reports.demo.demo_year import seed_ledger
from reports.disclosure.public_figures import hidden_cells
from reports.documents.report_writing import today
from reports.indicators.indicators import LEVELS
from reports.indicators.report_data import load_report_data


def main() -> int:
    """Fill a home, publish, attack; give the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        directory = open_directory(make_demo(Path(folder) / "var"))
        made = seed_ledger(directory, day=today())
        print(", ".join(f"{count:,} {name}" for name, count in made.items()))
        facts = load_report_data(directory, actor=SYSTEM, day=today())
        directory.ledger.close()
    start = time.process_time()
    out = publications(facts)
    for period, then in out.items():
        hidden_cells(then, period)
    print(f"{len(out)} publications, hidden one after the other in {time.process_time() - start:.1f} s of processor")
    shown = published(out)
    for level in LEVELS:
        of_level = [(key, count) for key, count in shown.items() if key[1] == level]
        codes = Counter(key[3] for key, _count in of_level if not key[3].startswith("need"))
        print(f"  {level:<10} {len(of_level):>7,} counts shown; REF {codes['REF']:,}, REF-DONE {codes['REF-DONE']:,}")
    small = [key for key, count in shown.items() if 0 < count < LEAST_SHOWN]
    found = attack_on(facts, out)
    print(f"{found.shown:,} counts shown, {found.small:,} small ones hidden, {found.others:,} others with them")
    print(f"attacked all at once: {len(found.recovered)} small counts narrowed to fewer than four whole numbers")
    for key, numbers in found.recovered:
        print(f"  {key}: {numbers}")
    return 1 if small or found.recovered else 0


if __name__ == "__main__":
    sys.exit(main())
