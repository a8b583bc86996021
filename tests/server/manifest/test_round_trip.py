"""Export and load are inverse, for any model; and so is the way through the database."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings

from server.installation.cluster import Cluster
from server.manifest import Manifest, canonical, compiled, from_json, load, problems, to_json
from server.manifest.canonical import essence
from server.manifest.normal import normal
from tests.database import PASSWORD
from tests.model import models

MANY = settings(deadline=None, suppress_health_check=list(HealthCheck))

Connection = psycopg.Connection[tuple[Any, ...]]


@pytest.fixture(scope="module")
def draft(cluster: Cluster, template: str) -> Iterator[Connection]:
    with psycopg.connect(cluster.url("postgres", PASSWORD, "postgres"), autocommit=True) as maintenance:
        maintenance.execute(f"create database manifests template {template}")
        with psycopg.connect(cluster.url("postgres", PASSWORD, "manifests"), autocommit=True) as connection:
            yield connection
        maintenance.execute("drop database manifests with (force)")


@MANY
@given(model=models())
def test_a_drawn_model_has_no_problem(model: dict[str, Any]) -> None:
    assert problems(Manifest(normal(model))) == []


@MANY
@given(model=models())
def test_what_is_exported_loads_as_the_same_model(model: dict[str, Any]) -> None:
    exported = canonical(model)
    loaded = load(exported.encode())

    assert essence(loaded.data, ()) == essence(normal(model), ())
    assert canonical(loaded.data) == exported


@MANY
@given(model=models())
def test_json_keeps_every_digit(model: dict[str, Any]) -> None:
    found = load(to_json(model).encode()).data

    assert to_json(found) == to_json(normal(model))


@settings(MANY, max_examples=40)
@given(model=models())
def test_the_draft_of_the_database_exports_as_what_was_applied(
    draft: Connection, model: dict[str, Any]
) -> None:
    with draft.transaction(force_rollback=True):
        tenant = draft.execute(
            "insert into tenancy.tenant (name, label) values ('sample', 'Sample') returning tenant_id"
        ).fetchone()
        assert tenant is not None
        stored = to_json(compiled(Manifest(normal(model))))
        app = draft.execute("select meta.store(%s::jsonb, %s)", (stored, tenant[0])).fetchone()
        assert app is not None
        found = draft.execute("select meta.manifest(%s)::text", app).fetchone()
        assert found is not None
        kept = from_json(found[0])

    assert draft.execute("select * from meta.problem(%s::jsonb)", (stored,)).fetchall() == []
    assert canonical(without_ids(kept)) == canonical(without_ids(normal(model)))
    assert canonical(load(canonical(kept).encode()).data) == canonical(kept)


def without_ids(value: Any) -> Any:
    """A model of which the ids are not compared: the database gives them where they were left out."""
    if isinstance(value, dict):
        return {
            key: item if key == "schema" else without_ids(item) for key, item in value.items() if key != "id"
        }
    return [without_ids(item) for item in value] if isinstance(value, list) else value


def test_json_of_the_database_keeps_the_digits_of_numbers() -> None:
    assert json.loads(to_json({"min": Decimal("0.10")}), parse_float=str) == {"min": "0.10"}
