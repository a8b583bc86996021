"""A page as a person reads it: headings, tables, links, forms and the messages at their fields."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "br", "hr", "meta", "link", "img", "use", "col"}
SILENT = {"script", "style", "template", "svg"}


@dataclass
class Node:
    """An element with what is in it; texts are nodes with the tag ''."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    content: str = ""

    @property
    def text(self) -> str:
        """What is read, in one line."""
        return " ".join(self.pieces().split())

    def pieces(self) -> str:
        if self.tag in SILENT or self.attributes.get("aria-hidden") == "true":
            return ""
        return self.content + " ".join(child.pieces() for child in self.children)

    def all(self, tag: str, **attributes: str) -> list["Node"]:
        """The elements below with that tag and these attributes."""
        found = [child for child in self.children if child.tag == tag and child.has(attributes)]
        return found + [node for child in self.children for node in child.all(tag, **attributes)]

    def has(self, attributes: dict[str, str]) -> bool:
        wanted = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        return all(self.attributes.get(name) == value for name, value in wanted.items())

    def one(self, tag: str, **attributes: str) -> "Node":
        found = self.all(tag, **attributes)
        assert found, f"no <{tag} {attributes}> in {self.text[:300]}"
        return found[0]


class Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("html")
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag: str) -> None:
        while len(self.open) > 1 and tag not in VOID:
            if self.open.pop().tag == tag:
                return

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(Node("", content=data))


def read(html: str) -> Node:
    builder = Builder()
    builder.feed(html)
    return builder.root


def heading(page: Node) -> str:
    return page.one("h1").text


def rows(page: Node) -> list[list[str]]:
    """The cells of the grid's rows as texts."""
    return [[cell.text for cell in row.all("td")] for body in page.all("tbody")[:1] for row in body.all("tr")]


def titles(page: Node) -> list[str]:
    """What the rows of the grid are called."""
    return [link.text for body in page.all("tbody")[:1] for link in body.all("a", class_="grid__title")]


def link(page: Node, text: str) -> str:
    """The address behind the link that says `text`, or is labelled so."""
    for node in page.all("a"):
        if text in (node.text, node.attributes.get("aria-label")):
            return node.attributes["href"]
    raise AssertionError(f"no link {text!r}")


def links(page: Node) -> list[str]:
    return [node.text or node.attributes.get("aria-label", "") for node in page.all("a")]


def buttons(page: Node) -> list[str]:
    return [node.text or node.attributes.get("aria-label", "") for node in page.all("button")]


def form_values(form: Node) -> dict[str, str | list[str]]:
    """What a browser would send if nothing were changed."""
    values: dict[str, str | list[str]] = {}
    for node in form.all("input"):
        name, kind = node.attributes.get("name"), node.attributes.get("type", "text")
        ticked = kind not in ("checkbox", "radio") or "checked" in node.attributes
        if name and ticked:
            values[name] = node.attributes.get("value", "")
    for node in form.all("textarea"):
        text = "".join(child.content for child in node.children)
        values[node.attributes["name"]] = text.removeprefix("\n").replace("\n", "\r\n")
    for node in form.all("select"):
        chosen = [each.attributes["value"] for each in node.all("option") if "selected" in each.attributes]
        values[node.attributes["name"]] = (chosen or [""])[0]
    return values


def record_form(page: Node) -> Node:
    return page.one("form", id="form")


def problem_at(page: Node, name: str) -> str:
    """The message at the field of that name; empty when there is none."""
    found = page.all("span", id=f"field-{name}-error")
    return found[0].text if found else ""


def summary(page: Node) -> str:
    """The list of problems on top of the form."""
    found = page.all("div", id="form-errors")
    return found[0].text if found else ""


def messages(page: Node) -> list[str]:
    """What the last action reports."""
    return [node.text for node in page.all("span", class_="toast__text")]


def undo_form(page: Node) -> Node:
    return page.one("form", class_="toast__form")


def history(page: Node) -> list[str]:
    return [node.text for node in page.all("li", class_="timeline__entry")]
