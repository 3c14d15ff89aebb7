"""A share of the processors for each host, held by the kernel: control groups, version 1 or 2."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

_GROUPS: Final = Path("/sys/fs/cgroup")
_COUNTED: Final = _GROUPS / "cpuacct"
_PERIOD: Final = 50_000
# So that other work on the machine takes nothing from a small budget.
_WEIGHT: Final = {"cpu.shares": "20480", "cpu.weight": "10000"}


class Budgets:
    """Groups of processes, each with `cores` of processor time; without a kernel's help none."""

    def __init__(self, name: str, cores: float) -> None:
        self.cores = cores
        self._name = name
        self._root = _root() if cores else None

    @property
    def how(self) -> str:
        """How the budgets are held, for a reader."""
        if not self.cores:
            return "no budget"
        kind = "v2 cpu.max" if self._root == _GROUPS else "v1 cpu.cfs_quota_us"
        held = f"control group {kind}" if self._root else "nothing here holds it"
        return f"{self.cores} of a processor for each host: {held}"

    @property
    def are_held(self) -> bool:
        """True where the kernel holds each group to its budget."""
        return self._root is not None

    @contextlib.contextmanager
    def made(self, hosts: Sequence[str]) -> Iterator[None]:
        """The groups while they are there."""
        try:
            for host in hosts:
                for group in self._groups(host):
                    self._make(group)
            yield
        finally:
            for host in hosts:
                for group in self._groups(host):
                    # Whoever still lives in it keeps it.
                    with contextlib.suppress(OSError):
                        group.rmdir()

    def within(self, host: str, command: Sequence[str]) -> tuple[str, ...]:
        """A command that runs within the budget of a host."""
        if self._root is None:
            return tuple(command)
        places = (str(group / "cgroup.procs") for group in self._groups(host))
        joined = "".join(f"echo $$ > {shlex.quote(place)} && " for place in places)
        return ("sh", "-c", f'{joined}exec "$@"', "sh", *command)

    def spent(self, host: str) -> float:
        """The seconds of processor time that a host has used, where that is known."""
        group = self._group(host)
        with contextlib.suppress(OSError, ValueError, StopIteration):
            if self._root == _GROUPS:
                lines = (group / "cpu.stat").read_text(encoding="ascii").splitlines()
                used = next(line for line in lines if line.startswith("usage_usec"))
                return int(used.split()[1]) / 1e6
            counted = _COUNTED / group.name / "cpuacct.usage"
            return int(counted.read_text(encoding="ascii")) / 1e9
        return 0.0

    def hold(self, hosts: Sequence[str]) -> None:
        """Hold each host to its budget from now on; until then it starts as quickly as it can."""
        quota = round(self.cores * _PERIOD)
        for group in (self._group(host) for host in hosts if self._root):
            if self._root == _GROUPS:
                (group / "cpu.max").write_text(f"{quota} {_PERIOD}", encoding="ascii")
            else:
                (group / "cpu.cfs_period_us").write_text(str(_PERIOD), encoding="ascii")
                (group / "cpu.cfs_quota_us").write_text(str(quota), encoding="ascii")

    def _make(self, group: Path) -> None:
        group.mkdir(exist_ok=True)
        for name, weight in _WEIGHT.items():
            if (group / name).exists():
                (group / name).write_text(weight, encoding="ascii")

    def _groups(self, host: str) -> list[Path]:
        """What holds a host, and in version 1 what counts the time that it uses."""
        if self._root is None:
            return []
        group = self._group(host)
        is_apart = self._root != _GROUPS and _COUNTED.is_dir()
        return [group, _COUNTED / group.name] if is_apart else [group]

    def _group(self, host: str) -> Path:
        return (self._root or _GROUPS) / f"{self._name}-{host}"


def _root() -> Path | None:
    """Where groups with a processor budget can be made; None where nowhere."""
    try:
        if (_GROUPS / "cgroup.controllers").exists():
            (_GROUPS / "cgroup.subtree_control").write_text("+cpu", encoding="ascii")
            return _GROUPS
        probe = _GROUPS / "cpu" / "twiza-probe"
        probe.mkdir(exist_ok=True)
        probe.rmdir()
    except OSError:
        return None
    return _GROUPS / "cpu"
