"""A mail server for tests: speaks SMTP on a port of its own and keeps what it took.

An address with `khong-co` in it is refused for good, one with `ban` for now; `pause` makes it
slow, `deaf` makes it hang up.
"""

from __future__ import annotations

import socketserver
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from threading import Thread
from typing import Any


class MailServer(socketserver.ThreadingTCPServer):
    """What it took lies in `taken`, in order."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.taken: list[Any] = []
        self.pause = 0.0
        self.deaf = False

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.server_address[1])


class _Talk(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        if self.server.deaf:
            return
        self._say("220 thu.example ESMTP")
        while line := self.rfile.readline():
            verb = line[:4].upper().decode("ascii", "replace").strip()
            if verb == "QUIT":
                self._say("221 bye")
                return
            if verb == "DATA":
                self._take()
            elif verb == "EHLO":
                self._say("250-thu.example", "250 8BITMIME")
            elif verb == "RCPT" and b"khong-co" in line:
                self._say("550 no such mailbox")
            elif verb == "RCPT" and b"ban@" in line:
                self._say("451 try again later")
            else:
                self._say("250 ok")

    def _take(self) -> None:
        self._say("354 go on")
        lines: list[bytes] = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        time.sleep(self.server.pause)
        self.server.taken.append(message_from_bytes(b"".join(lines), policy=policy.default))
        self._say("250 taken")

    def _say(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server for as long as the block lasts."""
    with MailServer() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server
        finally:
            server.shutdown()
