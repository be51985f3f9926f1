"""Write the pages of docs/reference that say what the code says: `make reference`.

Run by the checkout's own Python. ``--check`` writes nothing and fails, naming the pages, when one
of them is not what the code says now.
"""

import ast
import os
import pkgutil
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.core.management import get_commands, load_command_class

from scripts import places, reference_rules
from scripts.reference_tables import code, first_line, page, table

PAGES = places.ROOT / "docs" / "reference"
_SOURCE = places.ROOT / "src" / "nhasan"
_SETTINGS = {
    "NHASAN_ADDRESS": "where people open the pages, `https://…`: what links in letters begin with",
    "NHASAN_ALLOWED_HOSTS": "host names the pages answer to, with commas between them",
    "NHASAN_AXES": "`0` lets sign-in be tried without end; for measurements only",
    "NHASAN_CHROMIUM": "the browser that tests use; otherwise the first one on the path",
    "NHASAN_DATA": "the folder of the facts that are loaded",
    "NHASAN_DATABASE_URL": (
        "the PostgreSQL database, `postgres://user:password@host:port/name`; empty: SQLite in "
        "`NHASAN_VAR`"
    ),
    "NHASAN_DEBUG": "`1` shows faults in the browser; never on a server",
    "NHASAN_ENGINE": "what computes: `duckdb:` (`duckdb:?memory_limit=2GB`) or `reference:`",
    "NHASAN_EXPLORE": "`1` lets property tests draw examples not drawn before",
    "NHASAN_FOCAL_DEPARTMENT": (
        "the name of the 34 focal departments, when `load_demo` opens them: another is "
        "`Sở Nội vụ`"
    ),
    "NHASAN_HTTPS": "`1` when a proxy speaks TLS before us: cookies then travel by TLS only",
    "NHASAN_LOG": "how much is written to the log: `DEBUG`, `INFO`, `WARNING`, `ERROR`",
    "NHASAN_MAIL_FROM": "the sender of letters",
    "NHASAN_MAIL_HOST": "the SMTP server that takes letters; empty: no letter leaves the house",
    "NHASAN_MAIL_HOURS": "from which hour letters go out, and before which; on working days",
    "NHASAN_MAIL_PASSWORD": "the password at the SMTP server, when it asks for one",
    "NHASAN_MAIL_PORT": "the port of the SMTP server",
    "NHASAN_MAIL_TLS": "`starttls`, `tls` (from the first byte) or `no`",
    "NHASAN_MAIL_USER": "the name at the SMTP server, when it asks for one",
    "NHASAN_PICTURES": "`1` lets the walk of the user guide write its pictures",
    "NHASAN_PORT": "port of the demonstration; when it is taken, the next free one",
    "NHASAN_SECRET_KEY": "the key of sessions; empty: made once, kept in `NHASAN_VAR/secret.key`",
    "NHASAN_TEST_SQLITE": "the file of the test database on SQLite; empty: in memory",
    "NHASAN_TRUSTED_ORIGINS": "addresses that forms may come from, `https://…`, with commas",
    "NHASAN_VAR": "the folder of everything that is written: database, releases, runs, files",
}


def formats() -> str:
    """Return the page of the formats of figures."""
    found = import_module("nhasan.formats")
    speech = import_module("nhasan.formats.format")
    observations = import_module("nhasan.domain.observations")
    rows = [
        (code(each.id), code(f".{each.extension}"), code(each.media_type),
         first_line(import_module(each.write.__module__).__doc__))
        for each in found.FORMATS
    ]
    statuses = [
        (code(status.value), status.name.lower().replace("_", " "),
         code(speech.CONFIDENTIALITY[status.value]))
        for status in observations.Status
    ]
    return page(
        "Formats",
        "Every figure that is released can be had in each of these. A program sees codes, a dot "
        "before decimals, and a status beside each value; `OBS_VALUE` is empty unless the status "
        "is `A`.",
        "src/nhasan/formats/__init__.py",
        table(("id", "file", "media type", "what it is"), rows),
        "## Columns\n\n" + table(
            ("column", "tiếng Việt"),
            [(code(name), words) for name, words in speech.DIMENSION_NAMES.items()],
        ) + "\n\nAfter the dimensions come " + ", ".join(map(code, speech.MEASURES)) + ".",
        "## Status\n\n" + table((code("OBS_STATUS"), "means", code("CONF_STATUS")), statuses),
    )


