"""Run the whole service on this machine: `bin/run`.

At a terminal it shows what it does and where everything is. `--headless` is for programs: wait for
run.json in the data folder, and stop it with SIGTERM.
"""

from __future__ import annotations

import argparse
import fcntl
import signal
import sys
from pathlib import Path

from sandbox.house.announcement import announcement
from sandbox.house.layout import PORTS, ROOT, Layout, find_taken_port
from sandbox.house.processes import process_table
from sandbox.house.redis_server import NoRedis
from sandbox.house.run_file import channels, describe, write_json
from sandbox.house.secret_files import SecretFiles
from sandbox.house.smpp_processes import SMPP_STYLES
from sandbox.house.supervisor import StartFailed, Supervisor


def say(sentence: str) -> None:
    """Print one line of progress."""
    print(f"twiza: {sentence}", file=sys.stderr, flush=True)


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="bin/run", description=__doc__)
    parser.add_argument("--headless", action="store_true", help="say little, write run.json")
    parser.add_argument("--data", type=Path, default=ROOT / "var", help="folder of all state")
    parser.add_argument(
        "--ports-from", type=int, default=8000, metavar="N", help="the door's port, others follow"
    )
    parser.add_argument(
        "--smpp",
        nargs="?",
        const="default",
        default="",
        choices=SMPP_STYLES,
        metavar="STYLE",
        help=f"a pretend SMSC and a bind to it: {', '.join(SMPP_STYLES)}",
    )
    arguments = parser.parse_args(given)
    if not 1024 <= arguments.ports_from <= 65535 - max(PORTS.values()):
        parser.error("--ports-from must be between 1024 and 65523")
    return arguments


def run(layout: Layout, is_headless: bool) -> int:
    """Start a house, keep it up until SIGTERM or Ctrl-C, stop it. Return the exit status."""
    layout.run_file.unlink(missing_ok=True)
    taken = find_taken_port(layout)
    if taken:
        say(taken)
        return 1
    secrets = SecretFiles(layout.data / "secrets")
    write_json(layout.channels_file, channels(layout, secrets))
    supervisor = Supervisor(process_table(layout, secrets), layout, say)

    def ask_to_stop(*_: object) -> None:
        supervisor.stop_asked = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        if supervisor.start():
            described = describe(layout, secrets)
            write_json(layout.run_file, described)
            if not is_headless:
                print(announcement(described), flush=True)
            supervisor.watch()
    except StartFailed as failure:
        say(str(failure))
        return 1
    finally:
        layout.run_file.unlink(missing_ok=True)
        say("stopping")
        supervisor.stop()
    say("stopped")
    return 0


def main() -> int:
    """Run the house of the command line, unless its folder is in use already."""
    arguments = read_arguments()
    data = arguments.data.resolve()
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    layout = Layout.on_this_machine(data, arguments.ports_from, arguments.smpp)
    with (data / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(
                f"{data} is in use by another run. Stop that one, or choose another folder: --data."
            )
            return 1
        try:
            return run(layout, arguments.headless)
        except NoRedis as missing:
            say(str(missing))
            return 1


if __name__ == "__main__":
    sys.exit(main())
