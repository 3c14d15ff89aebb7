"""Start one of the compared systems as bin/run starts the service: `python -m benchmarks.house`.

Every system has its own folder, ports and Redis. What answers the gateway always runs under the
door's gunicorn settings, threads and log level; a menu and a constant under gunicorn's own worker,
as whoever writes them by hand would run them, and the door under the service's (core/staying.py).
"""

from __future__ import annotations

import argparse
import signal
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks.full import environment, model
from sandbox.house.health import answers_at
from sandbox.house.layout import ROOT, Layout
from sandbox.house.process import GTHREAD, Process
from sandbox.house.processes import process_table
from sandbox.house.run_file import channels, write_json
from sandbox.house.secret_files import SecretFiles
from sandbox.house.supervisor import StartFailed, Supervisor

# TensorFlow and its models take their time to load.
_ENGINE_SECONDS = 400.0
_STOCK = Path(__file__).parent.relative_to(ROOT) / "stock"


def stock_rule(layout: Layout, rows: dict[str, Process]) -> list[Process]:
    """The whole service around Rasa's own server with Rasa's own stores."""
    return _stock(layout, rows, ROOT / "bot/.venv/bin/python", ROOT / "models/twiza.tar.gz")


def stock_diet(layout: Layout, rows: dict[str, Process]) -> list[Process]:
    """The same with Rasa's default pipeline and policies, in Rasa's whole environment."""
    return _stock(layout, rows, environment.python(), model.FILE)


def _stock(layout: Layout, rows: dict[str, Process], python: Path, trained: Path) -> list[Process]:
    command = [str(python), "bot/main.py", "run", "--model", str(trained)]
    command += ["--endpoints", f"{_STOCK}/endpoints.yml"]
    command += ["--credentials", f"{_STOCK}/credentials.yml", "--interface", "127.0.0.1"]
    command += ["--port", str(layout.port("engine"))]
    place = {"STOCK_REDIS_HOST": "127.0.0.1", "STOCK_REDIS_PORT": str(layout.port("redis"))}
    engine = replace(
        rows["engine"],
        command=tuple(command),
        health=answers_at(layout.url("engine")),
        settings={**rows["engine"].settings, **place, "STOCK_REDIS_DB": "2"},
        within=_ENGINE_SECONDS,
    )
    return list((rows | {"engine": engine}).values())


def hand_menu(layout: Layout, rows: dict[str, Process]) -> list[Process]:
    """A menu written by hand, with its Redis and the registry."""
    settings = {**rows["actions"].settings, **rows["door"].settings}
    menu = _instead_of_door(rows["door"], "benchmarks.hand_menu")
    menu = replace(menu, name="menu", settings=settings, after=("redis", "registry", "catalogs"))
    return [rows["redis"], rows["catalogs"], rows["registry"], menu]


def constant(layout: Layout, rows: dict[str, Process]) -> list[Process]:
    """A handler that always says the same."""
    return [replace(_instead_of_door(rows["door"], "benchmarks.constant"), name="constant")]


TABLES = {
    "stock_rule": stock_rule,
    "stock_diet": stock_diet,
    "hand_menu": hand_menu,
    "constant": constant,
}


def main() -> int:
    """Keep a system up until SIGTERM; run.json in its folder says that it is ready."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.house", description=__doc__)
    parser.add_argument("system", choices=TABLES)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--ports-from", type=int, required=True)
    given = parser.parse_args()
    layout = Layout(given.data, given.ports_from)
    secrets = SecretFiles(layout.data / "secrets")
    described = channels(layout, secrets)
    write_json(layout.channels_file, described)
    rows = {process.name: process for process in process_table(layout, secrets)}
    supervisor = Supervisor(TABLES[given.system](layout, rows), layout, _say)

    def ask_to_stop(*_: object) -> None:
        supervisor.stop_asked = True

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, ask_to_stop)
    try:
        if supervisor.start():
            write_json(layout.run_file, {"channels": described})
            supervisor.watch()
    except StartFailed as failure:
        _say(str(failure))
        return 1
    finally:
        supervisor.stop()
    return 0


def _instead_of_door(door: Process, module: str) -> Process:
    command = tuple(part.replace("channels.app:", f"{module}:") for part in door.command)
    if command == door.command:
        raise RuntimeError("the door is no longer started as channels.app")
    return replace(door, command=(*command, *GTHREAD), settings={}, after=())


def _say(sentence: str) -> None:
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main())
