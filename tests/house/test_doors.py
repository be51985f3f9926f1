"""Rule 4: doors open only onto operations and queries, and public ones onto what was released."""

from tests.house import code

_FACES = ("operations", "queries")
_BELOW = ("domain", *code.BEAMS)
_PUBLIC = ("portal", "sdmx", "opendata")
_PUBLIC_ROOMS = ("releases", "catalogue", "metadata", *_BELOW)


def _room_and_face(name: str) -> tuple[str, str]:
    parts = [*name.split("."), "", ""]
    return parts[1], parts[2]


def _is_allowed(name: str) -> bool:
    if not name.startswith("nhasan."):
        return True
    room, face = _room_and_face(name)
    if room in code.APPS:
        return face in _FACES
    return room in (*_BELOW, "interfaces")


def test_doors_open_onto_operations_and_queries_only() -> None:
    found = [
        f"{module.name}:{line} imports {name}"
        for module in code.within("interfaces")
        for name, line in module.imports()
        if not _is_allowed(name)
    ]
    assert not found, code.said(found)


def test_doors_do_not_know_one_another() -> None:
    found = []
    for module in code.within("interfaces"):
        own = module.parts[1]
        found += [
            f"{module.name}:{line} imports {name}"
            for name, line in module.imports()
            if name.startswith("nhasan.interfaces.")
            and (door := name.split(".")[2]) in code.DOORS
            and door != own
        ]
    assert not found, code.said(found)


def test_public_doors_see_only_what_was_released() -> None:
    found = [
        f"{module.name}:{line} imports {name}"
        for module in code.within("interfaces")
        if module.parts[1] in _PUBLIC
        for name, line in module.imports()
        if name.startswith("nhasan.")
        and (room := _room_and_face(name)[0]) not in _PUBLIC_ROOMS
        and room != "interfaces"
    ]
    assert not found, code.said(found)
