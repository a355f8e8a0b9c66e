"""Every gate of the house. `nox` runs them all; the measurements (`nox -s bench`) are asked for.

One sdist is built, one wheel from it, and what is tested is that wheel.
"""

import os
import shutil
from pathlib import Path
from zipfile import ZipFile

import nox

ROOT = Path(__file__).parent
DIST = ROOT / ".nox" / "dist"
PYPROJECT = nox.project.load_toml(ROOT / "pyproject.toml")
PACKAGES = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
PARALLEL = ("-n", "auto", "--dist", "loadfile")  # a worker a core, and a file whole on one of them

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "virtualenv"
nox.options.download_python = "never"


def groups(*names: str) -> tuple[str, ...]:
    """The requirements of dependency groups, for a pip that does not know `--group` too."""
    return nox.project.dependency_groups(PYPROJECT, *names)


def install_wheel(session: nox.Session, *requirements: str, extras: str = "") -> None:
    """Install the wheel of this run, whatever stood in the environment before."""
    (wheel,) = DIST.glob("*.whl")
    session.install(f"{wheel}{extras}", *requirements)
    session.install("--force-reinstall", "--no-deps", str(wheel))


@nox.session(default=False)
def build(session: nox.Session) -> None:
    """Build the sdist, and the wheel from the sdist."""
    session.install(*groups("build"))
    shutil.rmtree(DIST, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(DIST), silent=True)


@nox.session
def lint(session: nox.Session) -> None:
    """Rules of style and layout: ruff."""
    session.install(*groups("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def imports(session: nox.Session) -> None:
    """The arrows between the packages and inside the core: import-linter."""
    session.install(*groups("imports"))
    session.run("lint-imports", env={"PYTHONPATH": ".:adapters:entrypoints"})


@nox.session(requires=["build"])
def core_only(session: nox.Session) -> None:
    """The core installs, imports and passes its tests beside attrs alone."""
    install_wheel(session)
    session.run("python", "-I", str(ROOT / "tests" / "house" / "only_attrs.py"))
    session.install(*PYPROJECT["project"]["optional-dependencies"]["testing"])
    session.install(*groups("parallel"))
    session.run("pytest", *PARALLEL, "tests/core", *session.posargs)


@nox.session(requires=["build"])
def wheel(session: nox.Session) -> None:
    """The wheel holds exactly our packages, whole, and gives the command `helpdesk`."""
    (built,) = DIST.glob("*.whl")
    packed = {name for name in ZipFile(built).namelist() if ".dist-info/" not in name}
    wanted = {path for package in PACKAGES for path in files_of(ROOT / package)}
    if packed != wanted:
        session.error(f"in one of wheel and tree only: {sorted(packed ^ wanted)}")
    for package in PACKAGES:
        if f"{Path(package).name}/py.typed" not in packed:
            session.error(f"{package} has no py.typed")
    install_wheel(session, extras="[server]")
    session.chdir(session.create_tmp())
    session.run("helpdesk", "--help", silent=True)


def files_of(package: Path) -> set[str]:
    """Every file of a package folder, by the name it should have in the wheel."""
    found = (path for path in package.rglob("*") if path.is_file())
    kept = (path for path in found if "__pycache__" not in path.parts)
    return {path.relative_to(package.parent).as_posix() for path in kept}


@nox.session(requires=["build"])
def types(session: nox.Session) -> None:
    """Strict types on everything (mypy); no result of the core's functions is dropped unseen."""
    needed = groups("types", "servers", "embedding", "api", "browser", "docs", "nox")
    install_wheel(session, *needed, extras="[all]")
    session.run("mypy")
    session.run("basedpyright", "--level", "error")


@nox.session(requires=["build"])
def docs(session: nox.Session) -> None:
    """The documentation builds without a warning."""
    install_wheel(session, *groups("docs"), extras="[server]")
    session.run("sphinx-build", "-W", "--keep-going", "-q", "-b", "html", "docs", "docs/_build")


@nox.session(requires=["build"])
def tests(session: nox.Session) -> None:
    """The suite on the installed wheel with every extra, but for the core's: see `core_only`."""
    needed = groups("parallel", "servers", "embedding", "api", "sheets")
    install_wheel(session, *needed, extras="[all]")
    if shutil.which("npm") is None:
        session.install(*groups("node"))
    session.run("pytest", *PARALLEL, *(session.posargs or ("--ignore=tests/core",)))


@nox.session(requires=["build"])
def browser(session: nox.Session) -> None:
    """The pages, in a real Chromium: the machine's, else the one that Playwright installs."""
    install_wheel(session, *groups("browser"), extras="[http,testing]")
    found = os.environ.get("HELPDESK_TEST_CHROMIUM") or chromium()
    if found is None:
        session.run("playwright", "install", "--with-deps", "chromium")
    session.run("pytest", "tests/browser", *session.posargs, env={"HELPDESK_TEST_CHROMIUM": found})


def chromium() -> str | None:
    """Where this machine has a Chromium, under any of its names."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@nox.session(default=False, requires=["build"])
def fuzz(session: nox.Session) -> None:
    """Ask the API two hundred times as often as the suite does: an hour or more."""
    install_wheel(session, *groups("servers", "api"), extras="[all]")
    often = {"HELPDESK_FUZZ_EXAMPLES": "600"}
    session.run("pytest", "tests/http/test_openapi_fuzz.py", *session.posargs, env=often)


@nox.session(default=False, requires=["build"])
def delivery(session: nox.Session) -> None:
    """Ten times the notices and the killed workers of the suite, and more: some minutes."""
    install_wheel(session, *groups("servers"), extras="[all]")
    often = {"HELPDESK_TEST_KILLS": "100", "HELPDESK_TEST_NOTICES": "10000"}
    session.run(
        "pytest",
        "tests/server/test_killed_workers.py",
        "tests/sql/test_outbox_several_processes.py",
        *session.posargs,
        env=often,
    )


@nox.session(default=False, requires=["build"])
def bench(session: nox.Session) -> None:
    """Measure speed; see bench/README.md. Wants a quiet machine with two cores."""
    install_wheel(session, *groups("servers", "others"), extras="[all]")
    session.run("python", "bench/run.py", *session.posargs)
