"""The frame around every page: the apps, the entities of this one, the person."""

from collections.abc import Iterable
from typing import Any

from server.identity.principal import Principal
from server.model import App, Catalogue, Entity
from server.screens.access import Access

NO_ICON = "table-2"


def navigation(
    person: Principal, catalogue: Catalogue, access: Access | None = None, current: Entity | None = None
) -> dict[str, Any]:
    """What `_navigation.html` shows; without `access` one is at home, in no app."""
    app = access.app if access else None
    groups = [
        {"label": "", "links": [{"label": "Home", "href": "/", "icon": "house", "current": app is None}]}
    ]
    if access:
        links = [entity_link(access.app, each, each is current) for each in access.entities]
        groups.append({"label": access.app.label, "links": links})
    return {
        "app": app_link(app) if app else None,
        "apps": [{**app_link(each), "current": each is app} for each in open_apps(person, catalogue)],
        "groups": groups,
        "account": {"name": person.name, "detail": person.tenant_label, "links": []},
    }


def open_apps(person: Principal, catalogue: Catalogue) -> Iterable[App]:
    """The published apps in which the person may do anything, by label."""
    apps = [app for name, app in catalogue.apps.items() if name in person.actors]
    return sorted(apps, key=lambda app: app.label.casefold())


def app_link(app: App) -> dict[str, Any]:
    return {
        "label": app.label,
        "description": app.description or "",
        "icon": app.icon or "boxes",
        "href": f"/a/{app.name}",
    }


def entity_link(app: App, entity: Entity, current: bool) -> dict[str, Any]:
    return {
        "label": entity.plural,
        "href": f"/a/{app.name}/{entity.name}",
        "icon": entity.icon or NO_ICON,
        "current": current,
    }
