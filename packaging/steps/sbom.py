"""Writes the list of parts as CycloneDX 1.5, in JSON."""

from __future__ import annotations

import json
import tomllib
import uuid
from datetime import UTC, datetime
from typing import Any

from steps.licences import Part, linked, metadata
from steps.project import ROOT, Project

# The identifiers of documents are made from this one, which is arbitrary, and from what they are of.
NAMESPACE = uuid.UUID("9a5f7c0e-2f63-4d0c-9c3e-6a3b8f0d2c11")


def checksums() -> dict[tuple[str, str], str]:
    """The SHA-256 of each crate's archive, from Cargo.lock."""
    lock = tomllib.loads((ROOT / "Cargo.lock").read_text(encoding="utf-8"))
    return {(one["name"], one["version"]): one["checksum"] for one in lock["package"] if "checksum" in one}


def sbom(project: Project, target: str, others: list[Part]) -> str:
    """The document for a target. `others` are the parts that are no crates."""
    sums = checksums()
    components: list[dict[str, Any]] = []
    dependencies = []
    references: dict[str, str] = {}
    crates = list(linked(metadata(target)))
    for package, _ in crates:
        references[package["id"]] = f"pkg:cargo/{package['name']}@{package['version']}"
    for package, below in crates:
        reference = references[package["id"]]
        on = [references[identity] for identity in below]
        if package["source"] is None:
            on += [f"part:{part.name}" for part in others]
            root = component(reference, package["name"], package["version"], package["license"], "application")
            root["purl"] = reference
        else:
            entry = component(reference, package["name"], package["version"], package["license"], "library")
            entry["purl"] = reference
            entry["hashes"] = [{"alg": "SHA-256", "content": sums[(package["name"], package["version"])]}]
            components.append(entry)
        dependencies.append({"ref": reference, "dependsOn": sorted(on)})
    for part in others:
        kind = "data" if part.name.startswith("fonts") else "library"
        components.append(component(f"part:{part.name}", part.name, part.version, part.licence, kind))
        dependencies.append({"ref": f"part:{part.name}", "dependsOn": []})
    document = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(NAMESPACE, project.stem(target))}",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(project.epoch, UTC).isoformat().replace("+00:00", "Z"),
            "component": root,
            "properties": [{"name": "target", "value": target}],
        },
        "components": components,
        "dependencies": dependencies,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def component(reference: str, name: str, version: str, licence: str | None, kind: str) -> dict[str, Any]:
    """One part. A licence that is no expression of SPDX is a name."""
    entry: dict[str, Any] = {"type": kind, "bom-ref": reference, "name": name}
    if version:
        entry["version"] = version
    if licence and "public domain" in licence:
        entry["licenses"] = [{"license": {"name": licence}}]
    elif licence:
        entry["licenses"] = [{"expression": licence.replace("/", " OR ")}]
    return entry
