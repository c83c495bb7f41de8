#!/usr/bin/env python3
"""Measures `tollbook plan` against slosizer's hybrid plan, and how its cost grows.

    python3 benches/plan.py TRACE --requests 50000 200000 --rounds 3
    python3 benches/plan.py --growth --rounds 3
    python3 benches/plan.py --week

Needs the release binary (`cargo build --release`), and Python 3.13 for slosizer, which goes into a
virtual environment under target/bench. TRACE is an Azure LLM inference trace, such as
AzureLLMInferenceTrace_conv.csv of Azure/AzurePublicDataset, gzipped or not. Traces of other sizes
are made once, from a seed, in the same format.

Both programs read the same file and are asked for the cheapest size of one deployment of gpt-4.1
at the monthly price, with tokens beyond it paid at list prices. Both look at every legal size of
the same range: tollbook plays a bucket of 60 s, slosizer fills buckets of one second, which is
another model, so their answers differ and are shown. tollbook is also run without a range, where
it chooses the sizes that it plays.

`--growth` plans one and two days of plan_week.toml with so many sizes and twice as many: cost is at
most linear in requests x sizes if the last column does not rise; what is done once for all sizes
makes it fall. `--week` plans all of it twice: with all of 100 sizes, and with as many of them as the
answers need.

Every contender is a process of its own. CPU time and peak memory are the kernel's figures for the
child (wait4); rounds are interleaved, so a busy machine is unfair to nobody; tables show medians.
"""

import argparse
import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
VENV = WORK / "venv-plan"
WEEK = ROOT / "benches" / "plan_week.toml"
BINARY = ROOT / "target" / "release" / "tollbook"
PACKAGES = ["slosizer==0.3.1"]
STEP = 5  # Legal sizes of gpt-4.1 are 15, 20, 25 and so on.
RANGE = (15, 400)
PER_SECOND = 5.53  # With these lengths a load of 209 PTU in the mean.

SLOSIZER = """
import json, sys
import pandas as pd
import slosizer

trace, most = sys.argv[1], int(sys.argv[2])
frame = pd.read_csv(trace)
schema = slosizer.RequestSchema(time_col="TIMESTAMP", input_tokens_col="ContextTokens",
                                output_tokens_col="GeneratedTokens")
profile = slosizer.azure_profile("gpt-4.1", throughput_per_unit=50.0, min_units=15,
                                 purchase_increment=5, output_weight=4.0)
pricing = slosizer.RateCard(slosizer.ProvisionedPricing(260 / 730), slosizer.PaygoPricing(2, 8))
plan = slosizer.plan_hybrid_capacity(
    slosizer.from_dataframe(frame, schema=schema), profile, pricing,
    slosizer.HybridTarget("cost_optimal"), slosizer.PlanOptions(max_units_to_search=most))
print(json.dumps({"ptu": plan.provisioned_units}))
"""


def make_trace(requests: int) -> Path:
    """A seeded trace in Azure's format: Poisson arrivals, log-normal prompts and answers."""
    path = WORK / f"plan-{requests}.csv"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    rng = random.Random(5)
    clock = 1_790_000_000.0
    with path.open("w") as file:
        file.write("TIMESTAMP,ContextTokens,GeneratedTokens\n")
        for _ in range(requests):
            clock += rng.expovariate(PER_SECOND)
            prompt = min(int(rng.lognormvariate(6.6, 0.9)) + 1, 100_000)
            answer = min(int(rng.lognormvariate(4.9, 0.9)) + 1, 1000)
            at = datetime.fromtimestamp(math.floor(clock), UTC).strftime("%Y-%m-%d %H:%M:%S")
            file.write(f"{at}.{int(clock % 1 * 1e6):06}0,{prompt},{answer}\n")
    return path


def make_days(days: int) -> Path:
    """The first days of the week."""
    path = WORK / f"plan-{days}-days.toml"
    WORK.mkdir(parents=True, exist_ok=True)
    end = 'until = "2026-10-12T00:00:00Z"'
    week = WEEK.read_text()
    if week.count(end) != 1:
        sys.exit(f"{WEEK} has to end with {end}")
    path.write_text(week.replace(end, f'until = "2026-10-{5 + days:02}T00:00:00Z"'))
    return path


