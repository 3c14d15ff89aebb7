"""The file that keys stand in: changed whole, by one at a time."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from core.environment import file_of
from core.errors import SettingsFaulty
from core.keys import Key, read_keys

NAME: Final = "TWIZA_VAULT_KEY"


def change_keys(change: Callable[[tuple[Key, ...]], tuple[Key, ...]]) -> None:
    """Put other keys into the file of the setting; its rights stay as they are.

    Raises SettingsFaulty where the setting is not read from a file, or somebody changes it now.
    """
    file = file_of(NAME)
    if file is None:
        raise SettingsFaulty([f"{NAME}_FILE: only keys that stand in a file can be changed here"])
    with _next_to(file) as (descriptor, unfinished):
        keys = change(read_keys(file.read_text(encoding="ascii"), NAME))
        os.write(descriptor, "".join(f"{key.text}\n" for key in keys).encode())
        os.fsync(descriptor)
        unfinished.replace(file)


@contextmanager
def _next_to(file: Path) -> Iterator[tuple[int, Path]]:
    unfinished = file.with_name(f".{file.name}.new")
    try:
        mode = file.stat().st_mode & 0o777
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as fault:
        raise SettingsFaulty([f"{NAME}_FILE: {unfinished.name}: {fault.strerror}"]) from None
    try:
        yield descriptor, unfinished
    finally:
        os.close(descriptor)
        unfinished.unlink(missing_ok=True)
