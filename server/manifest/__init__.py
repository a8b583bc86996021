"""The manifest: one app in one document (docs/reference/manifest.md)."""

from server.manifest.canonical import canonical, from_json, to_json
from server.manifest.check import compiled, problems, with_sql
from server.manifest.document import Manifest, ManifestError, Problem
from server.manifest.load import load
from server.manifest.schema import SCHEMA

__all__ = [
    "SCHEMA",
    "Manifest",
    "ManifestError",
    "Problem",
    "canonical",
    "compiled",
    "from_json",
    "load",
    "problems",
    "to_json",
    "with_sql",
]
