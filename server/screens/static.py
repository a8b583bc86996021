"""Static files under an address that changes with their content, so a browser may keep them for ever.

One hash of the whole tree stands in the path: `/static/<12 hex>/styles/base.css`. Relative imports between
modules and `url()` in style sheets stay inside that prefix, so nothing has to be rewritten.
"""

import gzip
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

ROOT = Path(__file__).parents[2] / "web" / "static"
STYLES = "styles/all.css"
FOR_EVER = "public, max-age=31536000, immutable"
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True)
class StaticFile:
    """One file, held in memory, compressed once where that helps."""

    content: bytes
    compressed: bytes | None
    media_type: str


@dataclass(frozen=True)
class Tree:
    """All static files by path, and the hash that their addresses carry."""

    version: str
    files: dict[str, StaticFile]


async def show(request: Request) -> Response:
    """Serve one file; an address of an older release leads to the current one."""
    found = tree().files.get(request.path_params["path"])
    if found is None:
        raise HTTPException(404)
    if request.path_params["version"] != tree().version:
        return RedirectResponse(address(request.path_params["path"]), headers={"Cache-Control": "no-store"})
    headers = {"Cache-Control": FOR_EVER, "X-Content-Type-Options": "nosniff", "Vary": "Accept-Encoding"}
    if found.compressed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            found.compressed, headers=headers | {"Content-Encoding": "gzip"}, media_type=found.media_type
        )
    return Response(found.content, headers=headers, media_type=found.media_type)


def address(path: str) -> str:
    """The address of the static file at `path`; raises `KeyError` if there is none."""
    if path not in tree().files:
        raise KeyError(f"no static file {path}")
    return f"/static/{tree().version}/{path}"


@cache
def tree() -> Tree:
    """Read all static files; once, because a release does not change them."""
    paths = sorted(path for path in ROOT.rglob("*") if path.is_file())
    files = {path.relative_to(ROOT).as_posix(): static_file(path, path.read_bytes()) for path in paths}
    files[STYLES] = static_file(Path(STYLES), joined_styles())
    digest = sha256()
    for name, file in files.items():
        digest.update(name.encode() + b"\0" + sha256(file.content).digest())
    return Tree(digest.hexdigest()[:12], files)


def joined_styles() -> bytes:
    """All style sheets as one, the order of the layers first: forty requests cost a first visit a second."""
    sheets = sorted((ROOT / "styles").glob("*.css"), key=lambda path: (path.name != "layers.css", path.name))
    return b"\n".join(path.read_bytes() for path in sheets)


def static_file(path: Path, content: bytes) -> StaticFile:
    compressed = None if path.suffix == ".woff2" else gzip.compress(content, 9, mtime=0)
    return StaticFile(content, compressed, TYPES.get(path.suffix, "text/plain"))


ROUTES = [Route("/static/{version}/{path:path}", show, name="static")]
