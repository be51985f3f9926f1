"""Tables and pages in Markdown, for the pages that are written from the code."""

from collections.abc import Iterable, Sequence


def code(text: object) -> str:
    """Return text as code, whatever it holds; spaces at its ends stay visible."""
    words = str(text)
    if not words:
        return ""
    shown = words.replace("\u00a0", "⍽").replace("\u202f", "⍽")
    if shown != shown.strip():
        shown = shown.replace(" ", "␣")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def first_line(doc: str | None) -> str:
    """Return the first paragraph of a docstring's first line."""
    return (doc or "").strip().partition("\n")[0]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [_line(head), "|" + "---|" * len(head)]
    return "\n".join([*lines, *(_line(row) for row in rows)])


def _line(cells: Sequence[str]) -> str:
    shown = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return "| " + " | ".join(shown) + " |"


def page(title: str, about: str, source: str, *parts: str) -> str:
    """Return a page that says where it comes from."""
    named = source if "`" in source else f"`{source}`"
    head = f"# {title}\n\n<!-- Written by `make reference`; change the code instead. -->\n"
    return f"{head}\n{about} From {named}.\n\n" + "\n\n".join(parts) + "\n"
