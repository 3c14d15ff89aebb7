"""The task in which the worker carries out what a citizen asked for about their data."""

from __future__ import annotations

from typing import Final

# Its argument: request, person_key, number_key.
CARRY_OUT: Final = "worker.rights.carry_out"
