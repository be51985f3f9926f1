"""How each script begins and ends."""

from collections.abc import Callable

from scripts import processes, progress


def answer(work: Callable[[], int], *, when_stopped: int = 130, farewell: str = "Đã dừng.") -> int:
    """Do the work and return its code; say failures in words, and leave no process behind."""
    with processes.guarded():
        try:
            return work()
        except processes.FailedError as failed:
            progress.complain(str(failed), failed.lines)
            return 1
        except processes.StoppedError:
            print(f"\n{farewell}", flush=True)
            return when_stopped
