#!/usr/bin/env python3
"""Measures `tollbook chargeback` against the same job in DuckDB and polars, and against reading.

    python3 benches/chargeback.py --rows 1000000 10000000 --rounds 3

Needs the release binaries (`cargo build --release --examples --bins`). The Python packages go into
a virtual environment under target/bench; the input files are made there once by make_usage.

Every contender is a process of its own: parse the file, keep status 200, drop exact repeats by id,
sum tokens by subscription, model and day, join owners and dated prices, total per business unit.
CPU time and peak memory are the kernel's figures for the child (wait4). Rounds are interleaved, so
a busy machine is unfair to nobody; the table shows medians. Results must agree: DuckDB and polars
in every business unit to 10^-9 USD, tollbook in the total to half a cent and in every business unit
to one (its shares are rounded from the total down).
"""

import argparse
import csv
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "target"
WORK = TARGET / "bench"
VENV_PYTHON = WORK / "venv" / "bin" / "python"
PACKAGES = ["duckdb==2.0.0", "polars==2.1.0"]
UNATTRIBUTED = "__unattributed__"
NANOS_PER_CENT = 10**7

# Both compute in integers, so neither rounds; prices come as 10^-9 USD per token.
DUCKDB = """
import sys, json, duckdb
folder, file, form = sys.argv[1:4]
db = duckdb.connect()
db.execute("set preserve_insertion_order = false")
db.execute("set enable_progress_bar = false")
columns = {"time_utc": "TIMESTAMP", "correlation_id": "UUID", "subscription": "VARCHAR",
           "model_name": "VARCHAR", "http_status": "SMALLINT", "prompt_tokens": "BIGINT",
           "cached_tokens": "BIGINT", "completion_tokens": "BIGINT"}
if form == "csv":
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    scan = f"read_csv('{file}', header = true, types = {{{types}}})"
else:
    types = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    scan = f"read_json('{file}', format = 'newline_delimited', columns = {{{types}}})"
rows = db.execute(f'''
    with kept as (
        select distinct on (correlation_id) time_utc, subscription, model_name,
               prompt_tokens, cached_tokens, completion_tokens
        from {scan} where http_status = 200),
    sums as (
        select subscription, model_name, time_utc::date as day, sum(prompt_tokens) as input,
               sum(cached_tokens) as cached, sum(completion_tokens) as output
        from kept group by all)
    select coalesce(o.business_unit, '__unattributed__') as unit,
           sum((s.input - s.cached) * p.input + s.cached * p.cached_input + s.output * p.output)
    from sums s
    join read_csv('{folder}/prices.csv') p
      on p.model = s.model_name and s.day >= p.from_day and s.day < p.until_day
    left join read_csv('{folder}/owners.csv') o on o.subscription = s.subscription
    group by unit order by unit''').fetchall()
print(json.dumps({unit: int(nanos) for unit, nanos in rows}))
"""

POLARS = """
import sys, json, polars as pl
folder, file, form = sys.argv[1:4]
types = {"time_utc": pl.String, "correlation_id": pl.String, "subscription": pl.String,
         "model_name": pl.String, "http_status": pl.Int64, "prompt_tokens": pl.Int64,
         "cached_tokens": pl.Int64, "completion_tokens": pl.Int64}
if form == "csv":
    rows = pl.scan_csv(file, schema_overrides=types)
else:
    rows = pl.scan_ndjson(file, schema=types)
owners = pl.scan_csv(f"{folder}/owners.csv")
prices = pl.scan_csv(f"{folder}/prices.csv", try_parse_dates=True)
c = pl.col
sums = (rows.select(list(types)).filter(c("http_status") == 200)
    .unique(subset="correlation_id", keep="any")
    .group_by("subscription", "model_name",
              c("time_utc").str.slice(0, 10).str.to_date("%Y-%m-%d").alias("day"))
    .agg(c("prompt_tokens").sum(), c("cached_tokens").sum(), c("completion_tokens").sum()))
cost = ((c("prompt_tokens") - c("cached_tokens")) * c("input")
    + c("cached_tokens") * c("cached_input") + c("completion_tokens") * c("output"))
units = (sums.join(prices, left_on="model_name", right_on="model")
    .filter(c("day") >= c("from_day"), c("day") < c("until_day"))
    .join(owners, on="subscription", how="left")
    .group_by(c("business_unit").fill_null("__unattributed__").alias("unit"))
    .agg(cost.sum().alias("nanos")).collect(engine="streaming"))
print(json.dumps(dict(zip(units["unit"], units["nanos"]))))
"""


@dataclass
class Run:
    """What one child process took."""

    cpu: float
    wall: float
    peak_mib: float
    output: str


def run(command):
    """Runs `command` and measures it; its standard error stays visible."""
    with tempfile.TemporaryFile() as out:
        start = time.monotonic()
        child = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.monotonic() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        # tollbook ends with 1 on findings, and unattributed usage may be one.
        allowed = (0, 1) if command[0].endswith("tollbook") else (0,)
        if child.returncode not in allowed:
            sys.exit(f"{command[0]} ended with {child.returncode}")
        out.seek(0)
        output = out.read().decode()
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, output)


