"""One running process: its start, its health, its end. It never outlives the house."""

from __future__ import annotations

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from sandbox.house.process import Process
from sandbox.house.processes import child_environment

_LIBC = ctypes.CDLL(None)
_PR_SET_PDEATHSIG = 1
_LONGEST_PAUSE_SECONDS = 30.0
# Whoever ran that long has recovered.
_STEADY_SECONDS = 60.0


class Child:
    """A process of the table. `pause_until` is when it may start again after a failure."""

    def __init__(self, process: Process, log: Path) -> None:
        self.process = process
        self.log = log
        self.is_ready = False
        self.pause_until = 0.0
        self.started_at = 0.0
        self.ready_after = 0.0
        self.successor: Process | None = None
        self._failures = 0
        self._log_begins = 0
        self._popen: subprocess.Popen[bytes] | None = None

    @property
    def has_started(self) -> bool:
        """Whether it was started, and not yet given up as ended."""
        return self._popen is not None

    @property
    def is_running(self) -> bool:
        """Whether it was started and hasn't ended."""
        return self._popen is not None and self._popen.poll() is None

    def start(self) -> None:
        """Start it in a session of its own, so that Ctrl-C reaches the house alone."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        # The log begins anew with the house, and says why it was restarted where it was.
        with self.log.open("ab" if self.started_at else "wb") as log:
            self._log_begins = log.tell()
            self._popen = subprocess.Popen(
                self.process.command,
                cwd=self.process.folder,
                env=child_environment(self.process.settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # The house has one thread, so code between fork and exec is safe.
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        self.is_ready = False
        self.started_at = time.monotonic()

    def status(self) -> int | None:
        """The exit status, or None while it runs."""
        return None if self._popen is None else self._popen.poll()

    def check(self) -> bool:
        """Look whether it has become ready."""
        if self.has_started and not self.is_ready:
            self.is_ready = self.process.health(self.status(), self.read_log)
            self.ready_after = time.monotonic() - self.started_at
        return self.is_ready

    def note_failure(self) -> float:
        """Count an unexpected end. Return how many seconds it waits before it starts again."""
        self.signal(signal.SIGKILL)
        if time.monotonic() - self.started_at > _STEADY_SECONDS:
            self._failures = 0
        pause = min(2.0**self._failures, _LONGEST_PAUSE_SECONDS)
        self._failures += 1
        self._popen, self.is_ready = None, False
        self.pause_until = time.monotonic() + pause
        return pause

    def give_way(self, successor: Process) -> None:
        """Ask it to end what it has in hand; another takes its place then."""
        self.successor, self.is_ready = successor, False
        if self._popen is not None:
            # It tells its own, as where an orchestrator asks it.
            self._popen.send_signal(signal.SIGTERM)

    def succeed(self) -> bool:
        """Take the place of one that has given way; False where none has, or not yet."""
        if self.successor is None or self.status() is None:
            return False
        self.signal(signal.SIGKILL)
        self.process, self.successor = self.successor, None
        self._popen, self.is_ready, self.pause_until = None, False, 0.0
        return True

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and to whatever it started."""
        if self._popen is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._popen.pid, number)

    def reap(self) -> None:
        """Wait for its end after a signal that can't be refused."""
        if self._popen is not None:
            self._popen.wait()

    def read_log(self) -> str:
        """Read what it has written since it was last started."""
        return self.log.read_bytes()[self._log_begins :].decode(errors="replace")

    def end_of_log(self, lines: int = 20) -> str:
        """Read the last lines it wrote."""
        # A traceback within a JSON line is readable only with its line breaks.
        return "\n".join(self.read_log().splitlines()[-lines:]).replace("\\n", "\n")


def _die_with_parent() -> None:
    # Runs in the child before its program: Linux ends it when the house is killed outright.
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
