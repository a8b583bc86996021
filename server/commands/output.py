"""What commands print: a table for people, JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click
from rich.console import Console
from rich.table import Table

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def show(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Print `rows`: as a JSON array, or as a table with the keys of the first row as its head."""
    if as_json:
        click.echo(json.dumps([dict(row) for row in rows], default=str, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("(none)")
        return
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*("" if value is None else str(value) for value in row.values()))
    # A pipe has no width: never cut there.
    console = Console()
    Console(width=None if console.is_terminal else 10_000, highlight=False).print(table)
