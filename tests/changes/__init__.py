"""Changes of a model at random. Each takes an exported manifest and alters it in place; false where it
finds nothing to do."""

import json
from random import Random

from server.manifest import load
from tests.changes import entity, field, link, retype, rule
from tests.changes.element import Change
from tests.model import Element

CHANGES: list[Change] = [
    field.add_field, field.add_field, field.drop_field, field.rename_field, field.rename_field,
    field.move_field, field.require, field.make_unique, field.make_indexed, field.make_sensitive,
    field.make_searchable, field.bound, field.set_condition, field.set_default, field.set_format,
    retype.set_formula, retype.widen, retype.narrow,
    entity.add_entity, entity.drop_entity, entity.rename_entity, entity.add_relation, entity.drop_relation,
    entity.set_flag, entity.set_ownership,
    link.set_rollup, link.set_rollup, link.set_hierarchy, link.set_targets, link.set_targets,
    rule.label, rule.add_choice, rule.drop_choice, rule.set_key, rule.set_index, rule.set_rule,
    rule.set_overlap, rule.set_role, rule.set_grant,
]  # fmt: skip


def altered(model: Element, chance: Random, wanted: int) -> list[str]:
    """Make this many changes to a manifest; what they were. One that would make it invalid is taken back."""
    told: list[str] = []
    while len(told) < wanted:
        change = chance.choice(CHANGES)
        before = json.dumps(model, default=str)
        if change(model, chance):
            told.append(change.__name__)
        else:
            model.clear()
            model.update(load(before.encode()).data)
    return told
