"""Compile the translations with Babel, for a machine without gettext's own programs.

Run as ``python3 -m scripts.translations``; does nothing when nothing changed.
"""

import sys
from pathlib import Path

from scripts import entry, install, places, processes, progress, stamps

_FOLDER = places.ROOT / "src" / "nhasan" / "locale"
_STAMP = places.VENV / "translations"


def ensure(story: progress.Progress) -> None:
    """Have a compiled catalogue beside every translated one that changed."""
    sources = sorted(_FOLDER.glob("*/LC_MESSAGES/*.po"))
    wanted = stamps.digest(sources)
    if not sources or (stamps.read(_STAMP) == wanted and all(map(_is_compiled, sources))):
        return
    log = install.log_file("translations")
    with story.step("Dịch các câu chữ"):
        compiler = [str(places.PYTHON), "-m", "scripts.messages", "--compile"]
        code = processes.run(compiler, cwd=places.ROOT, env=places.environment(), log=log)
        install.require(code, "Không dịch được các câu chữ", log)
    stamps.write(_STAMP, wanted)


def _is_compiled(source: Path) -> bool:
    return source.with_suffix(".mo").exists()


def _work() -> int:
    story = progress.Progress("Nhà Sàn · câu chữ")
    install.ensure("runtime", story)
    ensure(story)
    return 0


def main() -> int:
    """Compile every translated catalogue."""
    return entry.answer(_work)


if __name__ == "__main__":
    sys.exit(main())
