"""The Compose file as Docker Compose itself reads it, merged and filled in; without an engine."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Final

from deploy.tools.programs import ROOT, programs

FILE: Final = ROOT / "deploy" / "compose.yaml"
EXAMPLE: Final = ROOT / "deploy" / "settings.env.example"


class ComposeRefused(Exception):
    """Docker Compose refused the file; the message is its own."""


def config(folder: Path, settings: str | None = None) -> dict[str, Any]:
    """The project with these settings (the example's), every profile on. Raises ComposeRefused.

    `folder` is written to: Compose looks for the settings beside its file.
    """
    copy = folder / FILE.name
    copy.write_bytes(FILE.read_bytes())
    env = folder / "settings.env"
    given = EXAMPLE.read_text(encoding="utf-8") if settings is None else settings
    env.write_text(given, encoding="utf-8")
    command = [str(programs().compose), "--file", str(copy), "--env-file", str(env)]
    command += ["--profile", "*", "config", "--format", "json"]
    # Nothing of this machine's environment fills a gap.
    done = subprocess.run(command, check=False, capture_output=True, text=True, env={})
    if done.returncode:
        raise ComposeRefused(done.stderr.strip())
    read: dict[str, Any] = json.loads(done.stdout)
    return read
