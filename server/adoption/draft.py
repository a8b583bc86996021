"""The draft of an app that takes over changes by hand, beside the tables that are there."""

from dataclasses import dataclass
from typing import Any

from server.adoption.catalogue import Column, Table
from server.adoption.reasons import NotAdoptable


@dataclass
class Draft:
    """The manifest that is changed, and what is there."""

    data: dict[str, Any]
    tables: dict[str, Table]

    def entity(self, table: str) -> dict[str, Any]:
        """The entity or relation of a table; raises NotAdoptable when the draft has none."""
        for section in ("entities", "relations"):
            for element in self.data.get(section, []):
                if element["name"] == table:
                    found: dict[str, Any] = element
                    return found
        raise NotAdoptable(f"the draft has no entity {table}")

    def field(self, table: str, column: str) -> dict[str, Any]:
        """The field of a column; raises NotAdoptable when the draft has none."""
        for field in self.entity(table).get("fields", []):
            if column_name(field) == column:
                found: dict[str, Any] = field
                return found
        raise NotAdoptable(f"the draft has no field of the column {column}")

    def column(self, table: str, name: str) -> Column:
        """A column that is there."""
        return self.tables[table].columns[name]

    def field_names(self, table: str, columns: list[str]) -> list[str]:
        """The fields of columns, without the tenant that every key starts with."""
        return [self.field(table, column)["name"] for column in columns if column != "tenant_id"]

    def target(self, table: str, column: str) -> dict[str, Any] | None:
        """What a column refers to as a lookup does, together with the tenant."""
        for constraint in self.tables[table].of_kind("f"):
            if constraint.columns == ["tenant_id", column]:
                for name, other in self.tables.items():
                    if other.id == constraint.target_id and constraint.target_columns == ["tenant_id", "id"]:
                        found = {"type": "lookup", "entity": name}
                        return found | ({"on_delete": "cascade"} if constraint.on_delete == "c" else {})
                if constraint.target_columns == ["tenant_id", "user_id"]:
                    return {"type": "user"}
        return None


def column_name(field: dict[str, Any]) -> str:
    return str(field["name"]) + ("_id" if field["type"] in ("lookup", "user") else "")
