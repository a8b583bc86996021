"""/api/{app}: the API of an app as the caller may use it, in OpenAPI 3.1."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.model import App, Entity, Rights
from server.routes.openapi_path import Document, collection, content, record
from server.routes.openapi_schema import changes, new_record, readable
from server.routes.openapi_word import ERRORS, PARAMETERS, SECURITY
from server.routes.visit import enter


async def index(request: Request) -> Response:
    """GET, HEAD: entities and columns on which the caller has no right are not in it."""
    app, actor = enter(request)
    catalogue = request.app.state.catalogue
    rights: dict[str, Rights] = {}
    for entity in app.entities:
        known = catalogue.known_rights(app, entity, actor.role)
        rights[entity.name] = known or await catalogue.load_rights(app, entity, actor.role)
    return JSONResponse(document(app, rights))


def document(app: App, rights: dict[str, Rights]) -> Document:
    """The description of an app for somebody with these rights on its entities."""
    entities = [entity for entity in app.entities if not rights[entity.name].none]
    paths: Document = {}
    schemas: Document = {}
    for entity in entities:
        paths[f"/{entity.name}"] = collection(entity, rights[entity.name])
        paths[f"/{entity.name}/{{id}}"] = record(entity, rights[entity.name])
        for field in entity.fields:
            if field.is_file:
                paths[f"/{entity.name}/{{id}}/{field.name}"] = content(entity, field, rights[entity.name])
        schemas |= _schemas(entity, rights[entity.name])
    return {
        "openapi": "3.1.0",
        "info": _info(app),
        "servers": [{"url": f"/api/{app.name}"}],
        "security": [{"bearer": []}],
        "tags": [{"name": entity.name, "description": entity.plural} for entity in entities],
        "paths": {path: item for path, item in paths.items() if item},
        "components": {
            "schemas": {**schemas, "error": ERRORS["schema"]},
            "responses": {"refused": ERRORS["response"]},
            "parameters": PARAMETERS,
            "securitySchemes": {"bearer": SECURITY},
        },
    }


def _info(app: App) -> Document:
    described = {"description": app.description} if app.description else {}
    return {"title": app.label, "version": str(app.version), **described}


def _schemas(entity: Entity, rights: Rights) -> Document:
    made = {
        entity.name: readable(entity, rights) if rights.readable else None,
        f"{entity.name}.new": new_record(entity, rights) if rights.insertable else None,
        f"{entity.name}.change": changes(entity, rights) if rights.updatable else None,
    }
    return {name: schema for name, schema in made.items() if schema}
