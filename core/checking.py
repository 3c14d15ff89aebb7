"""The task in which the worker walks the audit's chain."""

from __future__ import annotations

from typing import Final

# Its argument: by, the account that asked, empty for the nightly check.
CHECK_AUDIT: Final = "worker.checking.check"
