"""Measure and print; nothing here passes or fails, because machines differ."""

import os

from tests.bench.change_under_load import change_under_load
from tests.bench.installation import HERE, installation
from tests.bench.reading import CONNECTIONS, ROWS, TENANTS, fill, read
from tests.bench.scale import scale
from tests.bench.searching import search
from tests.bench.writing import write


def main() -> None:
    """Set up an installation, fill it, measure."""
    with installation() as made:
        made.qryvanta("tenant", "create", "first")
        made.qryvanta("app", "apply", str(HERE / "bench.yaml"), "--tenant", "first", "--yes")
        print(f"{os.cpu_count()} cores shared by PostgreSQL, server and load; {CONNECTIONS} connections")
        print(f"filling {ROWS:,} rows in {TENANTS} tenants …", flush=True)
        fill(made)
        for stage in (read, write, search, scale, change_under_load):
            for line in stage(made):
                print(line, flush=True)


if __name__ == "__main__":
    main()
