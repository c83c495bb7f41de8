#!/usr/bin/env python3
"""Measures `tollbook simulate` against the same rules in SimPy, and against slosizer's overflow.

    python3 benches/simulate.py --requests 100000 1000000 --rounds 3

Needs the release binary (`cargo build --release`), and Python 3.13 for slosizer. The packages go
into a virtual environment under target/bench; traces are made there once, from a seed.

Every contender is a process of its own that reads the same CSV trace. The SimPy model admits by
the level of a bucket, spills over when it is full, and corrects the estimate of `max_tokens` at
completion: it must find as many spilled requests as tollbook does. slosizer computes the overflow
of one-second buckets, which is another model: its share is shown beside tollbook's own figure for
that formula. CPU time and peak memory are the kernel's figures for the child (wait4); rounds are
interleaved, so a busy machine is unfair to nobody; the table shows medians.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
VENV = WORK / "venv-simulate"
PACKAGES = ["simpy==4.1.2", "slosizer==0.3.1"]
PTU = 180
MAX_TOKENS = 1000
PER_SECOND = 5.53  # With these lengths a load of 209 PTU in the mean.

SIMPY = """
import csv, json, sys
import simpy

trace, ptu, most = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
RATE = ptu * 3000            # Units of token x 60e6 that drain in a microsecond.
DEPTH = RATE * 60_000_000

class Bucket:
    level, at = 0, 0
    def drain(self, now):
        self.level = max(0, self.level - RATE * (now - self.at))
        self.at = now

bucket, spilled = Bucket(), 0
env = simpy.Environment()

def completion(wait, change):
    yield env.timeout(wait)
    bucket.drain(env.now)
    bucket.level = max(0, bucket.level + change)

def arrivals():
    global spilled
    with open(trace) as file:
        for row in csv.DictReader(file):
            at, prompt, answer = int(row["micros"]), int(row["input"]), int(row["output"])
            if at > env.now:
                yield env.timeout(at - env.now)
            bucket.drain(env.now)
            if bucket.level > DEPTH:
                spilled += 1
                continue
            estimate, used = prompt + 4 * most, prompt + 4 * answer
            bucket.level += estimate * 60_000_000
            env.process(completion(500_000 + answer * 20_000, (used - estimate) * 60_000_000))

env.process(arrivals())
env.run()
print(json.dumps({"spilled": spilled}))
"""

SLOSIZER = """
import json, sys
import pandas as pd
import slosizer
from slosizer.hybrid import compute_overflow_tokens

trace, ptu = sys.argv[1], int(sys.argv[2])
frame = pd.read_csv(trace)
frame["arrival"] = (frame["micros"] - frame["micros"].iloc[0]) / 1e6
schema = slosizer.RequestSchema(time_col="arrival", input_tokens_col="input",
                                output_tokens_col="output")
requests = slosizer.from_dataframe(frame, schema=schema)
profile = slosizer.CapacityProfile(provider="azure", model="gpt-4.1", unit_name="PTU",
                                   throughput_per_unit=50.0, output_weight=4.0)
overflow = compute_overflow_tokens(requests, profile, units=ptu)
spilled = overflow["overflow_input_tokens"] + 4 * overflow["overflow_output_tokens"]
offered = (frame["input"] + 4 * frame["output"]).sum()
print(json.dumps({"share": spilled / float(offered)}))
"""


SCENARIO = """
[[deployment]]
name = "ptu"
model = "gpt-4.1"
offer = "provisioned"
kind = "global"
region = "swedencentral"
ptu = {ptu}
spillover_to = "payg"
ttft_ms = 500
output_tokens_per_s = 50

[[deployment]]
name = "payg"
model = "gpt-4.1"
offer = "standard"
kind = "global"
region = "swedencentral"
"""


def make_trace(requests: int) -> Path:
    """A seeded CSV trace: Poisson arrivals, log-normal prompts and answers."""
    path = WORK / f"trace-{requests}.csv"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    rng = random.Random(5)
    clock = 1_790_000_000.0
    with path.open("w") as file:
        file.write("time,micros,input,output,max_tokens\n")
        for _ in range(requests):
            clock += rng.expovariate(PER_SECOND)
            prompt = min(int(rng.lognormvariate(6.6, 0.9)) + 1, 100_000)
            answer = min(int(rng.lognormvariate(4.9, 0.9)) + 1, MAX_TOKENS)
            micros = int(clock * 1e6)
            time = datetime.fromtimestamp(micros // 10**6, UTC).strftime("%Y-%m-%dT%H:%M:%S")
            file.write(f"{time}.{micros % 10**6:06}Z,{micros},{prompt},{answer},{MAX_TOKENS}\n")
    return path


def environment() -> Path:
    python = VENV / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    return python


def contenders(trace: Path, python: Path) -> dict[str, list[str]]:
    binary = str(ROOT / "target" / "release" / "tollbook")
    scenario = WORK / "scenario.toml"
    scenario.write_text(SCENARIO.format(ptu=PTU))
    plain = [binary, "simulate", str(scenario), str(trace), "--no-band", "--format", "json"]
    return {
        "tollbook": plain,
        "SimPy": [str(python), "-c", SIMPY, str(trace), str(PTU), str(MAX_TOKENS)],
        "slosizer": [str(python), "-c", SLOSIZER, str(trace), str(PTU)],
    }


def run(command: list[str]) -> tuple[dict, float, float]:
    """What a command prints, its CPU seconds, and its peak memory [MiB]."""
    with tempfile.TemporaryFile() as out:
        child = subprocess.Popen(command, stdout=out, cwd=WORK)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{command[0]} ended with {child.returncode}")
        out.seek(0)
        return json.load(out), usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def measure(requests: int, rounds: int) -> None:
    commands = contenders(make_trace(requests), environment())
    seconds = {name: [] for name in commands}
    memory = {name: 0.0 for name in commands}
    results = {}
    for _ in range(rounds):
        for name, command in commands.items():
            results[name], cpu, peak = run(command)
            seconds[name].append(cpu)
            memory[name] = max(memory[name], peak)
    spilled = int(results["tollbook"]["total"][0]["spilled_requests"])
    if spilled != results["SimPy"]["spilled"]:
        sys.exit(f"tollbook spills {spilled} requests, SimPy {results['SimPy']['spilled']}")
    own = statistics.median(seconds["tollbook"])
    print(f"\n{requests:,} requests, {spilled:,} spilled in both; "
          f"slosizer's share {results['slosizer']['share']:.4%}\n")
    print("| program | CPU s | ratio to tollbook | peak MiB |\n|---|---|---|---|")
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"| {name} | {median:.2f} | {median / own:.1f} | {memory[name]:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    for requests in arguments.requests:
        measure(requests, arguments.rounds)


if __name__ == "__main__":
    main()
