"""Start other programs so that none outlives us."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import IO

GRACE_SECONDS = 4.0
_PR_SET_PDEATHSIG = 1
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_started: list[subprocess.Popen[bytes]] = []


class StoppedError(BaseException):
    """Someone asked us to stop; not an Exception, so that nothing swallows it on the way out."""


class FailedError(Exception):
    """A program ended with an error; carries the last lines that it said."""

    def __init__(self, what: str, lines: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.lines = list(lines)


def _tie_to_parent(ending: int) -> Callable[[], None]:
    """Make the kernel end the child when we die without a chance to say goodbye (Linux)."""
    parent = os.getpid()
    prctl = getattr(ctypes.CDLL(None), "prctl", None) if sys.platform == "linux" else None

    def tie() -> None:
        for each in _ENDING:  # a shell that put us in the background may have had them ignored
            signal.signal(each, signal.SIG_DFL)
        if prctl is not None:
            prctl(_PR_SET_PDEATHSIG, ending)
            if os.getppid() != parent:
                os._exit(1)

    return tie


def start(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    output: int | IO[bytes] | None = None,
    account: tuple[int, int] | None = None,
    ending: int = signal.SIGTERM,
) -> "subprocess.Popen[bytes]":
    """Start a program in a process group of its own, tied to our life."""
    user, group = account or (None, None)
    process = subprocess.Popen(
        list(command),
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=None if output is None else subprocess.STDOUT,
        process_group=0,
        preexec_fn=_tie_to_parent(ending),
        user=user,
        group=group,
        extra_groups=None if account is None else [],
    )
    _started.append(process)
    return process


def _signal_group(process: "subprocess.Popen[bytes]", number: int) -> bool:
    try:
        os.killpg(process.pid, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def stop(*processes: "subprocess.Popen[bytes]", ending: int = signal.SIGTERM) -> None:
    """End programs and everything they started: asked first, then made to."""
    for process in processes:
        _signal_group(process, ending)
    deadline = time.monotonic() + GRACE_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, deadline - time.monotonic()))
        # The leader may be gone while a worker of its group still holds the port.
        while _signal_group(process, 0) and time.monotonic() < deadline:
            time.sleep(0.05)
        _signal_group(process, signal.SIGKILL)
        process.wait()
        if process in _started:
            _started.remove(process)


def _stopped(number: int, _frame: FrameType | None) -> None:
    for each in _ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise StoppedError(number)


@contextlib.contextmanager
def guarded() -> Iterator[None]:
    """Stop every started program on the way out, however we leave."""
    for each in _ENDING:
        signal.signal(each, _stopped)
    try:
        yield
    finally:
        for each in _ENDING:
            signal.signal(each, signal.SIG_IGN)
        stop(*reversed(_started))


def run(
    command: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    log: Path | None = None,
    account: tuple[int, int] | None = None,
    said: Callable[[str], None] | None = None,
) -> int:
    """Run a program to its end and return its code.

    Args:
        command: the program and its arguments.
        env: its environment.
        cwd: its folder.
        log: a file that gets its output; without one the output is shown as it comes.
        account: the user and group that it runs as.
        said: is called with each line of output, which then goes to the log as well.
    """
    if said is not None:
        return _run_heard(command, env, cwd, log, said)
    if log is None:
        return _finished(start(command, env=env, cwd=cwd, account=account))
    with log.open("ab") as file:
        return _finished(start(command, env=env, cwd=cwd, output=file, account=account))


def _run_heard(
    command: Sequence[str],
    env: Mapping[str, str] | None,
    cwd: Path | None,
    log: Path | None,
    said: Callable[[str], None],
) -> int:
    process = start(command, env=env, cwd=cwd, output=subprocess.PIPE)
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(log.open("ab")) if log else None
        assert process.stdout is not None
        for line in stack.enter_context(process.stdout):
            if file is not None:
                file.write(line)
                file.flush()
            said(line.decode("utf-8", "replace").rstrip())
    return _finished(process)


def _finished(process: "subprocess.Popen[bytes]") -> int:
    code = process.wait()
    _started.remove(process)
    return code


def last_lines(log: Path, count: int = 20, since: int = 0) -> list[str]:
    """Return the last lines of a log, of what was written after a position."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(since)
        return file.read().decode("utf-8", "replace").splitlines()[-count:]
