"""What one thread frees another gets: a process of many threads does not grow by their number."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

# Sixteen threads allocate at the same time; then the C library tells the regions it has.
_THREADS = """
import ctypes, sys, threading
from core.allocating import keep_little

if sys.argv[1] == "little":
    keep_little()
together = threading.Barrier(16)

def allocate():
    together.wait()
    kept = [bytes(600 + number) for number in range(1000)]
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
c = ctypes.CDLL(None)
c.fdopen.restype = ctypes.c_void_p
out = c.fdopen(1, b"w")
c.malloc_info(0, ctypes.c_void_p(out))
c.fflush(ctypes.c_void_p(out))
"""


def regions(how: str) -> int:
    """How many regions a process of sixteen threads allocates from."""
    command = [sys.executable, "-c", _THREADS, how]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return told.stdout.count("<heap nr=")


@pytest.mark.skipif(not hasattr(ctypes.CDLL(None), "malloc_info"), reason="not glibc")
def test_many_threads_allocate_from_two_regions() -> None:
    assert 2 == regions("little")
    assert regions("as ever") > 2
