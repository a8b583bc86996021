"""/health: is the process alive, can it serve?"""

from asyncpg import InterfaceError, PostgresError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.database.session import gateway


async def live(request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """The database answers and has its schema; else 503."""
    try:
        async with gateway(request.app.state.pool, "read only") as connection:
            await connection.fetchval("select count(*) from api.published_version()")
    except PostgresError:
        return _unready("the database's schema is not deployed")
    except (InterfaceError, OSError, TimeoutError):
        return _unready("the database cannot be reached")
    return JSONResponse({"status": "ok"})


def _unready(reason: str) -> Response:
    return JSONResponse({"status": "unavailable", "reason": reason}, 503, {"Retry-After": "1"})
