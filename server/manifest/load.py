"""A manifest from a file or from bytes."""

from pathlib import Path

from server.manifest.document import Manifest, ManifestError, Problem
from server.manifest.normal import normal
from server.manifest.reader import read


def load(source: Path | bytes, name: str = "manifest") -> Manifest:
    """Read YAML or JSON; raises ManifestError when it is neither. What it means is `problems`' to judge."""
    if isinstance(source, Path):
        name = source.name
        try:
            source = source.read_bytes()
        except OSError as error:
            raise ManifestError([Problem("", error.strerror or "cannot be read")], name) from None
    data, lines = read(source, name)
    if not isinstance(data, dict):
        raise ManifestError([Problem("", "must be a mapping with qryvanta, app and entities", 1)], name)
    return Manifest(normal(data), name, lines)
