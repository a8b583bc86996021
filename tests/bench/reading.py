"""The record API against pgbench, which runs the same statements in the same transactions."""

import json
import re
import subprocess
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from tests.bench.installation import HERE, Installation

TENANTS = 100
ROWS = 1_000_000
CONNECTIONS = 16
SECONDS = 8
TARGETS = 20

FILL = f"""
set session_replication_role = replica;
set synchronous_commit = off;
insert into tenancy.tenant (name, label) select 't' || n, 'T' || n from generate_series(1, {TENANTS}) n;
insert into tenancy.installation select t.tenant_id, a.app_id from tenancy.tenant t cross join meta.app a
    on conflict do nothing;
insert into bench.account (tenant_id, name)
    select t.tenant_id, 'Account ' || n from tenancy.tenant t cross join generate_series(1, 100) n
    where t.name ~ '^t[0-9]+$';
insert into bench.deal (
        tenant_id, name, code, account_id, stage, amount, discount, quantity, opened_on, active
    )
    select a.tenant_id, 'Deal ' || n, 'D' || n, a.id, 'open', n * 1.5, 0.1, n, date '2026-01-01' + n, true
    from bench.account a cross join generate_series(1, {ROWS // TENANTS // 100}) n;
vacuum analyze bench.deal;
"""


@dataclass(frozen=True)
class Rates:
    """Requests or transactions a second."""

    pgbench: float
    one: float
    two: float

    def show(self, name: str) -> str:
        """A line of the report."""
        return (
            f"{name}: pgbench {self.pgbench:,.0f}/s, one server process {self.one:,.0f}/s "
            f"({self.one / self.pgbench:.0%}), two {self.two:,.0f}/s ({self.two / self.pgbench:.0%})"
        )


def fill(made: Installation) -> None:
    """One million rows in one hundred tenants."""
    subprocess.run(
        [made.binaries / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", made.url],
        input=FILL,
        text=True,
        check=True,
    )


def read(made: Installation) -> list[str]:
    """Measure list of 25 and read of one."""
    token = made.token("t1")
    tenant = made.psql("select tenant_id from tenancy.tenant where name = 't1'")
    ids = made.psql(
        f"select id from bench.deal where tenant_id = '{tenant}' order by random() limit {TARGETS}"
    ).split()
    lists = [f"/api/bench/deal?limit=25&offset={25 * n}" for n in range(TARGETS)]
    reads = [f"/api/bench/deal/{row_id}" for row_id in ids]
    lines = []
    for name, paths in (("list of 25", lists), ("read of one", reads)):
        with made.serving(1):
            baseline = pgbench(made, transactions(made, token, paths))
            one = wrk(made, token, paths)
        with made.serving(2):
            two = wrk(made, token, paths)
        lines.append(Rates(baseline, one, two).show(name))
    return lines


def transactions(made: Installation, token: str, paths: list[str]) -> list[list[tuple[str, str]]]:
    """What the server sends for each path, as PostgreSQL logged it: statements with their parameters."""
    log = made.settings.home / "postgres" / "server.log"
    get(made, token, paths[0])
    made.psql("alter system set log_min_duration_statement = 0")
    made.psql("select pg_reload_conf()")
    try:
        found = []
        for path in paths:
            found.append(logged(made, token, path, log))
    finally:
        made.psql("alter system reset log_min_duration_statement")
        made.psql("select pg_reload_conf()")
    return found


def logged(made: Installation, token: str, path: str, log: Path) -> list[tuple[str, str]]:
    """The statements of one request; asked again while the sessions have not heard of the logging."""
    for _ in range(50):
        before = log.stat().st_size
        get(made, token, path)
        with log.open("rb") as text:
            text.seek(before)
            found = statements(text.read().decode())
        if found and found[-1][0] == "commit":
            return found
        time.sleep(0.1)
    raise TimeoutError(path)


def statements(text: str) -> list[tuple[str, str]]:
    """The statements of a piece of log, from begin to commit, each with its parameters for EXECUTE."""
    entries = re.split(r"^\d{4}-\d\d-\d\d [\d:.]+ \S+ \[\d+\] ", text, flags=re.MULTILINE)
    found: list[tuple[str, str]] = []
    for entry in entries:
        if match := re.match(
            r"LOG:  duration: [\d.]+ ms  (?:statement|execute [^:]+): (.*)", entry, re.DOTALL
        ):
            found.append((match[1].strip(), ""))
        elif (match := re.match(r"DETAIL:  [Pp]arameters: (.*)", entry, re.DOTALL)) and found:
            values = re.findall(r"\$\d+ = ('(?:[^']|'')*'|NULL)", match[1])
            found[-1] = (found[-1][0], ", ".join(values))
    starts = [place for place, (statement, _) in enumerate(found) if statement.startswith("begin")]
    return found[starts[-1] :] if starts else []


def pgbench(made: Installation, wanted: list[list[tuple[str, str]]]) -> float:
    """Transactions a second of pgbench with the same statements, prepared, and as many connections."""
    with tempfile.TemporaryDirectory() as directory:
        options = []
        for number, transaction in enumerate(wanted):
            script = Path(directory, f"{number}.sql")
            script.write_text(as_script(transaction, number))
            options += ["-f", str(script), "-D", f"ready{number}=0"]
        output = subprocess.run(
            [
                *[str(made.binaries / "pgbench"), "--no-vacuum", "-c", str(CONNECTIONS), "-j", "1"],
                *["-T", str(SECONDS), *options, made.settings.required("server_database_url")],
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
    match = re.search(r"tps = ([\d.]+)", output)
    assert match, output
    return float(match[1])


def as_script(transaction: list[tuple[str, str]], number: int) -> str:
    """A pgbench script of three round trips; the statement is prepared once a connection."""
    begin, *middle, commit = transaction
    assert len(middle) == 1, f"not one statement but {len(middle)}"
    text, values = middle[0]
    one_line = " ".join(text.split())
    opening = begin[0].rstrip(";").replace(";", "\\;")
    return (
        f"{opening};\n"
        f"\\if :ready{number} = 0\nprepare q{number} as {one_line};\n\\set ready{number} 1\n\\endif\n"
        f"execute q{number}({values});\n{commit[0]};\n"
    )


def wrk(made: Installation, token: str, paths: list[str]) -> float:
    """Requests a second of the server."""
    output = subprocess.run(
        [
            *["wrk", "-c", str(CONNECTIONS), "-t", "1", "-d", f"{SECONDS}s"],
            *["-s", str(HERE / "paths.lua"), made.address, "--", token, *paths],
        ],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    ).stdout
    assert "Non-2xx" not in output, output
    match = re.search(r"Requests/sec:\s+([\d.]+)", output)
    assert match, output
    return float(match[1])


def get(made: Installation, token: str, path: str) -> object:
    """One request; the decoded answer."""
    request = urllib.request.Request(made.address + path, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
