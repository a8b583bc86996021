"""Pages from the templates in `web/templates`, with the headers that every page carries.

Every component of `web/templates/ui/` is at hand in every template as `ui.<name>(…)`; no import is needed.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.screens import formatting, static

TEMPLATES = Path(__file__).parents[2] / "web" / "templates"
THEMES = ("light", "dark")
DENSITIES = ("compact", "touch")
# Handlers and styles in attributes are what the policy below refuses; they are refused here already.
ATTRIBUTE = re.compile(r"(?!on|style)[a-z][a-z:0-9-]*")

SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'none'; worker-src 'self'; "
        "manifest-src 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def render(request: Request, template: str, status: int = 200, **context: Any) -> Response:
    """The page that `template` makes of `context`.

    Always at hand: `request`, `status`, `theme` and `density` (from cookies, else empty), `csrf`.
    """
    defaults = {
        "request": request,
        "status": status,
        "theme": preference(request, "theme", THEMES),
        "density": preference(request, "density", DENSITIES),
        "csrf": getattr(request.state, "csrf", None) or "",
        "navigation": None,
        "flash": (),
    }
    html = environment().get_template(template).render({**defaults, **context})
    return HTMLResponse(html, status, headers=SECURITY_HEADERS)


def preference(request: Request, cookie: str, known: tuple[str, ...]) -> str:
    value = request.cookies.get(cookie, "")
    return value if value in known else ""


@cache
def environment() -> Environment:
    """The templates; an unknown name in one of them is an error, not an empty text."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        # A running release keeps the templates that it was started with.
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(formatting.FILTERS, attributes=attributes)
    made.globals.update(static=static.address, icon_names=icon_names())
    made.globals["ui"] = components(made)
    return made


def attributes(values: Mapping[str, Any]) -> Markup:
    """HTML attributes, each with a space before it: True is the bare name, False and None are left out."""
    written = Markup()
    for name, value in values.items():
        if not ATTRIBUTE.fullmatch(name):
            raise ValueError(f"{name!r} is no attribute that a template may set")
        if value is True:
            written += Markup(f" {name}")
        elif value is not None and value is not False:
            written += Markup(f' {name}="{escape(value)}"')
    return written


def components(environment: Environment) -> SimpleNamespace:
    """Every macro of `ui/*.html`, by its own name."""
    ui = SimpleNamespace()
    # Macros call each other through this namespace, so it exists before the first of them is read.
    environment.globals["ui"] = ui
    for name in sorted(environment.list_templates(filter_func=lambda name: name.startswith("ui/"))):
        module = environment.get_template(name).module
        vars(ui).update({macro: value for macro, value in vars(module).items() if not macro.startswith("_")})
    return ui


def icon_names() -> frozenset[str]:
    sprite = static.tree().files["vendor/lucide/icons.svg"].content.decode()
    return frozenset(re.findall(r'<symbol id="([\w-]+)"', sprite))
