"""Starts the processes of a house in their order, keeps them running, stops them all."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Sequence

from sandbox.house.child import Child
from sandbox.house.layout import Layout, is_free
from sandbox.house.process import Process

Say = Callable[[str], None]

_LOOK_SECONDS = 0.1
_REPORT_SECONDS = 5.0
_PORT_SECONDS = 0.25


class StartFailed(RuntimeError):
    """A process ended, or didn't become ready in time, while the house was starting."""


class Supervisor:
    """Runs a table of processes. Not for use from several threads.

    `say` is told what happens, a sentence at a time. `stop_asked` ends every wait. Whatever has not
    ended `grace_seconds` after it was asked to is killed.
    """

    def __init__(
        self,
        table: Sequence[Process],
        layout: Layout,
        say: Say,
        grace_seconds: float = 10.0,
    ) -> None:
        self._children = {
            process.name: Child(process, layout.log(process.name)) for process in table
        }
        self._say = say
        self._grace_seconds = grace_seconds
        self._reported_at = 0.0
        self._told: set[str] = set()
        self.stop_asked = False

    def start(self) -> bool:
        """Start everything and wait until all is ready. False if it was asked to stop meanwhile.

        Raises StartFailed.
        """
        self._reported_at = time.monotonic()
        while not self.stop_asked:
            self._start_the_next()
            for child in self._waiting():
                if child.check():
                    self._say(f"{child.process.name} ready ({child.ready_after:.1f} s)")
                else:
                    self._refuse_failure(child)
            if all(child.is_ready for child in self._children.values()):
                return True
            self._report_waiting()
            time.sleep(_LOOK_SECONDS)
        return False

    def watch(self, beside: Callable[[], None] = lambda: None) -> None:
        """Restart whatever ends, more slowly each time, until asked to stop.

        `beside` is done in each round.
        """
        while not self.stop_asked:
            beside()
            for child in self._children.values():
                if child.succeed():
                    self._say(f"{child.process.name} ended as it was asked to")
                elif child.status() is not None and not child.process.once:
                    status = child.status()
                    pause = child.note_failure()
                    self._say(
                        f"{child.process.name} ended with {status}, see {child.log}; "
                        f"it starts again in {pause:.0f} s"
                    )
            self._wait_for_ports()
            self._start_the_next()
            for child in self._waiting():
                if child.check():
                    self._say(f"{child.process.name} ready again")
            time.sleep(_LOOK_SECONDS)

    def stop(self) -> None:
        """Stop everything, Redis last because the others still write to it. Leaves no child."""
        rest = [child for name, child in self._children.items() if name != "redis"]
        self._end(rest)
        self._end([self._children["redis"]] if "redis" in self._children else [])

    def replace(self, process: Process) -> None:
        """Let the process of that name end in its own time, and another take its place."""
        self._children[process.name].give_way(process)

    def is_ready(self, name: str) -> bool:
        """Whether the process of that name is up, and is to be followed by no other."""
        child = self._children[name]
        return child.is_ready and child.successor is None

    def _wait_for_ports(self) -> None:
        """Put off what would fail for want of its port, and not for anything of its own."""
        now = time.monotonic()
        for child in self._children.values():
            is_due = not child.has_started and now >= child.pause_until
            if is_due and child.process.port and not is_free(child.process.port):
                child.pause_until = now + _PORT_SECONDS
                told = f"{child.process.name} waits for port {child.process.port}"
                if told not in self._told:
                    self._told.add(told)
                    self._say(told)

    def _start_the_next(self) -> None:
        now = time.monotonic()
        for child in self._children.values():
            after = (self._children[name] for name in child.process.after)
            is_due = not child.has_started and now >= child.pause_until
            if is_due and all(other.is_ready for other in after):
                child.start()

    def _waiting(self) -> list[Child]:
        children = self._children.values()
        started = (child for child in children if child.has_started and child.successor is None)
        return [child for child in started if not child.is_ready]

    def _refuse_failure(self, child: Child) -> None:
        name, status = child.process.name, child.status()
        if status is not None and not (child.process.once and status == 0):
            why = f"{name} ended with {status} while starting"
        elif time.monotonic() - child.started_at > child.process.within:
            why = f"{name} was not ready within {child.process.within:.0f} s"
        else:
            return
        child.signal(signal.SIGKILL)
        raise StartFailed(f"{child.end_of_log()}\n{why}. Its log: {child.log}")

    def _report_waiting(self) -> None:
        now = time.monotonic()
        if now - self._reported_at >= _REPORT_SECONDS:
            self._reported_at = now
            waits = (f"{c.process.name} ({now - c.started_at:.0f} s)" for c in self._waiting())
            self._say("waiting for " + ", ".join(waits))

    def _end(self, children: Sequence[Child]) -> None:
        running = [child for child in children if child.is_running]
        for child in running:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + self._grace_seconds
        while any(child.is_running for child in running) and time.monotonic() < deadline:
            time.sleep(_LOOK_SECONDS / 2)
        for child in running:
            # Its group may outlive it.
            child.signal(signal.SIGKILL)
            child.reap()
