"""What a person at the terminal reads when the house is up."""

from __future__ import annotations

from typing import Any


def announcement(run: dict[str, Any]) -> str:
    """Compose the addresses and the demo people from what run.json holds."""
    kinds: dict[str, list[dict[str, Any]]] = {}
    for channel in run["channels"].values():
        kinds.setdefault(channel["kind"], []).append(channel)
    reached = "   ".join(f"{kind} {ones[0]['address']}" for kind, ones in kinds.items())
    lines = [
        "",
        "  Everything is up. Ctrl-C stops it.",
        "",
        f"  Phone      {run['phone']}   (or bin/talk, in a terminal)",
        f"  Door       {run['door']}   {reached}",
        f"  Registry   {run['registry']}",
        f"  Console    {run['console']}",
        "",
        "  Demo people",
        f"  {'IDCS':<12}{'born':<12}{'phone':<15}{'speaks':<8}",
    ]
    for citizen in run["citizens"]:
        lines.append(
            f"  {citizen['idcs']:<12}{citizen['birth_date']:<12}{citizen['phone'] or '-':<15}"
            f"{citizen['language']:<8}{citizen['summary']}"
        )
    lines += ["", "  Demo staff, with the password " + run["staff"][0]["password"]]
    lines += [f"  {one['email']:<28}{one['role']}" for one in run["staff"]]
    return "\n".join([*lines, ""])