def problems() -> str:
    """Return the page of refusals: every `Problem`, wherever it is defined."""
    for module in pkgutil.walk_packages([str(_SOURCE)], "nhasan."):
        if "migrations" not in module.name and not module.name.endswith("project.wsgi"):
            import_module(module.name)
    root = import_module("nhasan.domain.problems").Problem
    found: list[Any] = sorted({root, *_below(root)}, key=_by_status)
    shared = {"conflict", "forbidden", "invalid", "not-found", "problem"}
    codes = [each.code for each in found]
    if again := {name for name in codes if codes.count(name) > 1} - shared:
        raise SystemExit(f"one code, two problems: {', '.join(sorted(again))}")
    rows = [
        (str(each.status), code(each.code), code(each.__name__), first_line(each.__doc__),
         each.message, code(each.__module__.removeprefix("nhasan.")))
        for each in found
    ]
    return page(
        "Problems",
        "A refusal stops the hand: nothing was written. Programs get "
        '`{"code": …, "message": …}` with this status; people get a page with the sentence. A '
        "code is never given another meaning.",
        "the subclasses of `Problem`",
        table(("status", "code", "class", "when", "sentence", "in"), rows),
    )


def _by_status(kind: Any) -> tuple[int, str]:
    return kind.status, kind.code


def _below(kind: type[Any]) -> Iterator[type[Any]]:
    for each in kind.__subclasses__():
        yield each
        yield from _below(each)


def lifecycles() -> str:
    """Return the page of lives, drawn and as tables."""
    found = import_module("nhasan.domain.lifecycle").LIFECYCLES
    return page(
        "Lifecycles",
        "A thing that is approved has one table of states. An action that is not in it is "
        "refused with `wrong-state`. An action without a permission is the house's own.",
        "src/nhasan/domain/lifecycle.py",
        *(_life(each) for each in found),
    )


def _life(life: Any) -> str:
    drawn = ["```mermaid", "stateDiagram-v2", f"    [*] --> {life.initial}"]
    drawn += [f"    {state}: {words}" for state, words in life.states.items()]
    drawn += [
        f"    {before} --> {after}: {life.actions[action]}"
        for (before, action), after in life.transitions.items()
    ]
    drawn.append("```")
    states = [
        (code(state), words, life.waits_for[state] or "nobody")
        for state, words in life.states.items()
    ]
    acts = [
        (code(before), code(action), life.actions[action], code(after),
         code(life.permissions[action].value) if action in life.permissions else "")
        for (before, action), after in life.transitions.items()
    ]
    return "\n\n".join([
        f"## {life.name}",
        "\n".join(drawn),
        table(("state", "tiếng Việt", "waited for"), states),
        table(("in", "action", "tiếng Việt", "leads to", "needs"), acts),
    ])


def permissions() -> str:
    """Return the page of roles."""
    access = import_module("nhasan.domain.access")
    every = list(access.Permission)
    rows = [
        (code(role.id), role.name, role.description,
         *("✓" if each in role.permissions else "" for each in every))
        for role in access.ROLES.values()
    ]
    return page(
        "Roles and permissions",
        "A role is held over one branch of the organisation tree, from one day to another. What "
        "lies outside the branches cannot be found: it is answered like a thing that does not "
        "exist.",
        "src/nhasan/domain/access.py",
        table(("role", "tiếng Việt", "may", *(code(each.value) for each in every)), rows),
    )


def settings() -> str:
    """Return the page of environment variables, as they are read."""
    read = dict(_variables())
    if wrong := set(read) ^ set(_SETTINGS):
        raise SystemExit(f"scripts/reference.py: say (or forget) {', '.join(sorted(wrong))}")
    rows = [
        (code(name), _SETTINGS[name], code(default) if default else "", code(place))
        for name, (default, place) in sorted(read.items())
    ]
    return page(
        "Settings",
        "Everything is set by environment variables; there is no file of settings.",
        "`src/nhasan/project/settings.py`, `scripts/` and the tests",
        table(("variable", "meaning", "default", "read in"), rows),
    )


