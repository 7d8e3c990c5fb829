"""Folders that one can look over, and modules that can be read in one sitting."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import PurePosixPath

from tests.source.test_layers import ROOMS, ROOT, is_package, trees

MOST_MODULES = 16  # beside `__init__.py`
# Alembic reads its migrations of one folder, and there is one more with each change of a table.
CROWDED = {"referrals/database/migrations/versions"}
# A module of the product. Tests, benches and scripts are read a function at a time and may be longer.
MOST_LINES = 400


def modules() -> list[PurePosixPath]:
    """List the Python modules that git keeps or would add, of the product, tests, benches and scripts."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [PurePosixPath(name) for name in listed if (ROOT / name).is_file()]


# Folders of tests that no package of the product has: a screen is asked whole, the command by what is typed.
OWN_FOLDERS = {
    "tests/browser": "what is driven in a browser, whichever room draws it",
    "tests/cli": "the commands of `commands/` and `cli.py`, by what is typed",
    "tests/pages/screens": "the modules of `pages/` itself, a screen each",
}


def length(module: PurePosixPath) -> int:
    return len((ROOT / module).read_text(encoding="utf-8").splitlines())


def test_no_folder_holds_more_modules_than_one_can_look_over():
    count = Counter(str(module.parent) for module in modules() if module.name != "__init__.py")
    assert {"tests/worlds/homes", "scripts", "bench"} <= count.keys()
    assert {folder for folder, n in count.items() if n > MOST_MODULES} == CROWDED


def test_each_module_of_the_product_can_be_read_in_one_sitting():
    product = [module for module in modules() if module.parts[0].removesuffix(".py") in ROOMS]
    assert len(product) > 500
    assert not {str(module): n for module in product if (n := length(module)) > MOST_LINES}


def test_a_folder_of_tests_of_a_room_is_named_like_the_package_that_it_tests():
    folders = {module.parent for module in modules() if module.parts[0] == "tests" and module.name.startswith("test_")}
    mirrored = {f for f in folders if f.parts[1:2] and f.parts[1] in {*ROOMS, "cli", "browser"}}
    assert len(mirrored) > 60
    strange = {
        str(f) for f in mirrored if ".".join(f.parts[1:]) not in trees() or not is_package(".".join(f.parts[1:]))
    }
    assert {f for f in strange if not any(f == own or f.startswith(f"{own}/") for own in OWN_FOLDERS)} == set()


def test_no_test_and_no_bench_changes_where_modules_are_found():
    """`sys.path.insert`: pytest runs at the root of the repository, and benches as `python -m bench.…`."""
    written = [
        module for module in modules() if module.parts[0] in ("tests", "bench") and module.name != "test_folders.py"
    ]
    assert not [str(module) for module in written if "sys.path.insert" in (ROOT / module).read_text(encoding="utf-8")]
