"""The examination itself: what it counts, and that it leaves nothing out."""

from pathlib import Path

import pytest

from scripts import places, progress, suite


def _part(report: str, folder: Path) -> suite.Part:
    path = folder / "report.xml"
    path.write_text(report, encoding="utf-8")
    part = suite.Part("thử", 1.0, failed=False)
    suite.count(part, path)
    return part


def test_tests_are_counted_and_skipped_ones_named(tmp_path: Path) -> None:
    part = _part(
        "<testsuites><testsuite>"
        '<testcase classname="a" name="passes"/>'
        '<testcase classname="a" name="fails"><failure message="x"/></testcase>'
        '<testcase classname="a" name="breaks"><error message="x"/></testcase>'
        '<testcase classname="a" name="waits"><skipped message="no moon"/></testcase>'
        "</testsuite></testsuites>",
        tmp_path,
    )
    assert (part.passed_tests, part.failed_tests) == (1, 2)
    assert part.skipped == ["a.waits: no moon"]
    assert part.failed


def test_a_run_without_tests_is_a_failure(tmp_path: Path) -> None:
    assert _part("<testsuites/>", tmp_path).failed
    part = suite.Part("thử", 1.0, failed=False)
    suite.count(part, tmp_path / "never-written.xml")
    assert part.failed


def test_every_folder_of_tests_is_run(tmp_path: Path) -> None:
    story = progress.Progress("thử")
    ran: list[str] = []

    class Recorder(suite.Suite):
        def pytest(self, name: str, arguments: list[str], url: str = "") -> None:  # type: ignore[override]
            ran.extend(arguments)

        def npm(self, script: str) -> None:
            pass

    recorder = Recorder(story, tmp_path)
    suite.examine(recorder, databases=[""])
    holding = {
        path.relative_to(places.ROOT / "tests").parts[0]
        for path in (places.ROOT / "tests").rglob("test_*.py")
    }
    assert {f"tests/{name}" for name in holding} <= set(ran)


def test_every_walk_goes_on_postgresql_and_the_marked_ones_on_sqlite(tmp_path: Path) -> None:
    ran: dict[str, list[str]] = {}

    class Recorder(suite.Suite):
        def pytest(self, name: str, arguments: list[str], url: str = "") -> None:  # type: ignore[override]
            if "tests/journeys" in arguments:
                ran[url] = arguments

        def npm(self, script: str) -> None:
            pass

    recorder = Recorder(progress.Progress("thử"), tmp_path)
    suite.examine(recorder, databases=["", "postgresql://nowhere"])
    assert set(ran) == {"", "postgresql://nowhere"}
    assert "-m both_databases" in " ".join(ran[""])
    assert "-m" not in ran["postgresql://nowhere"]
    walks = (places.ROOT / "tests" / "journeys").glob("test_*.py")
    marked = [path.name for path in walks if "mark.both_databases" in path.read_text("utf-8")]
    assert 5 <= len(marked) <= 7


def test_rooms_go_on_both_databases_and_every_door_on_one(tmp_path: Path) -> None:
    ran: dict[str, str] = {}

    class Recorder(suite.Suite):
        def pytest(self, name: str, arguments: list[str], url: str = "") -> None:  # type: ignore[override]
            if "tests/interfaces" in arguments:
                ran[url] = arguments[arguments.index("-m") + 1]

        def npm(self, script: str) -> None:
            pass

    recorder = Recorder(progress.Progress("thử"), tmp_path)
    suite.examine(recorder, databases=["", "postgresql://nowhere"])
    assert ran == {
        "": "not journey and (not door or sqlite_only)",
        "postgresql://nowhere": "not journey and not sqlite_only"}


def test_a_part_that_fails_fails_the_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = suite.Suite(progress.Progress("thử"), tmp_path)
    whole.parts = [
        suite.Part("một", 1.0, failed=False, passed_tests=3),
        suite.Part("hai", 2.0, failed=True, passed_tests=1, failed_tests=1, skipped=["b: vì thế"]),
    ]
    assert not whole.summary()
    said = capsys.readouterr().out
    assert "4 passed, 1 failed, 1 skipped" in said.splitlines()
    assert "Bỏ qua (hai): b: vì thế" in said
