"""What a grid shows: columns, filters, order, search and page, all of it in the address.

Nothing of a view is kept on the server, so an address can be shared and the back button works.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import QueryParams

PAGE_SIZE = 50
# A comma between values; one inside a value has a backslash before it.
COMMA = re.compile(r"(?<!\\),")


@dataclass(frozen=True)
class Filter:
    """One condition as it stands in the address: `field.operator.value`."""

    field: str
    operator: str
    value: str = ""

    @classmethod
    def parse(cls, text: str) -> "Filter":
        field, _, rest = text.partition(".")
        operator, _, value = rest.partition(".")
        return cls(field, operator, value)

    @property
    def values(self) -> list[str]:
        """The values of an operator that takes several."""
        return [each.replace("\\,", ",") for each in COMMA.split(self.value) if each]

    @staticmethod
    def joined(values: Iterable[str]) -> str:
        """Several values as one text."""
        return ",".join(each.replace(",", "\\,") for each in values)

    def __str__(self) -> str:
        return ".".join([self.field, self.operator, *([self.value] if self.value else [])])


@dataclass(frozen=True)
class Order:
    """One field to order by."""

    field: str
    descending: bool = False

    def __str__(self) -> str:
        return f"-{self.field}" if self.descending else self.field


@dataclass(frozen=True)
class View:
    """The state of a grid; `address` gives the address of a changed one."""

    path: str
    columns: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = ()
    order: tuple[Order, ...] = ()
    search: str = ""
    after: str = ""
    before: str = ""
    deleted: bool = False

    @classmethod
    def parse(cls, path: str, query: QueryParams) -> "View":
        """Read the state from an address; unknown words are left for the grid to judge."""
        return cls(
            path=path,
            columns=tuple(name for text in query.getlist("columns") for name in text.split(",") if name),
            filters=tuple(Filter.parse(text) for text in query.getlist("filter") if text),
            order=tuple(
                Order(name.removeprefix("-"), name.startswith("-"))
                for name in query.get("sort", "").split(",")
                if name.strip("-")
            ),
            search=query.get("q", "").strip(),
            after=query.get("after", ""),
            before=query.get("before", ""),
            deleted=query.get("deleted") == "1",
        )

    def address(self, **changes: Any) -> str:
        """The address of this view with `changes`; changing more than the page starts at the first page."""
        if not changes.keys() & {"after", "before"}:
            changes |= {"after": "", "before": ""}
        view = replace(self, **changes)
        query = urlencode(view.pairs(), quote_via=quote, safe=",:")
        return f"{view.path}?{query}" if query else view.path

    def narrowing(self) -> str:
        """Filters, search and order alone, as they stand in an address."""
        names = ("filter", "sort", "q")
        return urlencode([pair for pair in self.pairs() if pair[0] in names], quote_via=quote, safe=",:")

    def pairs(self) -> list[tuple[str, str]]:
        """The state as names and values, for addresses and for hidden inputs of forms."""
        single = [
            ("columns", ",".join(self.columns)),
            ("sort", ",".join(map(str, self.order))),
            ("q", self.search),
            ("deleted", "1" if self.deleted else ""),
            ("after", self.after),
            ("before", self.before),
        ]
        return [("filter", str(each)) for each in self.filters] + [(k, v) for k, v in single if v]

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """The state for a form that sets `without` itself: hidden inputs, without the page."""
        return [(k, v) for k, v in self.pairs() if k not in {*without, "after", "before"}]

    def without_filter(self, position: int) -> str:
        """The address without the filter at `position`."""
        return self.address(filters=self.filters[:position] + self.filters[position + 1 :])

    def adding(self, field: str) -> str:
        """The address of this view with the form open that adds a filter on `field`."""
        address = self.address()
        return f"{address}{'&' if '?' in address else '?'}add={field}"

    def sorted_by(self, field: str) -> str:
        """The address after a click on the head of `field`: ascending, descending, not at all."""
        steps = {None: (Order(field),), False: (Order(field, True),), True: ()}
        return self.address(order=steps[self.direction(field)])

    def direction(self, field: str) -> bool | None:
        """Whether `field` is sorted descending; None when the view is not sorted by it."""
        return next((each.descending for each in self.order if each.field == field), None)
