"""Run every check there is, on both databases and in a browser, and say how each part went.

``python3 -m scripts.suite`` runs all of it; ``… lint`` only reads the code. Nothing is left out in
silence: what the machine lacks is installed or named, and every skipped test is listed.
"""

import contextlib
import sys
import tempfile
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree  # the files are our own pytest's

from scripts import (
    demo,
    entry,
    frontend,
    install,
    machine,
    places,
    postgres,
    processes,
    progress,
    translations,
)

_TESTS = places.ROOT / "tests"
# These know no Django, so they run once, with it switched off.
_WITHOUT_DJANGO = ("domain", "engines", "formats", "storage", "data", "house", "scripts")
_JOURNEYS = "journeys"
_NO_WALK = "not journey"
# Doors ask the database only through operations and queries, which are tested on both.
_ROOMS_ON_SQLITE = f"{_NO_WALK} and (not door or sqlite_only)"
_ALL_ON_POSTGRESQL = f"{_NO_WALK} and not sqlite_only"
# On SQLite only the walks whose end depends on the database or which tell the whole chain.
_ON_SQLITE = ("-m", "both_databases")
# The package's module does nothing when run by -m: its command has to be called.
_LINT_IMPORTS = "from importlinter.cli import lint_imports_command; lint_imports_command()"
# How to find what the machine itself has to bring, and its package in Debian.
_MACHINE: tuple[tuple[Callable[[], object], str], ...] = (
    (machine.browser, "chromium"),
    (machine.postgres, "postgresql"),
    (machine.office, "libreoffice-calc-nogui"),
    (machine.writer, "libreoffice-writer-nogui"),
)


@dataclass
class Part:
    """One part of the examination, once it is over."""

    name: str
    seconds: float
    failed: bool
    passed_tests: int = 0
    failed_tests: int = 0
    skipped: list[str] = field(default_factory=list)


class Suite:
    """All parts, in their order; a part that fails does not keep the next from running."""

    def __init__(self, story: progress.Progress, workplace: Path) -> None:
        """Use a folder for everything that the tests write."""
        self.story = story
        self.workplace = workplace
        self.parts: list[Part] = []

    def command(self, name: str, command: Sequence[str]) -> None:
        """Run a program of the environment whose code says whether it is content."""
        self._part(
            name,
            lambda: processes.run(
                [str(places.PYTHON), *command], env=self.environment(), cwd=places.ROOT
            ),
        )

    def npm(self, script: str) -> None:
        """Run a script of the front end, if it has one of this name."""
        if frontend.has_script(script):
            self._part(f"giao diện: npm run {script}", lambda: frontend.npm(["run", script]))

    def pytest(self, name: str, arguments: Sequence[str], url: str = "") -> None:
        """Run tests on a database (SQLite when no address is given) and count them."""
        report = self.workplace / f"report-{len(self.parts)}.xml"
        command = [str(places.PYTHON), "-m", "pytest", f"--junitxml={report}", *arguments]
        env = self.environment(url)
        part = self._part(name, lambda: processes.run(command, env=env, cwd=places.ROOT))
        count(part, report)

    def environment(self, url: str = "") -> dict[str, str]:
        """Return the environment of the tests: a place and a key of their own."""
        env = places.environment(
            NHASAN_VAR=str(self.workplace / "var"),
            NHASAN_SECRET_KEY="only-for-tests-" + "x" * 40,
            NHASAN_CHROMIUM=machine.browser() or "",
            DJANGO_ALLOW_ASYNC_UNSAFE="true",  # pytest-playwright keeps a loop running
        )
        env.pop("NHASAN_DATABASE_URL", None)
        return {**env, "NHASAN_DATABASE_URL": url} if url else env

    def _part(self, name: str, run: Callable[[], int]) -> Part:
        self.story.say(f"\n── {name} " + "─" * max(3, 76 - len(name)))
        began = time.monotonic()
        code = run()
        part = Part(name, time.monotonic() - began, failed=code != 0)
        self.parts.append(part)
        return part

    def summary(self) -> bool:
        """Print how each part went; tell whether all is well."""
        self.story.say("\n── Tóm tắt " + "─" * 68)
        for part in self.parts:
            tests = part.passed_tests + part.failed_tests
            counted = f"{tests:5d} bài" if tests else " " * 9
            verdict = "HỎNG" if part.failed else "đạt"
            self.story.say(f"{part.seconds:7.1f} giây {counted}  {verdict:5s} {part.name}")
        for part in self.parts:
            for skipped in part.skipped:
                self.story.say(f"Bỏ qua ({part.name}): {skipped}")
        self.story.say(f"{self.story.seconds:5d} giây tất cả")
        passed = sum(part.passed_tests for part in self.parts)
        failed = sum(part.failed_tests for part in self.parts)
        skipped_count = sum(len(part.skipped) for part in self.parts)
        if passed + failed + skipped_count:
            self.story.say(f"{passed} passed, {failed} failed, {skipped_count} skipped")
        return not any(part.failed for part in self.parts)


