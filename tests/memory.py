"""What a life remembers of values, also of those that were set aside."""

from dataclasses import dataclass, field

from server.publication import Step
from tests.model import Element
from tests.survival import Held, Remedied, columns, differing, lost_of


@dataclass
class Memory:
    """What was last seen of every column."""

    last: Held = field(default_factory=dict)

    def unlike(
        self, before: Held, after: Held, model: Element, planned: list[Step], decided: dict[str, Remedied]
    ) -> list[str]:
        """Values that were set aside, are back, and are others now, more than the plan said."""
        found = []
        for entity in model["entities"]:
            table, gone = entity["id"], self.last.get(entity["id"], {})
            seen = set().union(*(row.keys() for row in before.get(table, {}).values()))
            for column, given in columns(model, entity).items():
                if column in seen or given["field"]["formula"] or given["field"]["rollup"]:
                    continue
                old = {table: {key: row for key, row in gone.items() if column in row}}
                differ = differing(old, after, table, column, decided.get(given["field"]["id"], Remedied()))
                if len(differ) > lost_of(planned, given["name"]):
                    found += differ
        return found

    def remember(self, after: Held) -> None:
        for table, rows in after.items():
            for key, row in rows.items():
                self.last.setdefault(table, {}).setdefault(key, {}).update(row)

    def forget_dropped(self, model: Element) -> None:
        """What was purged does not come back."""
        tables = {entity["id"]: {item["id"] for item in entity["fields"]} for entity in model["entities"]}
        self.last = {
            table: {
                key: {column: row[column] for column in row if column.split(" ")[0] in tables[table]}
                for key, row in rows.items()
            }
            for table, rows in self.last.items()
            if table in tables
        }