def _variables() -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield each variable with its default and the file that reads it, settings last."""
    files = [
        *sorted((places.ROOT / "tests" / "journeys").glob("*.py")),
        places.ROOT / "tests" / "conftest.py",
        *sorted((places.ROOT / "scripts").glob("*.py")),
        _SOURCE / "project" / "settings.py",
    ]
    for path in files:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "os.environ.get":
                name = ast.literal_eval(node.args[0])
                if name.startswith("NHASAN_"):
                    yield name, (_default(node), str(path.relative_to(places.ROOT)))


def _default(call: ast.Call) -> str:
    if len(call.args) == 1:
        return ""
    given = call.args[1]
    if isinstance(given, ast.Constant):
        return str(given.value)
    return ast.unparse(given).replace("ROOT / ", "").strip("'") + "/"


def pulse() -> str:
    """Return the page of what happens by itself."""
    steps = import_module("nhasan.interfaces.jobs.pulse").PULSE
    rows = [
        (code(step.name), f"{step.every:g} s", first_line(step.operation.__doc__),
         code(_short(step.operation.__module__)))
        for step in steps
    ]
    return page(
        "The pulse",
        "All that happens by itself. `nhasan pulse` runs it. Two pulses may run at once: a step "
        "is held by one of them at a time. One that is killed loses nothing and repeats nothing.",
        "src/nhasan/interfaces/jobs/pulse.py",
        table(("step", "every", "does", "in"), rows),
    )


def operations() -> str:
    """Return the page of everything that can be done."""
    known = import_module("nhasan.organisations.authority").OPERATIONS
    rooms: dict[str, list[tuple[str, ...]]] = {}
    for name, act in known.items():
        room = act.__module__.split(".")[1]
        rooms.setdefault(room, []).append(
            (code(name), code(act.__name__), first_line(act.__doc__))
        )
    return page(
        "Operations",
        "Every write is one of these: one transaction, and one line of the audit trail under "
        "this name.",
        "the functions marked `@operation`",
        *(
            f"## {room}\n\n" + table(("name", "function", "does"), sorted(rooms[room]))
            for room in _ROOMS if room in rooms
        ),
    )


_ROOMS = ("organisations", "areas", "metadata", "catalogue", "collection", "observations",
          "processing", "releases", "federation")


def _short(module: str) -> str:
    return module.removeprefix("nhasan.")


def commands() -> str:
    """Return the page of the commands of the checkout and of the house."""
    makefile = (places.ROOT / "Makefile").read_text(encoding="utf-8")
    told = re.findall(r"@echo '(make \S+(?: NAME=…)?) +(.+)'", makefile)
    ours = [name for name, app in sorted(get_commands().items()) if app.startswith("nhasan")]
    rows = []
    for name in ours:
        made: Any = load_command_class(get_commands()[name], name)
        parser = made.create_parser("nhasan", name)
        choices = [each.choices for each in parser._actions
                   if not each.option_strings and each.choices]
        shown = " ".join([f"nhasan {name}", *("|".join(each) for each in choices)])
        rows.append((code(shown), made.help))
    return page(
        "Commands",
        "`make` works in a fresh checkout; `nhasan` is in `.venv/bin` once `make install` or "
        "`make demo` has run, and takes Django's own commands too (`migrate`, "
        "`collectstatic`).",
        "`Makefile` and `src/nhasan/interfaces/jobs/management/commands`",
        table(("command", "tiếng Việt"), [(code(name), words) for name, words in told]),
        table(("command", "does"), rows),
    )


WRITERS: dict[str, Callable[[], str]] = {
    "formats": formats, "problems": problems, "lifecycles": lifecycles,
    "permissions": permissions, "settings": settings, "pulse": pulse,
    "operations": operations, "commands": commands,
    "numbers": reference_rules.numbers, "formulas": reference_rules.formulas,
    "grids": reference_rules.grids, "adding-up": reference_rules.plans,
    "disclosure": reference_rules.disclosure, "deadlines": reference_rules.deadlines,
}


def written() -> dict[str, str]:
    """Return every page by its name, as the code says it now.

    Nothing is read from the reader's own house: settings are asked for in an empty one.
    """
    with tempfile.TemporaryDirectory() as folder:
        for name in [name for name in os.environ if name.startswith("NHASAN_")]:
            del os.environ[name]
        os.environ.update(NHASAN_VAR=folder, DJANGO_SETTINGS_MODULE=places.SETTINGS)
        sys.path.insert(0, str(places.ROOT / "src"))
        django.setup()
        return {name: write() for name, write in WRITERS.items()}


def _now(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main() -> int:
    """Write the pages that changed; with ``--check`` only name them."""
    changed = {
        PAGES / f"{name}.md": text for name, text in written().items()
        if _now(PAGES / f"{name}.md") != text
    }
    checking = "--check" in sys.argv[1:]
    for path, text in changed.items():
        print(f"{path.relative_to(places.ROOT)}: {'not current' if checking else 'written'}")
        if not checking:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 1 if checking and changed else 0


if __name__ == "__main__":
    sys.exit(main())
