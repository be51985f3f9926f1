"""Derive the files of `data/` from `data/raw`, `data/choices` and `data/published`.

Run `python -m scripts.build_data` after a change of those; it reads only files inside `data/`.
`--check` prints the counts and every kind of doubt about areas and writes nothing.
"""

from __future__ import annotations

import sys

from scripts import (
    build_areas,
    build_codes,
    build_illustrative,
    build_indicators,
    build_organisations,
    build_rounds,
)
from scripts.build_files import DATA, read_csv


def main(arguments: list[str]) -> None:
    """Write every derived file, then print what was counted."""
    if "--check" in arguments:
        areas = read_csv(DATA / "areas" / "areas.csv")
    else:
        areas = build_areas.build()
        build_codes.build()
        build_indicators.build()
        build_organisations.build(areas)
        build_rounds.build()
        build_illustrative.build(areas)
    sys.stdout.write("\n".join(build_areas.report(areas)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
