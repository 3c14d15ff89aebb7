"""The report as text: one line per system, its processes, and its ratios to the service."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from benchmarks.cpu import OUTSIDE
from benchmarks.long_conversation import LongConversation
from benchmarks.measure import Figures, ratio


def systems_table(figures: Mapping[str, Figures]) -> str:
    """Turns per second, latency and processor time of every system."""
    first = next(iter(figures.values()))
    counts, at = list(first.turns_per_s), first.citizens
    head = ["system", "CPU ms/turn", *(f"turns/s at {count}" for count in counts)]
    rows = [[*head, f"p50 ms at {at}", f"p95 ms at {at}", "late turns", "wrong turns"]]
    for name, one in figures.items():
        rates = [f"{one.turns_per_s[count]:.0f}" for count in counts]
        cells = [name, f"{one.cpu_ms_per_turn:.2f}", *rates, f"{one.p50_ms:.1f}"]
        late = sum(found.late for found in one.overrun.values())
        wrong = sum(found.wrong for found in one.overrun.values())
        rows.append([*cells, f"{one.p95_ms:.1f}", str(late), str(wrong)])
    return lines_up(rows)


def overrun_lines(figures: Mapping[str, Figures]) -> str:
    """Which systems were asked more than they answer in time, and by how many citizens."""
    return "\n".join(
        f"{name} was overrun by {count} citizens: {found.late} turns late, {found.wrong} wrong; "
        "its turns/s there count right answers alone."
        for name, one in figures.items()
        for count, found in one.overrun.items()
    )


def processes_table(figures: Mapping[str, Figures]) -> str:
    """Processor milliseconds per turn of each process; in brackets what is not of the service."""
    roles = list(dict.fromkeys(role for one in figures.values() for role in one.cpu_ms_by_role))
    roles.sort(key=lambda role: role in OUTSIDE)
    rows = [["CPU ms/turn of", *(f"({r})" if r in OUTSIDE else r for r in roles)]]
    for name, one in figures.items():
        spent = [one.cpu_ms_by_role.get(role) for role in roles]
        rows.append([name, *("" if ms is None else f"{ms:.2f}" for ms in spent)])
    return lines_up(rows)


def ratios_table(figures: Mapping[str, Figures], of: str = "twiza") -> str:
    """How many times the CPU, the turns and the latency of each other system `of` has."""
    ours = figures[of]
    most = max(ours.turns_per_s)
    head = [f"{of} divided by", "CPU/turn", f"turns/s at {most}", "p50", "p95"]
    rows = [head]
    for name, other in figures.items():
        if name != of:
            pairs = (
                (ours.cpu_ms_per_turn, other.cpu_ms_per_turn),
                (ours.turns_per_s[most], other.turns_per_s[most]),
                (ours.p50_ms, other.p50_ms),
                (ours.p95_ms, other.p95_ms),
            )
            rows.append([name, *(f"{ratio(*pair):.3g}" for pair in pairs)])
    return lines_up(rows)


def long_table(long: LongConversation) -> str:
    """The early and the late turns of one conversation."""
    times = ratio(long.turn400_cpu_ms, long.turn4_cpu_ms)
    rows = [
        ["one long conversation", "CPU ms/turn"],
        ["around turn 4", f"{long.turn4_cpu_ms:.1f}"],
        ["around turn 400", f"{long.turn400_cpu_ms:.1f}"],
        ["turn 400 divided by turn 4", f"{times:.2f}"],
        ["bytes of the tracker in Redis", str(long.redis_key_bytes)],
    ]
    return lines_up(rows)


def lines_up(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table: the first is its head, numbers stand on the right."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    written = []
    for row in (rows[0], rule, *rows[1:]):
        cells = [row[0].ljust(widths[0])]
        cells += [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        written.append(f"| {' | '.join(cells)} |")
    return "\n".join(written)
