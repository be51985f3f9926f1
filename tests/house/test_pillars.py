"""Rule 3: pillars know only the standard library; beams know no Django and not each other."""

import sys

from tests.house import code


def _outsiders(module: code.Module, allowed: tuple[str, ...]) -> list[str]:
    return [
        f"{module.name}:{line} imports {name}"
        for name, line in module.imports()
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not any(name == room or name.startswith(f"{room}.") for room in allowed)
    ]


def test_pillars_know_only_the_standard_library() -> None:
    pillars = code.within("domain")
    found = [each for module in pillars for each in _outsiders(module, ("nhasan.domain",))]
    assert pillars
    assert not found, code.said(found)


def test_beams_know_no_django_and_not_each_other() -> None:
    found = []
    for module in code.within(*code.BEAMS):
        others = [beam for beam in code.BEAMS if not module.is_in(beam)]
        strangers = {"django", *(f"nhasan.{beam}" for beam in others)}
        found += [
            f"{module.name}:{line} imports {name}"
            for name, line in module.imports()
            if any(name == stranger or name.startswith(f"{stranger}.") for stranger in strangers)
        ]
    assert not found, code.said(found)


def test_nothing_below_the_doors_reads_the_environment() -> None:
    """A value or a beam that asks the environment cannot be tested by what it is given."""
    found = [
        f"{module.name}: os.environ"
        for module in code.within("domain", *code.BEAMS)
        if "os.environ" in module.text or "os.getenv" in module.text
    ]
    assert not found, code.said(found)
