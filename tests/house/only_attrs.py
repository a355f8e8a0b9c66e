"""Run in an environment that holds the core alone: imports all of it, and says what it found.

A script, not a test: no test runner is installed there.
"""

import pkgutil
import sys
from importlib import import_module
from importlib.metadata import distributions
from importlib.util import find_spec

ALONE = {"attrs", "helpdesk-core", "tzdata"}
TOOLS = {"pip", "setuptools", "wheel"}
ABSENT = ("alembic", "cattrs", "click", "falcon", "limits", "sqlalchemy", "structlog", "waitress")


def main() -> str | None:
    """Answers with what is wrong, None when nothing is."""
    installed = {found.name.lower() for found in distributions()} - TOOLS
    if installed != ALONE:
        return f"not alone: {sorted(installed)}"
    present = [name for name in ABSENT if find_spec(name)]
    if present:
        return f"can be imported: {present}"
    before = set(sys.modules)
    core = import_module("helpdesk_core")
    for module in pkgutil.walk_packages(core.__path__, "helpdesk_core."):
        if not module.name.startswith("helpdesk_core.testing"):
            _ = import_module(module.name)
    new = {name.partition(".")[0] for name in set(sys.modules) - before}
    new = {name for name in new if not name.startswith("_sysconfigdata")}  # named by platform
    foreign = new - sys.stdlib_module_names - {"attr", "attrs", "helpdesk_core"}
    return f"imported besides attrs: {sorted(foreign)}" if foreign else None


if __name__ == "__main__":
    sys.exit(main())
