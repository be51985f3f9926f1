"""What is installed is exactly what was locked, from wherever a machine gets its packages."""

import json
import re

from tests.house import code

_HOST = re.compile(r"https?://|--(extra-)?index-url|--find-links|^-[if] ", re.MULTILINE)
_WANTED = re.compile(r"^([A-Za-z0-9._-]+)", re.MULTILINE)
_LOCKED = re.compile(r"^([a-z0-9._-]+)==\S+", re.MULTILINE)


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_lock_files_name_no_host() -> None:
    locks = sorted((code.ROOT / "requirements").glob("*.txt"))
    found = [path.name for path in locks if _HOST.search(path.read_text(encoding="utf-8"))]
    assert locks
    assert not found, code.said(found)


def test_every_wanted_package_is_locked_with_its_hashes() -> None:
    found = []
    for wanted in sorted((code.ROOT / "requirements").glob("*.in")):
        lock = wanted.with_suffix(".txt").read_text(encoding="utf-8")
        locked = {_normal(name) for name in _LOCKED.findall(lock)}
        names = {_normal(name) for name in _WANTED.findall(wanted.read_text(encoding="utf-8"))}
        found += [f"{wanted.name}: {name} is not locked" for name in names - locked - {"-r"}]
        entries = re.split(r"\n(?=[a-z0-9])", lock.partition("\n    make lock")[2] or lock)
        found += [
            f"{wanted.name}: {entry.splitlines()[0]} has no hash"
            for entry in entries
            if _LOCKED.match(entry) and "--hash=sha256:" not in entry
        ]
    assert not found, code.said(found)


def test_runtime_and_development_agree() -> None:
    def versions(name: str) -> set[str]:
        text = (code.ROOT / "requirements" / name).read_text(encoding="utf-8")
        return set(re.findall(r"^([a-z0-9._-]+==\S+)", text, re.MULTILINE))

    missing = versions("runtime.txt") - versions("dev.txt")
    assert not missing, code.said(sorted(missing))


def test_the_lock_of_the_front_end_names_no_host() -> None:
    lock = json.loads((code.ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    found = [name for name, entry in packages.items() if "resolved" in entry]
    found += [f"{name}: no hash" for name, entry in packages.items() if "integrity" not in entry]
    assert packages
    assert not found, code.said(found)