def count(part: Part, report: Path) -> None:
    """Read pytest's own report; a run that left none, or no test, is a failure."""
    try:
        cases = list(ElementTree.parse(report).getroot().iter("testcase"))
    except (OSError, ElementTree.ParseError):
        cases = []
    for case in cases:
        name = f"{case.get('classname')}.{case.get('name')}"
        skipped = case.find("skipped")
        if skipped is not None:
            part.skipped.append(f"{name}: {skipped.get('message')}")
        elif case.find("failure") is not None or case.find("error") is not None:
            part.failed_tests += 1
        else:
            part.passed_tests += 1
    part.failed = part.failed or not cases or part.failed_tests > 0


def _folders(names: Sequence[str]) -> list[str]:
    """Return the test folders of these names that hold a test already."""
    return [f"tests/{name}" for name in names if any((_TESTS / name).rglob("test_*.py"))]


def _with_django() -> list[str]:
    """Return everything else that holds a test."""
    apart = {*_WITHOUT_DJANGO, _JOURNEYS}
    folders = sorted(path.name for path in _TESTS.iterdir() if path.is_dir())
    loose = sorted(str(path.relative_to(places.ROOT)) for path in _TESTS.glob("test_*.py"))
    return [*_folders([name for name in folders if name not in apart]), *loose]


def lint(suite: Suite) -> None:
    """Read the code."""
    suite.command("ruff", ["-m", "ruff", "check", "."])
    suite.command("import-linter", ["-c", _LINT_IMPORTS])
    suite.command("mypy", ["-m", "mypy"])
    suite.command("mypy scripts", ["-m", "mypy", "--config-file", "scripts/mypy.ini", "scripts"])


def examine(suite: Suite, databases: Iterable[str]) -> None:
    """Run the tests: without a database, then on each database, also in a browser.

    Rooms are tested on both databases, doors on PostgreSQL. Every walk in a browser goes on
    PostgreSQL; on SQLite, those marked `both_databases`. What is marked `sqlite_only` goes there
    only.

    Args:
        suite: keeps the score.
        databases: their addresses; an empty one is SQLite. The next one is asked for only when
            the tests on the one before are over.
    """
    suite.npm("check")
    suite.npm("test")
    two = ["-n", "2"]
    house = ["-p", "no:django", "-p", "no:playwright", *two, "-m", _NO_WALK]
    suite.pytest("cột, xà, nếp nhà (không Django)", [*house, *_folders(_WITHOUT_DJANGO)])
    rest, journeys = _with_django(), _folders([_JOURNEYS])
    for url in databases:
        where = "PostgreSQL" if url else "SQLite"
        if rest:
            chosen = _ALL_ON_POSTGRESQL if url else _ROOMS_ON_SQLITE
            suite.pytest(f"các gian, các cửa trên {where}", [*two, "-m", chosen, *rest], url)
        if journeys:
            marked = () if url else _ON_SQLITE
            walks = [*two, *marked, *journeys]  # a walk mostly waits for its browser
            suite.pytest(f"hành trình trong trình duyệt trên {where}", walks, url)


def databases() -> Generator[str, None, None]:
    """Give the address of each database in turn."""
    yield ""
    with postgres.cluster() as url:
        yield url


def prepare(story: progress.Progress) -> None:
    """Have the tools, the built pages, and what the machine itself must have."""
    install.ensure("dev", story)
    frontend.ensure(story)
    translations.ensure(story)
    if missing := _missing():
        needed = (
            f"Máy còn thiếu {', '.join(missing)}: hãy cài bằng lệnh  "
            f"apt-get install {' '.join(missing)}  (quyền quản trị) rồi chạy lại."
        )
        with story.step(f"Cài {', '.join(missing)} từ kho gói của hệ điều hành"):
            machine.install_packages(missing, needed=needed)
        if _missing():
            raise processes.FailedError(needed)


def _missing() -> list[str]:
    """Return the packages that the machine lacks."""
    return [package for found, package in _MACHINE if not found()]


def _work() -> int:
    # Resolved, for what is compared with it later has no link in it either.
    with tempfile.TemporaryDirectory(prefix="nhasan-test-") as folder:
        suite = Suite(progress.Progress("Nhà Sàn · kiểm tra"), Path(folder).resolve())
        if sys.argv[1:] == ["lint"]:
            install.ensure("dev", suite.story)
            lint(suite)
        else:
            prepare(suite.story)
            demo.collect_static(suite.story, suite.environment())
            lint(suite)
            with contextlib.closing(databases()) as each:
                examine(suite, each)
        return 0 if suite.summary() else 1


def main() -> int:
    """Examine everything, or only the code."""
    return entry.answer(_work)


if __name__ == "__main__":
    sys.exit(main())
