"""Third-party notices: what is shipped that others made, with its licence, read from the files themselves."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.screens.render import render

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "web" / "vendor.lock.json"
VENDOR = ROOT / "web" / "static" / "vendor"
DATA_LICENSES = "docs/examples/*/data/LICENSE.md"


@dataclass(frozen=True)
class Notice:
    """One part: its name with the version where there is one, the licence's short name and its text."""

    name: str
    license: str
    text: str


async def index(request: Request) -> Response:
    """GET /notices; open to everybody, as the licences ask."""
    return render(request, "notices/index.html", notices=notices())


@cache
def notices() -> list[Notice]:
    """The parts of the web interface by name, then the data of the examples."""
    lock: dict[str, dict[str, Any]] = json.loads(LOCK.read_text())
    parts = [
        Notice(
            name=", ".join(sorted(part["integrity"])),
            license=part["license"],
            text=(VENDOR / name / "LICENSE").read_text(),
        )
        for name, part in sorted(lock.items())
    ]
    return parts + [data_notice(path) for path in sorted(ROOT.glob(DATA_LICENSES))]


def data_notice(path: Path) -> Notice:
    example = path.parents[1].name
    text = path.read_text()
    return Notice(f"Data of the example {example}", "Ms-PL" if "Ms-PL" in text else "see text", text)


ROUTES = [Route("/notices", index, name="notices")]
