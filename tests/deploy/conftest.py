"""The images' trees, laid out once, and the environment that the image of the service holds."""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from deploy.tools.recipes import FOLDER
from tests.deploy.laid_out import lay_out
from tests.deploy.pod import Python
from tests.house.repository import ROOT

_LOCK: Final = FOLDER / "service.lock"
_KEPT: Final = ROOT / ".state" / "service-env"


@pytest.fixture(scope="session")
def service_python() -> Path:
    """An interpreter with what the lock of the service's image holds, and no more."""
    own = ROOT / ".state/uv/bin/uv"
    uv = str(own) if own.exists() else shutil.which("uv") or ""
    made_of = hashlib.sha256(_LOCK.read_bytes() + sys.executable.encode()).hexdigest()
    program, stamp = _KEPT / "env/bin/python", _KEPT / "stamp"
    _KEPT.mkdir(parents=True, exist_ok=True)
    with (_KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="ascii") != made_of:
            shutil.rmtree(_KEPT / "env", ignore_errors=True)
            base = str(Path(sys.executable).resolve())
            make = [uv, "venv", "--quiet", "--no-project", "--python", base, str(_KEPT / "env")]
            subprocess.run(make, check=True)
            sync = [uv, "pip", "sync", "--quiet", "--python", str(program), "--require-hashes"]
            subprocess.run([*sync, "--compile-bytecode", str(_LOCK)], check=True)
            stamp.write_text(made_of, encoding="ascii")
    return program


@pytest.fixture(scope="session")
def service_tree(tmp_path_factory: pytest.TempPathFactory, service_python: Path) -> Path:
    """The tree of the service's image."""
    into = tmp_path_factory.mktemp("service")
    return lay_out(FOLDER / "service.Dockerfile", into, service_python)[0]


@pytest.fixture(scope="session")
def engine_tree(tmp_path_factory: pytest.TempPathFactory, service_python: Path) -> Path:
    """The tree of the engine's image. Its catalogs are made by the service's Python, as there."""
    into = tmp_path_factory.mktemp("engine")
    return lay_out(FOLDER / "engine.Dockerfile", into, service_python)[0]


@pytest.fixture(scope="session")
def pythons(service_python: Path) -> dict[str, Python]:
    """The interpreter of each image."""
    bot = ROOT / "bot/.venv/bin/python"
    return {"service": Python.of(service_python), "engine": Python.of(bot)}
