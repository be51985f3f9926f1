"""What every part of a load works with: the house's actor, the moment, words of progress."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nhasan.domain.access import Actor


@dataclass(slots=True)
class Load:
    """One load: where the facts are, when it happens, and who is told."""

    data: Path
    at: datetime
    today: date
    say: Callable[[str], None]
    actor: Actor = field(default_factory=lambda: Actor.house("load"))
    began: float = field(default_factory=time.monotonic)

    def json(self, name: str) -> Any:
        """Return a JSON file of the shipped facts."""
        return json.loads((self.data / name).read_text(encoding="utf-8"))

    def csv(self, name: str) -> Iterator[dict[str, str]]:
        """Yield the rows of a CSV file of the shipped facts."""
        with (self.data / name).open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)

    def files(self, folder: str) -> list[str]:
        """Return the names of the JSON files of a folder, sorted."""
        return sorted(f"{folder}/{path.name}" for path in (self.data / folder).glob("*.json"))

    def tell(self, words: str) -> None:
        """Say what is done, with the seconds since the load began."""
        self.say(f"  [{time.monotonic() - self.began:4.0f} giây] {words}")


def day(text: str | None) -> date | None:
    """Return the day written as 2025-07-01, or nothing for an unknown one."""
    return date.fromisoformat(text) if text else None
