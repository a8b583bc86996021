"""Labels inside sentences."""

from dataclasses import replace

from server.model import Entity, Field


def noun(label: str) -> str:
    """A label in the middle of a sentence: "Order line" becomes "order line", "US state" stays."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def heading(entity: Entity, title: str) -> str:
    """A record's title where it stands alone: a bare number says what it is the number of."""
    return f"{entity.label} {title}" if title.isdigit() or title_fields(entity) else title


def title_fields(entity: Entity, without: Field | None = None) -> list[Field]:
    """The lookups that name a record which has no title of its own; not the one it is looked at from."""
    if entity.title and entity.title != "id":
        return []
    lookups = [each for each in entity.fields if each.type == "lookup"]
    return [each for each in lookups if without is None or without not in each.lookups][:2]


def title_field(entity: Entity, without: Field | None = None) -> Field:
    """The field that heads the column of titles; one without a column when the title is no field."""
    found = entity.fields_by_name.get(entity.title or "")
    if found:
        # A title is read as a name, numbers too.
        return replace(found, type="text")
    named = title_fields(entity, without)
    label = named[0].label if len(named) == 1 else entity.label
    return Field(id="", name="", type="text", column="", sql_type="text", label=label)
