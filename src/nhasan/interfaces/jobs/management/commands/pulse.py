"""Run the pulse until stopped."""

from __future__ import annotations

import signal
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand

from nhasan.interfaces.jobs.pulse import run


class Command(BaseCommand):
    """`pulse`: the second of the two processes of the house."""

    help = "Run the pulse: ingest approved reports, run plans, publish releases, seal the audit."

    def handle(self, *args: Any, **options: Any) -> None:
        """Beat until SIGTERM or SIGINT."""
        stop = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run(stop)
