"""Public names of a package that load their module at first use, so that a command starts fast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_exports(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """Return a module-level `__getattr__` (PEP 562) for a package whose public names live in its modules.

    Parameters
    ----------
    package
        Dotted name of the package: its `__name__`.
    modules
        Public name to the module of the package that defines it.

    Returns
    -------
    Callable[[str], object]
        The function to bind to `__getattr__` in the package.

    Raises
    ------
    AttributeError
        By the returned function, for a name that is not in `modules`.
    """

    def load(name: str) -> object:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(f"{package}.{modules[name]}"), name)

    return load
