"""The task in which the worker makes an export."""

from __future__ import annotations

from typing import Final

# Its argument: job.
MAKE_EXPORT: Final = "worker.exports.making.make"
