"""Every component in every state, for developers and for the tests of the look; not there in production."""

from types import SimpleNamespace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.screens.formatting import TONES
from server.screens.render import render

CHOICES = [
    SimpleNamespace(value=label.lower(), label=label, tone=tone)
    for label, tone in (("Open", "gray"), ("In progress", "blue"), ("Shipped", "green"), ("Late", "red"))
]
NAVIGATION = {
    "app": {"label": "Northwind Traders", "icon": "store", "href": "/a/northwind"},
    "apps": [{"label": "Northwind Traders", "icon": "store", "href": "/a/northwind", "current": True}],
    "groups": [
        {"label": "", "links": [{"label": "Home", "href": "/", "icon": "house"}]},
        {
            "label": "Sales",
            "links": [
                {"label": "Orders", "href": "#", "icon": "shopping-cart", "count": "830", "current": True},
                {"label": "Customers", "href": "#", "icon": "building-2"},
                {"label": "Products", "href": "#", "icon": "package"},
            ],
        },
    ],
    "account": {"name": "Mara Lind", "detail": "Owner"},
}


async def show(request: Request) -> Response:
    """GET /_ui, while the application says that it is developed on."""
    if not getattr(request.app.state, "development", False):
        raise HTTPException(404)
    return render(request, "showcase/show.html", **samples())


def samples() -> dict[str, Any]:
    """What the page shows; tests render the same."""
    return {
        "navigation": NAVIGATION,
        "tones": TONES,
        "inputs": [{**entry, "field": sample_field(**entry["field"])} for entry in INPUTS],
        "columns": [sample_field(**each) for each in COLUMNS],
        "rows": ROWS,
        "title_field": sample_field(name="order", type="text", label="Order"),
        "status_field": sample_field(name="status", type="choice", label="Status"),
        "freight_field": sample_field(name="freight", type="money", label="Freight", currency="EUR"),
    }


def sample_field(**given: Any) -> SimpleNamespace:
    """A field as the published model describes one."""
    defaults = dict.fromkeys(
        ("description", "help", "format", "length", "pattern", "min", "max", "scale", "currency")
    )
    conditions = dict.fromkeys(("required_when", "transitions", "initial"))
    flags = {"accept": (), "required": False, "readonly": False, "multiline": False, "computed": False}
    return SimpleNamespace(**{**defaults, **conditions, **flags, "choices": CHOICES, **given})


LONG = "Route de Lausanne 12\nVevey"
RICH = '<p>Call <b>before</b> delivery; <a href="https://example.org">map</a>.</p><ul><li>Gate 2</li></ul>'
INPUTS: list[dict[str, Any]] = [
    {"field": {"name": "title", "type": "text", "label": "Title", "required": True}, "value": "Ernst Handel"},
    {
        "field": {"name": "mail", "type": "text", "label": "Email", "format": "email"},
        "value": "a@example.org",
    },
    {
        "field": {"name": "customer", "type": "lookup", "label": "Customer", "required": True},
        "value": "7",
        "title": "Ernst Handel",
        "options": [{"value": "7", "label": "Ernst Handel"}, {"value": "8", "label": "Frankenversand"}],
        "href": "#",
    },
    {
        "field": {"name": "employee", "type": "user", "label": "Employee"},
        "value": "9",
        "title": "Nancy Davolio",
    },
    {"field": {"name": "status", "type": "choice", "label": "Status"}, "value": "in progress"},
    {"field": {"name": "marks", "type": "multichoice", "label": "Marks"}, "value": ["open", "late"]},
    {
        "field": {"name": "quantity", "type": "integer", "label": "Quantity", "help": "Units on the order"},
        "value": 12,
    },
    {
        "field": {"name": "freight", "type": "money", "label": "Freight", "currency": "EUR"},
        "value": "32.3800",
    },
    {"field": {"name": "discount", "type": "percent", "label": "Discount"}, "value": "0.15"},
    {"field": {"name": "ordered_on", "type": "date", "label": "Ordered on"}, "value": "1996-07-04"},
    {"field": {"name": "opens_at", "type": "time", "label": "Opens at"}, "value": "08:30:00"},
    {
        "field": {"name": "seen_at", "type": "timestamp", "label": "Seen at"},
        "value": "2026-11-22T17:00:00+00:00",
    },
    {"field": {"name": "effort", "type": "duration", "label": "Effort"}, "value": "01:30:00"},
    {
        "field": {"name": "discontinued", "type": "boolean", "label": "Discontinued", "required": True},
        "value": True,
    },
    {"field": {"name": "insured", "type": "boolean", "label": "Insured"}, "value": None},
    {"field": {"name": "number", "type": "autonumber", "label": "Number"}, "value": "INV-2026-00042"},
    {
        "field": {"name": "total", "type": "decimal", "label": "Total", "computed": True, "scale": 2},
        "value": "4286.5",
    },
    {
        "field": {"name": "shipped_on", "type": "date", "label": "Shipped on"},
        "value": "1996-07-01",
        "errors": ["An order cannot ship before it was placed"],
    },
    {"field": {"name": "address", "type": "text", "label": "Address", "multiline": True}, "value": LONG},
    {"field": {"name": "extra", "type": "json", "label": "Extra"}, "value": {"gift": True}},
    {"field": {"name": "notes", "type": "richtext", "label": "Notes"}, "value": RICH},
    {
        "field": {"name": "scan", "type": "file", "label": "Scan"},
        "value": "1",
        "title": "scan.pdf (12 kB)",
        "href": "#",
    },
    {"field": {"name": "place", "type": "geopoint", "label": "Place"}, "value": "47.3769, 8.5417"},
]
COLUMNS: list[dict[str, Any]] = [
    {"name": "status", "type": "choice", "label": "Status", "place": "status"},
    {"name": "customer", "type": "lookup", "label": "Customer", "place": "owner"},
    {"name": "employee", "type": "user", "label": "Employee", "place": ""},
    {"name": "ordered_on", "type": "date", "label": "Ordered on", "place": "side"},
    {"name": "freight", "type": "money", "label": "Freight", "place": "", "currency": None},
    {"name": "insured", "type": "boolean", "label": "Insured", "place": ""},
]
ROWS: list[dict[str, Any]] = [
    {
        "id": number,
        "title": f"Order {number}",
        "values": [status, "7", "9", f"1996-07-{day:02}", freight, insured],
        "titles": ["", customer, employee, "", "", ""],
    }
    for number, status, customer, employee, day, freight, insured in (
        (10248, "shipped", "Vins et alcools Chevalier", "Steven Buchanan", 4, "32.38", True),
        (10249, "shipped", "Toms Spezialitäten", "Michael Suyama", 5, "11.61", False),
        (10250, "in progress", "Hanari Carnes", "Margaret Peacock", 8, "65.83", None),
        (10251, "late", "Victuailles en stock", "Janet Leverling", 8, "41.34", True),
        (10252, "open", "Suprêmes délices", "Margaret Peacock", 9, "51.30", None),
    )
]

ROUTES = [Route("/_ui", show, name="showcase")]