def environment() -> Path:
    python = VENV / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def sizes(least: int, count: int) -> list[str]:
    """Flags that ask for all of this many legal sizes, from the least on."""
    return ["--sizes", f"{least}..{least + STEP * (count - 1)}", "--every-size"]


def plan(*arguments: object) -> list[str]:
    """A plan of sizes and terms, without what slosizer has no word for."""
    flags = ["--no-uncertainty", "--no-levers", "--quiet", "--format", "json"]
    return [str(BINARY), "plan", *map(str, arguments), *flags]


def run(command: list[str]) -> tuple[dict, float, float, float]:
    """What a command prints, its wall and CPU seconds, and its peak memory [MiB]."""
    with tempfile.TemporaryFile() as out:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, cwd=WORK)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{' '.join(command[:2])} ended with {child.returncode}")
        out.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        return json.load(out), wall, cpu, usage.ru_maxrss / 1024


def interleaved(commands: dict, rounds: int) -> tuple[dict, dict]:
    """What each command printed last, and the medians of its figures."""
    figures, printed = defaultdict(list), {}
    for _ in range(rounds):
        for name, command in commands.items():
            printed[name], *found = run(command)
            figures[name].append(found)
    medians = {
        name: [statistics.median(figure) for figure in zip(*found)]
        for name, found in figures.items()
    }
    return printed, medians


def cheapest(printed: dict) -> str:
    """The size that a program found, at the monthly price."""
    if "ptu" in printed:
        return f"{printed['ptu']} PTU"
    terms = {answer["term"]: answer["choice"] for answer in printed["answers"]["by_term"]}
    return f"{terms['1-month']['ptu']} PTU"


def compare(trace: Path, rounds: int) -> None:
    least, most = RANGE
    count = (most - least) // STEP + 1
    model = ["--model", "gpt-4.1", trace]
    commands = {
        f"tollbook, {count} sizes": plan(*model, *sizes(least, count)),
        "tollbook, sizes of its choice": plan(*model),
        f"slosizer, {count} sizes": [str(environment()), "-c", SLOSIZER, str(trace), str(most)],
    }
    printed, medians = interleaved(commands, rounds)
    own = medians[next(iter(commands))][1]
    print(f"\n{trace.name}, cheapest size at the monthly price\n")
    print("| program | wall s | CPU s | ratio | peak MiB | answer |\n|---|---|---|---|---|---|")
    for name, (wall, cpu, peak) in medians.items():
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {cpu / own:.1f} | {peak:.0f} | "
              f"{cheapest(printed[name])} |")


def grow(count: int, rounds: int) -> None:
    cases = {
        (days, many): plan(make_days(days), *sizes(1255, many))
        for days in (1, 2)
        for many in (count, 2 * count)
    }
    _, medians = interleaved(cases, rounds)
    print("\n| days | sizes | wall s | CPU s | peak MiB | CPU s a day and size |")
    print("|---|---|---|---|---|---|")
    for (days, many), (wall, cpu, peak) in medians.items():
        print(f"| {days} | {many} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | "
              f"{cpu / days / many:.3f} |")


def week() -> None:
    WORK.mkdir(parents=True, exist_ok=True)
    hundred = sizes(1255, 100)
    for name, flags in {"100 sizes": hundred, "those of them that it needs": hundred[:-1]}.items():
        _, wall, cpu, peak = run(plan(WEEK, *flags))
        print(f"a week with {name}: {wall:.0f} s, CPU {cpu:.0f} s, peak {peak:.0f} MiB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("trace", type=Path, nargs="?")
    parser.add_argument("--requests", type=int, nargs="*", default=[])
    parser.add_argument("--growth", type=int, nargs="?", const=25, help="sizes to begin with")
    parser.add_argument("--week", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    traces = [arguments.trace.resolve()] if arguments.trace else []
    for trace in [*traces, *map(make_trace, arguments.requests)]:
        compare(trace, arguments.rounds)
    if arguments.growth:
        grow(arguments.growth, arguments.rounds)
    if arguments.week:
        week()


if __name__ == "__main__":
    main()
