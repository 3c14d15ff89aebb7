"""One server process: started and waited for, stopped, killed, stalled, started again."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

_UP_SECONDS = 60.0
_DOWN_SECONDS = 30.0


def free_port(host: str = "127.0.0.1") -> int:
    """A port of this machine that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


class ServerProcess(ABC):
    """A server that is up within a `with` block.

    `before` goes in front of its command, such as what runs it in a network namespace.
    """

    def __init__(
        self, name: str, folder: Path, host: str, port: int, before: Sequence[str]
    ) -> None:
        self.name = name
        self.folder = folder
        self.host = host
        self.port = port
        self.before = tuple(before)
        self._process: subprocess.Popen[bytes] | None = None

    @abstractmethod
    def command(self) -> Sequence[str]:
        """What runs it in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether it serves now."""

    def start(self) -> None:
        """Start it, with what it kept, and wait until it serves."""
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self._process = subprocess.Popen(
                [*self.before, *self.command()], cwd=self.folder, stdout=log, stderr=log
            )
        deadline = time.monotonic() + _UP_SECONDS
        while not self.answers():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(self.log()[-3000:])
            time.sleep(0.05)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """Ask it to end, and wait until it has."""
        if self._process is not None:
            self.go_on()
            self._process.send_signal(number)
            try:
                self._process.wait(_DOWN_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
            self._process = None

    def kill(self) -> None:
        """End it and all of its own outright, as a loss of power would."""
        if self._process is not None:
            for one in self._all():
                with suppress(psutil.Error):
                    one.kill()
            self._process.wait()
            self._process = None

    def restart(self) -> None:
        """Stop it and start it again."""
        self.stop()
        self.start()

    def stall(self) -> None:
        """Have it stand still: it takes connections and answers nothing."""
        for one in self._all():
            with suppress(psutil.Error):
                one.suspend()

    def go_on(self) -> None:
        """Have it go on where it stood."""
        for one in self._all():
            with suppress(psutil.Error):
                one.resume()

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """It stands still, and then goes on."""
        self.stall()
        try:
            yield
        finally:
            self.go_on()

    @property
    def is_running(self) -> bool:
        """Whether its process is there."""
        return self._process is not None and self._process.poll() is None

    def log(self) -> str:
        """What it wrote since it was first started."""
        return (self.folder / f"{self.name}.log").read_text(encoding="utf-8", errors="replace")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()

    def _all(self) -> list[psutil.Process]:
        if self._process is None:
            return []
        with suppress(psutil.NoSuchProcess):
            first = psutil.Process(self._process.pid)
            return [first, *first.children(recursive=True)]
        return []