def read_only(path):
    """`cat` to nowhere: what reading alone takes."""
    start = time.monotonic()
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(["cat", path], stdout=subprocess.PIPE)
        while chunk := child.stdout.read(1 << 20):
            nowhere.write(chunk)
        _, _, usage = os.wait4(child.pid, 0)
    child.returncode = 0
    return Run(usage.ru_utime + usage.ru_stime, time.monotonic() - start, usage.ru_maxrss / 1024, "")


def contenders(folder, file, form, chosen):
    """Name and command of every program that takes part."""
    engine = [folder, file, form]
    all_ = {
        "tollbook": [str(TARGET / "release" / "tollbook"), "chargeback", file,
                     "--config", f"{folder}/tollbook.toml", "--period", "2026-10",
                     "--by", "business-unit", "--format", "csv"],
        "duckdb": [str(VENV_PYTHON), "-c", DUCKDB, *engine],
        "polars": [str(VENV_PYTHON), "-c", POLARS, *engine],
        "cat": ["cat", file],
    }
    return {name: command for name, command in all_.items() if name in chosen}


def totals(name, output):
    """Cost per business unit [10^-9 USD], from what a contender printed."""
    if name != "tollbook":
        return json.loads(output)
    units = {}
    for row in csv.DictReader(io.StringIO(output)):
        unit = row["business_unit"]
        if unit.lower() not in ("total", ""):
            nanos = Decimal(row["amount"]) * 10**9
            units[unit] = units.get(unit, 0) + int(nanos)
    return units


def check_equal(results):
    """Stops unless all contenders agree."""
    exact = {name: units for name, units in results.items() if name != "tollbook"}
    first = next(iter(exact.values()), None)
    for name, units in exact.items():
        if units != first:
            sys.exit(f"{name} disagrees: {units} instead of {first}")
    ours = results.get("tollbook")
    if ours is None or first is None:
        return
    known = {unit: nanos for unit, nanos in ours.items() if nanos or unit in first}
    if known.keys() != first.keys():
        sys.exit(f"business units differ: {sorted(known)} instead of {sorted(first)}")
    if abs(sum(known.values()) - sum(first.values())) * 2 > NANOS_PER_CENT:
        sys.exit(f"totals differ: {sum(known.values())} instead of {sum(first.values())}")
    for unit, nanos in first.items():
        if abs(known[unit] - nanos) >= NANOS_PER_CENT:
            sys.exit(f"{unit}: {known[unit]} instead of {nanos}")


def prepare(rows, form):
    """Makes the input once; returns its folder and file."""
    folder = WORK / f"{form}-{rows}"
    file = folder / f"usage.{form}"
    done = folder / "complete"
    if not done.exists():
        maker = TARGET / "release" / "examples" / "make_usage"
        subprocess.run([maker, "--rows", str(rows), "--carrier", form, "--output", folder],
                       check=True)
        done.touch()
    return str(folder), str(file)


def install():
    """The Python packages, once."""
    if not VENV_PYTHON.exists():
        subprocess.run([sys.executable, "-m", "venv", WORK / "venv"], check=True)
    subprocess.run([VENV_PYTHON, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)


def measure(commands, rounds):
    """Runs of every contender, interleaved, after one round of warming up that must agree."""
    take = lambda name, command: read_only(command[1]) if name == "cat" else run(command)
    warm = {name: take(name, command) for name, command in commands.items()}
    check_equal({name: totals(name, run.output) for name, run in warm.items() if name != "cat"})
    runs = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            runs[name].append(take(name, command))
    return runs


def print_table(title, runs, rows):
    """Medians, as a markdown table; the ratio is of CPU time to the first contender's."""
    print(f"\n**{title}**\n")
    print("| contender | CPU s | wall s | peak MiB | M rows per CPU s | CPU, ratio | cores |")
    print("|---|---|---|---|---|---|---|")
    base = None
    for name, several in runs.items():
        cpu, wall, peak = (statistics.median(getattr(one, field) for one in several)
                           for field in ("cpu", "wall", "peak_mib"))
        base = base or cpu
        print(f"| {name} | {cpu:.2f} | {wall:.2f} | {peak:.0f} | {rows / 1e6 / cpu:.2f} "
              f"| {cpu / base:.2f} | {cpu / wall:.2f} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--forms", nargs="+", choices=["csv", "jsonl"], default=["csv", "jsonl"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--contenders", nargs="+", default=["tollbook", "duckdb", "polars", "cat"])
    options = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    install()
    for rows in options.rows:
        for form in options.forms:
            folder, file = prepare(rows, form)
            size = os.path.getsize(file) / 1e6
            runs = measure(contenders(folder, file, form, options.contenders), options.rounds)
            print_table(f"{rows:,} rows, {form}, {size:,.0f} MB", runs, rows)


if __name__ == "__main__":
    main()
