"""How long the rules of one person take, and reading an instrument: `python -m bench.cases.bench_instrument`.

Answers are drawn from a fixed seed. The goal is 5 ms a person; beside it stands the reading of an instrument, which is
paid once. Ends with 1 where the goal is missed.
"""

from __future__ import annotations

import random
import time
from datetime import date
from statistics import median, quantiles

from cases.instrument import Instrument, assess, read_instrument
from cases.instrument.instrument_editions import BUILT_IN

PEOPLE = 1_000
GOAL_MS = 5.0
DAY = date(2026, 11, 15)


def main() -> None:
    """Print the times; SystemExit where a person's rules take longer than the goal."""
    began = time.perf_counter()
    instrument = read_instrument(BUILT_IN).instrument
    print(f"read and check {len(instrument.rules)} rules   {1e3 * (time.perf_counter() - began):7.1f} ms")
    dice = random.Random(7)
    people = [drawn(instrument, dice) for _ in range(PEOPLE)]
    times = []
    for answers in people:
        began = time.perf_counter()
        assess(instrument, answers, on_day=DAY)
        times.append(1e3 * (time.perf_counter() - began))
    slow = quantiles(times, n=100)[98]
    print(f"rules of one person       {median(times):7.2f} ms median, {slow:.2f} ms p99 (goal {GOAL_MS:.0f} ms)")
    if median(times) > GOAL_MS:
        raise SystemExit("the rules of one person take longer than the goal")


def drawn(instrument: Instrument, dice: random.Random) -> dict[str, str]:
    """Draw answers to most questions."""
    answers = {"born": dice.choice(["1944", "1990", "2010-05", "2020", "2025-11"])}
    for question in instrument.questions:
        options = sorted(instrument.choices.get(question.list_name, ()))
        if question.kind == "number":
            answers[question.name] = str(dice.randint(1, 9))
        elif options and dice.random() < 0.9:
            chosen = dice.sample(options, dice.randint(1, 2)) if question.kind == "many" else [dice.choice(options)]
            answers[question.name] = " ".join(chosen)
    return answers


if __name__ == "__main__":
    main()
