"""`bin/fuzz`: every parser, or those named, for some seconds each.

With atheris, new inputs are chosen by which code they reach, each parser in a process of its own;
without it, and for what runs in the engine's Python, they are drawn as in the build, and others
each time. What fails is written to `var/fuzz/`: mend it, and keep the file in
`tests/fuzz/found/<parser>/`.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, find, settings
from hypothesis.errors import NoSuchExample

ROOT: Final = Path(__file__).parents[2]
MODULES: Final = ("conversations", "files", "octets", "registry", "staff", "texts", "webhooks")
# Of these the code is followed; the rest is libraries'.
_OURS: Final = ["actions", "channels", "console", "core", "locales", "supply", "transcripts"]
_AT_ONCE: Final = 200


def main(arguments: Sequence[str] | None = None) -> int:
    """0 where nothing failed, 1 where something did."""
    parser = argparse.ArgumentParser(prog="bin/fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=30, help="for each parser")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    parser.add_argument("parser", nargs="*", help="which; none: all")
    given = parser.parse_args(arguments)
    has_atheris = find_spec("atheris") is not None
    if given.only:
        return _guided(given.only, given.seconds)
    names = given.parser or sorted(_targets())
    followed = _followed()
    failed = []
    for name in names:
        print(f"{name}: {given.seconds} s", flush=True)
        if has_atheris and name in followed:
            command = [sys.executable, "-m", "tests.fuzz", "--only", name]
            command += ["--seconds", str(given.seconds)]
            ended = subprocess.run(command, cwd=ROOT, check=False).returncode
        else:
            ended = _drawn(name, given.seconds)
        failed += [name] if ended else []
    print(f"failed: {', '.join(failed)}" if failed else "nothing failed")
    return 1 if failed else 0


def _targets() -> list[str]:
    for module in MODULES:
        __import__(f"tests.fuzz.{module}")
    from tests.fuzz.target import TARGETS

    return list(TARGETS)


def _followed() -> set[str]:
    """The parsers that atheris can follow."""
    _targets()
    from tests.fuzz.target import TARGETS

    return {name for name, one in TARGETS.items() if one.followed}


def _folder(name: str) -> Path:
    folder = ROOT / "var" / "fuzz" / name
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    return folder


def _guided(name: str, seconds: int) -> int:
    import atheris

    with atheris.instrument_imports(include=_OURS):
        _targets()
    from tests.fuzz.target import TARGETS

    one, folder = TARGETS[name], _folder(name)
    for number, seed in enumerate(one.seeds):
        (folder / "corpus" / f"seed-{number}").write_bytes(seed)
    options = [f"-max_total_time={seconds}", f"-artifact_prefix={folder}/", "-verbosity=0"]
    atheris.Setup(["bin/fuzz", *options, str(folder / "corpus")], one.feed)
    atheris.Fuzz()
    return 0


def _drawn(name: str, seconds: int) -> int:
    _targets()
    from tests.fuzz.mutation import mutated
    from tests.fuzz.target import TARGETS

    one, until = TARGETS[name], time.monotonic() + seconds
    drawn = settings(
        max_examples=_AT_ONCE,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    def fails(data: bytes) -> bool:
        try:
            one.feed(data)
        except (Exception, RecursionError):  # noqa: BLE001  whatever it is, it is what is looked for
            return True
        return False

    while time.monotonic() < until:
        try:
            found = find(mutated(one.seeds), fails, settings=drawn)
        except NoSuchExample:
            continue
        path = _folder(name) / f"found-{os.getpid()}"
        path.write_bytes(found)
        print(f"  fails on {path}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
