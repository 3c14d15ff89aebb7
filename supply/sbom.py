"""`bin/sbom`: what each environment is made of, as CycloneDX 1.6 JSON.

Versions come from the lock, licences and who needs whom from what is installed. The same lock and
the same environment give the same file: no moment, no address of an index and no path is in it.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Iterable, Sequence
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any, Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import Property
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from supply.locks import ENVIRONMENTS, LOCKS, PROJECTS, ROOT, Pin, pins_of

_LICENCES: Final = LicenseFactory()
_NO_LONGER: Final = 100
_CLASSIFIER: Final = "License :: OSI Approved :: "


def make_sbom(environment: str, root: Path = ROOT) -> str:
    """The bill of an environment, as text."""
    project = tomllib.loads((root / PROJECTS[environment]).read_text(encoding="utf-8"))["project"]
    installed = _installed(root / ENVIRONMENTS[environment])
    pins = pins_of(environment, root)
    parts: dict[str, list[Component]] = {}
    for pin in pins:
        parts.setdefault(pin.name, []).append(_component(pin, installed.get(pin.name)))
    own = Component(
        name=str(project["name"]),
        version=str(project["version"]),
        type=ComponentType.APPLICATION,
        bom_ref=str(project["name"]),
        licenses=[_LICENCES.make_from_string("Apache-2.0")],
    )
    lock = Property(name="lock", value=LOCKS[environment])
    bom = Bom(
        components=[one for several in parts.values() for one in several],
        metadata=BomMetaData(component=own, properties=[lock]),
    )
    bom.register_dependency(own, _of(project.get("dependencies", ()), parts))
    for name, several in parts.items():
        found = installed.get(name)
        for one in several:
            bom.register_dependency(one, _of((found.requires if found else None) or (), parts))
    return _without_moment(JsonV1Dot6(bom).output_as_string())


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the bills of both environments into a folder."""
    [folder] = [Path(name) for name in (sys.argv[1:] if arguments is None else arguments)]
    folder.mkdir(parents=True, exist_ok=True)
    for environment in LOCKS:
        path = folder / f"{environment}.cdx.json"
        path.write_text(make_sbom(environment), encoding="utf-8")
        print(path)
    return 0


def _component(pin: Pin, found: Distribution | None) -> Component:
    version = str(pin.version)
    marks = [Property(name="marker", value=pin.marker)] if pin.marker else []
    return Component(
        name=pin.name,
        version=version,
        bom_ref=f"{pin.name}@{version}",
        purl=PackageURL("pypi", None, pin.name, version),
        licenses=[_LICENCES.make_from_string(text) for text in _licences(found)],
        properties=marks,
    )


def _licences(found: Distribution | None) -> list[str]:
    """How a package names its licence; where it prints all of it, its classifier does."""
    if found is None:
        return []
    told = found.metadata.json
    if told.get("license_expression"):
        return [str(told["license_expression"])]
    classifiers = [str(one) for one in told.get("classifier", ())]
    named = [one.removeprefix(_CLASSIFIER) for one in classifiers if one.startswith(_CLASSIFIER)]
    text = " ".join(str(told.get("license", "")).split())
    return sorted(named) or ([text] if 0 < len(text) <= _NO_LONGER else [])


def _of(wanted: Iterable[str], parts: dict[str, list[Component]]) -> list[Component]:
    """Which parts of the environment are asked for."""
    names = set()
    for text in wanted:
        try:
            names.add(canonicalize_name(Requirement(text).name))
        except InvalidRequirement:
            # An old package's own way of writing it.
            continue
    return [one for name in sorted(names) for one in parts.get(name, ())]


def _installed(environment: Path) -> dict[str, Distribution]:
    folders = [str(path) for path in environment.glob("lib/python3*/site-packages")]
    return {canonicalize_name(one.name): one for one in distributions(path=folders)}


def _without_moment(text: str) -> str:
    bill: dict[str, Any] = json.loads(text)
    bill.pop("serialNumber", None)
    bill["metadata"].pop("timestamp", None)
    return json.dumps(bill, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    raise SystemExit(main())
