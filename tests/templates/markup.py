"""What is wrong with a page, by the rules that every page keeps. `faults(html)` is empty for a good one."""

import re
from collections import Counter
from html.parser import HTMLParser

from server.screens.formatting import TONES
from server.screens.render import icon_names

CONTROLS = {"input", "select", "textarea"}
REFERENCES = (
    "aria-controls",
    "aria-describedby",
    "aria-labelledby",
    "commandfor",
    "for",
    "form",
    "popovertarget",
)
Element = tuple[str, dict[str, str]]


class Page(HTMLParser):
    """The elements of a page in order, each with the labels that surround it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.in_label: list[Element] = []
        self.open_labels = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = tag, {name: value or "" for name, value in attrs}
        self.elements.append(element)
        self.open_labels += tag == "label"
        if self.open_labels:
            self.in_label.append(element)

    def handle_endtag(self, tag: str) -> None:
        self.open_labels -= tag == "label"


def faults(html: str) -> list[str]:
    """Every broken rule in words."""
    page = Page(html)
    return [*refused(page), *ambiguous(page), *dangling(page), *unlabelled(page), *unknown(page)]


def refused(page: Page) -> list[str]:
    """What the Content-Security-Policy refuses, loudly or silently."""
    found = []
    for tag, attributes in page.elements:
        where = f"<{tag} {attributes}>"
        if tag == "script" and not attributes.get("src"):
            found.append(f"script without src: {where}")
        if tag == "style":
            found.append("a style element")
        for name, value in attributes.items():
            if name == "style" or re.fullmatch(r"on[a-z]+", name) or name.startswith("hx-on"):
                found.append(f"{name} on {where}")
            if name in ("hx-vals", "hx-confirm") and value.strip().startswith(("js:", "javascript:")):
                found.append(f"script in {name} on {where}")
            if name.startswith("hx-trigger") and "[" in value:
                found.append(f"filter in hx-trigger on {where}")
            if name in ("href", "action", "src") and value.strip().lower().startswith("javascript:"):
                found.append(f"script in {name} on {where}")
    return found


def ambiguous(page: Page) -> list[str]:
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    return [f"id {name} stands {count} times" for name, count in ids.items() if count > 1]


def dangling(page: Page) -> list[str]:
    """References to elements that are not there."""
    ids = {attributes.get("id") for _, attributes in page.elements}
    return [
        f"{name}={target} leads nowhere"
        for tag, attributes in page.elements
        for name in REFERENCES
        for target in attributes.get(name, "").split()
        if target not in ids
    ]


def unlabelled(page: Page) -> list[str]:
    """Controls without a name, and buttons whose icon nobody explains."""
    labelled = {attributes.get("for") for tag, attributes in page.elements if tag == "label"}
    return [
        f"no label: <{tag} {attributes}>"
        for tag, attributes in page.elements
        if tag in CONTROLS
        and attributes.get("type") != "hidden"
        and attributes.get("id") not in labelled
        and not attributes.keys() & {"aria-label", "aria-labelledby"}
        and (tag, attributes) not in page.in_label
    ]


def unknown(page: Page) -> list[str]:
    """Icons that the sprite lacks, tones that have no colour."""
    found = []
    for tag, attributes in page.elements:
        if tag == "use" and attributes["href"].partition("#")[2] not in icon_names():
            found.append(f"no icon {attributes['href']}")
        for name in re.findall(r"\btone-([\w-]+)", attributes.get("class", "")):
            if name not in TONES:
                found.append(f"no tone {name}")
    return found
