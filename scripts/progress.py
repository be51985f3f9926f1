"""Say what is going on, in lines that a person understands."""

import contextlib
import sys
import threading
import time
from collections.abc import Iterator, Sequence


class Progress:
    """A story of steps, each with the seconds since the beginning."""

    def __init__(self, title: str) -> None:
        """Begin the story."""
        self.began = time.monotonic()
        self._live = sys.stdout.isatty()
        self._lock = threading.Lock()
        self.say(title)

    @property
    def seconds(self) -> int:
        """How long it has taken so far."""
        return int(time.monotonic() - self.began)

    def say(self, text: str = "") -> None:
        """Print a line."""
        with self._lock:
            sys.stdout.write(("\r\033[K" if self._live else "") + text + "\n")
            sys.stdout.flush()

    def detail(self, text: str) -> None:
        """Print a line that belongs to the step under way."""
        if text:
            self.say(f"           {text}")

    @contextlib.contextmanager
    def step(self, text: str) -> Iterator[None]:
        """Announce a step, count its seconds on a terminal, and say when it is done."""
        began = time.monotonic()
        self.say(f"[{self.seconds:4d} giây] {text} …")
        over = threading.Event()
        counter = threading.Thread(target=self._count, args=(over, began), daemon=True)
        if self._live:
            counter.start()
        try:
            yield
        finally:
            over.set()
            if self._live:
                counter.join()
        took = time.monotonic() - began
        if took >= 1:
            self.say(f"[{self.seconds:4d} giây] {text}: xong sau {took:.0f} giây")

    def _count(self, over: threading.Event, began: float) -> None:
        while not over.wait(1):
            with self._lock:
                sys.stdout.write(f"\r\033[K           … {time.monotonic() - began:.0f} giây")
                sys.stdout.flush()
        with self._lock:
            sys.stdout.write("\r\033[K")
            sys.stdout.flush()


def complain(text: str, lines: Sequence[str] = ()) -> None:
    """Say what went wrong, with the last lines of the program that failed."""
    sys.stdout.flush()
    for line in lines:
        print(f"    | {line}", file=sys.stderr)
    print(text, file=sys.stderr, flush=True)
