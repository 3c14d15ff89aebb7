"""The model of the release before knows a slot more, and is else the same."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import yaml

from sandbox.hosts.earlier import with_further_slot

DOMAIN = "components/domain_provider/domain.yml"


def packed(path: Path, **files: bytes) -> None:
    with tarfile.open(path, "w:gz") as archive:
        for name, value in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(value)
            archive.addfile(member, io.BytesIO(value))


def unpacked(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        opened = {one.name: archive.extractfile(one) for one in archive.getmembers()}
        return {name: content.read() for name, content in opened.items() if content}


def test_the_earlier_model_has_a_slot_that_the_later_one_does_not_know(tmp_path: Path) -> None:
    domain = yaml.safe_dump({"slots": {"language": {"type": "text", "mappings": []}}}).encode()
    packed(tmp_path / "now", **{DOMAIN: domain, "metadata.json": b"{}"})
    with_further_slot(tmp_path / "now", tmp_path / "before")
    made = unpacked(tmp_path / "before")

    assert b"{}" == made["metadata.json"]
    assert {"language", "of_the_release_before"} == set(yaml.safe_load(made[DOMAIN])["slots"])
