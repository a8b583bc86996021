"""The addresses of the screens."""

from starlette.routing import Route

from server.screens import (
    bulk,
    grid,
    home,
    notices,
    record,
    references,
    relation,
    removal,
    session,
    showcase,
    static,
)

RECORD = "/a/{app}/{entity}/{id}"

ROUTES = [
    *static.ROUTES,
    *notices.ROUTES,
    *showcase.ROUTES,
    Route("/login", session.new),
    Route("/login", session.create, methods=["POST"]),
    Route("/logout", session.destroy, methods=["POST"]),
    Route("/", home.index),
    Route("/a/{app}", home.show),
    Route("/a/{app}/{entity}", grid.index),
    Route("/a/{app}/{entity}", record.create, methods=["POST"]),
    Route("/a/{app}/{entity}/new", record.new),
    Route("/a/{app}/{entity}/delete", bulk.destroy, methods=["POST"]),
    Route("/a/{app}/{entity}/restore", bulk.restore, methods=["POST"]),
    Route("/a/{app}/{entity}/lookup/{field}", references.search),
    Route(RECORD, record.show),
    Route(RECORD, record.update, methods=["POST"]),
    Route(f"{RECORD}/delete", removal.confirm),
    Route(f"{RECORD}/delete", removal.destroy, methods=["POST"]),
    Route(f"{RECORD}/restore", removal.restore, methods=["POST"]),
    Route(f"{RECORD}/link/{{section}}", relation.link, methods=["POST"]),
    Route(f"{RECORD}/unlink/{{section}}", relation.unlink, methods=["POST"]),
]
