"""Leave out what serving never uses, though it is installed for training.

Rasa imports its web server, its terminal, its scheduler, every store and broker, SciPy and
scikit-learn as it is imported itself. The engine calls none of that: more than half of what
importing takes in memory and in time.
"""

from __future__ import annotations

import importlib.machinery
import sys
import types
from collections.abc import Sequence
from itertools import accumulate

from components.absent_modules import AbsentModules

IDLE = frozenset(
    {
        *("sklearn", "scipy", "dask"),
        *("prompt_toolkit", "questionary", "terminaltables"),
        *("sanic", "socketio", "aiormq", "apscheduler", "jwt", "sqlalchemy"),
    }
)


class IdleModules(AbsentModules):
    """Finds placeholders for the modules in IDLE and everything below them."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Answer for those alone; what is installed is found for all others."""
        if IDLE.isdisjoint(accumulate(fullname.split("."), "{}.{}".format)):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)


def leave_out_idle_modules() -> None:
    """Put the finder first on the import path. Call it before the first import of Rasa.

    For a process that serves a model, and neither trains one nor talks to a terminal.
    """
    sys.meta_path.insert(0, IdleModules())
