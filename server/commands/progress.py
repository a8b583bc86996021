"""The online steps of a publish as bars on a terminal, nothing elsewhere."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from server.database import rollout


@contextmanager
def steps_shown() -> Iterator[rollout.Report]:
    """A report of progress that shows each step with the rows done, the rate and the time left."""
    if not sys.stderr.isatty():
        yield rollout.unreported
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[tuple[str, str], TaskID] = {}

        def report(step: rollout.Progress) -> None:
            name = (step.kind, step.target)
            if name not in tasks:
                tasks[name] = bars.add_task(
                    f"{step.kind.replace('_', ' ')} {step.target}", total=None, rate=""
                )
            rate = f"{step.rate:,.0f} rows/s" if step.rate else ""
            bars.update(tasks[name], completed=step.rows_done or 0, total=step.rows_total, rate=rate)

        yield report
