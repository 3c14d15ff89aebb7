"""A process as its container would run it: an image's tree, nobody's rights, nothing to write to.

Linux lets root give a process a root of its own (unshare, chroot) and take everything else away
(setpriv). The root is the image's tree over the programs of this machine, all of it mounted
read-only, with /tmp, /dev/shm and, where one is given, a data folder to write to. Another network
it does not have: what listens takes a port of this machine.
"""

from __future__ import annotations

import os
import platform
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

USER: Final = 10001
_SHIPPED: Final = ("usr", "lib", "lib32", "lib64", "bin", "sbin", "etc")
_DEVICES: Final = ("null", "zero", "random", "urandom")


def why_not() -> str:
    """Why this machine cannot do it; nothing where it can."""
    if platform.system() != "Linux" or os.geteuid() != 0:
        return "only root on Linux gives a process a root of its own"
    for program in ("unshare", "setpriv", "chroot", "mount"):
        if shutil.which(program) is None:
            return f"{program} is not installed"
    tried = subprocess.run(
        ["unshare", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if tried.returncode == 0 else f"this machine forbids it: {tried.stderr.strip()}"


@dataclass(frozen=True)
class Python:
    """An interpreter with its packages: where it is installed, and where they are."""

    base: Path
    version: str
    packages: Path

    @classmethod
    def of(cls, program: Path) -> Python:
        """The one that a virtual environment's program runs."""
        ask = "import sys, sysconfig as c; print(sys.base_prefix)"
        ask += "; print('%d.%d' % sys.version_info[:2])"
        told = subprocess.run(
            [program, "-c", f"{ask}; print(c.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.split()
        return cls(Path(told[0]), told[1], Path(told[2]))

    @property
    def place(self) -> str:
        """Where it stands in the pod: as in the official images, unless it is the system's own."""
        return "/usr" if self.base == Path("/usr") else "/usr/local"

    def mounts(self, root: Path) -> list[str]:
        """The commands that put it there, with a virtual environment at /opt/twiza."""
        site = f"{root}/opt/twiza/lib/python{self.version}/site-packages"
        made = [f"mkdir -p {site} {root}/opt/twiza/bin", f"mount --bind {self.packages} {site}"]
        made += [f"ln -s {self.place}/bin/python{self.version} {root}/opt/twiza/bin/python"]
        made += [f"echo 'home = {self.place}/bin' > {root}/opt/twiza/pyvenv.cfg"]
        if self.place == "/usr/local" and self.base != Path("/usr/local"):
            made += [f"mount --bind {self.base} {root}/usr/local"]
        return made


@dataclass
class Pod:
    """What runs in it: a tree, an interpreter, its environment, secrets, perhaps a data folder."""

    tree: Path
    python: Python
    environment: Mapping[str, str]
    folder: Path
    secrets: Path | None = None
    data: Path | None = None
    running: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def log(self) -> str:
        """What it wrote so far."""
        return (self.folder / "log").read_text(encoding="utf-8", errors="replace")

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """Run a command in it; the process that is returned is the command itself."""
        self.folder.mkdir(parents=True, exist_ok=True)
        root = self.folder / "root"
        root.mkdir(exist_ok=True)
        # Elsewhere than where it was installed, its library is found as in the official images.
        libraries = {"LD_LIBRARY_PATH": f"{self.python.place}/lib"}
        given = [f"{name}={value}" for name, value in (libraries | dict(self.environment)).items()]
        script = "set -e\n" + "\n".join(self._mounts(root)) + '\nexec chroot "$0" "$@"\n'
        dropped = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"]
        dropped += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
        inside = [*dropped, "env", "-i", "--chdir=/srv/twiza", *given, *command]
        with (self.folder / "log").open("wb") as log:
            self.running = subprocess.Popen(
                ["unshare", "--mount", "sh", "-c", script, str(root), *inside],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        return self.running

    def run(self, *command: str, seconds: float = 120) -> str:
        """Run a command to its end; what it wrote. Fails where it fails."""
        status = self.start(*command).wait(seconds)
        assert status == 0, self.log[-3000:]
        return self.log

    def ask_to_end(self) -> None:
        """Ask it to end, once."""
        if self.running is not None and self.running.poll() is None:
            self.running.terminate()

    def wait(self, seconds: float = 90) -> int:
        """Its status once it has ended; it is ended where it does not."""
        if self.running is None:
            return 0
        try:
            return self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            self.running.kill()
            return self.running.wait()

    def _mounts(self, root: Path) -> list[str]:
        quoted = shlex.quote(str(root))
        made = [f"mount -t tmpfs -o mode=755 tmpfs {quoted}"]
        for name in _SHIPPED:
            place = Path("/") / name
            if place.is_symlink():
                made.append(f"ln -s {place.readlink()} {quoted}/{name}")
            elif place.is_dir():
                made += [f"mkdir {quoted}/{name}", f"mount --bind /{name} {quoted}/{name}"]
        made += self.python.mounts(root)
        made += [f"mkdir -p {quoted}/{name}" for name in ("proc", "dev/shm", "tmp", "run/secrets")]
        made += [f"mkdir -p {quoted}/srv/twiza {quoted}/var/lib/twiza"]
        for name in _DEVICES:
            made += [f"touch {quoted}/dev/{name}", f"mount --bind /dev/{name} {quoted}/dev/{name}"]
        made += [f"mount --bind {self.tree}/srv/twiza {quoted}/srv/twiza"]
        if self.secrets is not None:
            made += [f"mount --bind {self.secrets} {quoted}/run/secrets"]
        # All that is mounted so far can be read, and no more.
        mounted = f"awk '$5 ~ \"^{root}/\" {{print $5}}' /proc/self/mountinfo"
        made += [f'for place in $({mounted}); do mount -o remount,bind,ro "$place"; done']
        made += [f"mount -t proc proc {quoted}/proc"]
        for name, size in (("dev/shm", "64m"), ("tmp", "128m")):
            made += [f"mount -t tmpfs -o mode=1777,size={size} tmpfs {quoted}/{name}"]
        if self.data is not None:
            made += [f"mount --bind {self.data} {quoted}/var/lib/twiza"]
        return [*made, f"mount -o remount,ro {quoted}"]


def own_python() -> Python:
    """The interpreter that runs the tests."""
    return Python.of(Path(sys.executable))
