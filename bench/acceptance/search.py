"""Every property of the tests with new examples: the everyday suite always takes the same ones.

    python -m bench.acceptance.search [TURNS]

Exit 1 where an example is found that fails: its blob is printed, and it becomes an `@example` of its test.
"""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TURNS = 3


def main() -> int:
    """Search as many times as asked, each from another seed; give the exit code."""
    modules = [
        str(path.relative_to(ROOT))
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if re.search(r"^@given|^    @given|RuleBasedStateMachine", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    failed = 0
    for _turn in range(int(sys.argv[1]) if sys.argv[1:] else TURNS):
        seed = secrets.randbelow(2**32)
        options = ["-q", "-n", "2", "--no-loadscope-reorder", f"--hypothesis-seed={seed}"]
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *modules],
            cwd=ROOT, env={**os.environ, "HYPOTHESIS_PROFILE": "search"}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        print(f"seed {seed}: {len(modules)} modules, {done.stdout.strip().splitlines()[-1]}", flush=True)
        if done.returncode:
            failed += 1
            print(done.stdout)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
