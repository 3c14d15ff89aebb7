"""`bin/docs`: the handbook as a site of files, every warning an error, nothing from outside."""

from __future__ import annotations

import argparse
import functools
import http.server
import shutil
import sys
from pathlib import Path
from typing import Final

from sphinx.cmd.build import main as sphinx

from handbook.outside import loaded_from_outside
from handbook.pages import stale, write
from sandbox.house.layout import ROOT

_FRONT: Final = """\
<!doctype html><meta charset="utf-8"><title>Twiza</title>
<meta http-equiv="refresh" content="0; url=docs/index.html"><a href="docs/index.html">Twiza</a>
"""


def main() -> int:
    """Make the site; 1 where something is wrong with it."""
    parser = argparse.ArgumentParser(prog="bin/docs", description=__doc__)
    parser.add_argument("--into", type=Path, default=ROOT / "var/site", metavar="FOLDER")
    parser.add_argument("--serve", nargs="?", type=int, const=8020, metavar="PORT")
    parser.add_argument("--write", action="store_true", help="write the pages that the code writes")
    given = parser.parse_args()
    if given.write:
        for page in write():
            print(f"written: {page.relative_to(ROOT)}")
        return 0
    if old := stale():
        names = ", ".join(str(page.relative_to(ROOT)) for page in old)
        print(f"bin/docs: {names} is not what the code says now: bin/docs --write", file=sys.stderr)
        return 1
    if not build(given.into):
        return 1
    if given.serve:
        _serve(given.into, given.serve)
    return 0


def build(folder: Path) -> bool:
    """Make the site in a folder; false where Sphinx warned or a page loads from outside."""
    shutil.rmtree(folder, ignore_errors=True)
    doctrees = folder.with_name(f"{folder.name}.doctrees")
    places = ["-c", str(ROOT / "handbook"), "-d", str(doctrees)]
    if sphinx(["-b", "html", "-q", "-E", "-W", "--keep-going", *places, str(ROOT), str(folder)]):
        return False
    (folder / "index.html").write_text(_FRONT, encoding="utf-8")
    outside = loaded_from_outside(folder)
    for page, address in outside:
        print(f"bin/docs: {page} loads {address}", file=sys.stderr)
    print(f"{folder / 'index.html'}")
    return not outside


def _serve(folder: Path, port: int) -> None:
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(folder))
    print(f"http://127.0.0.1:{port}/  Ctrl-C stops it", flush=True)
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    sys.exit(main())
