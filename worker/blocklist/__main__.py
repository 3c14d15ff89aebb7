"""`bin/blocklist`."""

from __future__ import annotations

import sys

from worker.blocklist.command import main

if __name__ == "__main__":
    sys.exit(main())
