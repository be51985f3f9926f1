"""A shelf for what is dear to make and cheap to keep: bounded by its weight, not its number."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sized
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V", bound=Sized)


class Shelf(Generic[K, V]):
    """Keeps what was asked for last, up to a weight (`len` of all together).

    What is asked for by several readers at once is made once; whoever asks for another thing
    does not wait for it.
    """

    def __init__(self, most: int) -> None:
        """Make an empty shelf; `most` is the weight that it may bear."""
        self._most = most
        self._held: OrderedDict[K, V] = OrderedDict()
        self._making: dict[K, Lock] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        """Return the weight of all that is kept."""
        with self._lock:
            return self._weight()

    def get(self, key: K, make: Callable[[], V]) -> V:
        """Return what is kept under a key, or make it and keep it."""
        with self._lock:
            if key in self._held:
                self._held.move_to_end(key)
                return self._held[key]
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._held:
                    return self._held[key]
            try:
                made = make()
            finally:
                with self._lock:
                    self._making.pop(key, None)
            with self._lock:
                self._held[key] = made
                while len(self._held) > 1 and self._weight() > self._most:
                    self._held.popitem(last=False)
            return made

    def _weight(self) -> int:
        return sum(map(len, self._held.values()))
