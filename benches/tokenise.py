#!/usr/bin/env python3
"""Measures `tollbook tokenise` against its engine's bare loop and against OpenAI's tiktoken.

    python3 benches/tokenise.py FOLDER... --megabytes 120 --rounds 5

Needs the release binaries: `cargo build --release` and `cargo build --release --example
bare_toktok`. FOLDERs hold text of any kind, such as sources and documents of packages; a corpus is
gathered from them once, a file of each ending in turn, in an order that a seed decides. The
packages go into a virtual environment under target/bench; the vocabulary is the copy that litellm
carries, so nothing is downloaded but packages.

Every contender is a process of its own that reads the same file; all must find the same number of
tokens. One thread means one core: the child is bound to it. CPU time and peak memory are the
kernel's figures for the child (wait4); rounds are interleaved, so a busy machine is unfair to
nobody; the table shows medians.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "bench"
VENV = WORK / "venv-tokenise"
PACKAGES = ["tiktoken==0.14.0"]
VOCABULARIES = ["litellm==1.109.1"]
SEED = 4
LONGEST_FILE = 1 << 20
ENDINGS = {
    ".rs", ".py", ".js", ".ts", ".c", ".h", ".java", ".go", ".md", ".rst", ".txt", ".html", ".json",
    ".toml", ".yaml", ".yml", ".xml", ".csv", ".log", ".po", ".utf-8", ".sh", ".css", ".sql",
}

TIKTOKEN = """
import re, sys
import tiktoken

path, encoding, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
text = open(path, encoding="utf-8", newline="").read()
starts = [m.start() for m in re.finditer(r"(?<=[!-~]\\n)(?=[A-Za-z])", text)]
parts, start = [], 0
for at in starts:
    if at - start >= 1 << 16:
        parts.append(text[start:at])
        start = at
parts.append(text[start:])
encoder = tiktoken.get_encoding(encoding)
if threads == 1:
    print(sum(len(encoder.encode_ordinary(part)) for part in parts))
else:
    tokens = 0
    for at in range(0, len(parts), 64):
        batch = encoder.encode_ordinary_batch(parts[at:at + 64], num_threads=threads)
        tokens += sum(map(len, batch))
    print(tokens)
"""


def candidates(folders: list[str]) -> list[list[Path]]:
    """Files by ending, each kind in an order that the seed decides."""
    kinds = defaultdict(list)
    for folder in folders:
        for place, _, names in os.walk(folder):
            for name in names:
                path = Path(place) / name
                if path.suffix in ENDINGS and path.is_file():
                    kinds[path.suffix].append(path)
    rng = random.Random(SEED)
    for _, paths in sorted(kinds.items()):
        paths.sort()
        rng.shuffle(paths)
    return [paths for _, paths in sorted(kinds.items())]


def make_corpus(folders: list[str], megabytes: int) -> Path:
    """One file of mixed text, a file of each kind in turn."""
    path = WORK / f"corpus-{megabytes}.txt"
    if path.exists():
        return path
    WORK.mkdir(parents=True, exist_ok=True)
    kinds, size = candidates(folders), 0
    with path.open("wb") as corpus:
        while size < megabytes * 10**6 and any(kinds):
            for paths in filter(None, kinds):
                text = paths.pop().read_bytes()[:LONGEST_FILE].decode("utf-8", "ignore")
                size += corpus.write(text.encode().replace(b"\r\n", b"\n").strip() + b"\n")
    if size < megabytes * 10**6:
        path.unlink()
        sys.exit(f"the folders hold {size:,} bytes of text; name more of them")
    return path


def environment() -> tuple[Path, Path]:
    """A Python with tiktoken, and the folder of vocabularies that it takes for its cache."""
    python = VENV / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet"]
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
        subprocess.run([*install, *PACKAGES], check=True)
        subprocess.run([*install, "--no-deps", *VOCABULARIES], check=True)
    folders = VENV.glob("lib/*/site-packages/litellm/litellm_core_utils/tokenizers")
    return python, next(folders)


def contenders(corpus: Path, encoding: str, threads: int, python: Path) -> dict[str, list[str]]:
    release = ROOT / "target" / "release"
    common = [str(corpus), encoding, str(threads)]
    plain = [str(release / "tollbook"), "tokenise", str(corpus), "--as", "text"]
    return {
        "tollbook": [*plain, "--encoding", encoding, "--format", "json"],
        "bare loop": [str(release / "examples" / "bare_toktok"), *common],
        "tiktoken": [str(python), "-c", TIKTOKEN, *common],
    }


def tokens_of(output: str) -> int:
    """The bare number that the others print, or the total of tollbook's JSON."""
    found = json.loads(output)
    return found if isinstance(found, int) else int(found["total"]["input_tokens"])


def run(command: list[str], threads: int, vocabularies: Path) -> tuple[int, float, float, float]:
    """Tokens, wall seconds, CPU seconds and peak memory [MiB]."""
    cores = set(sorted(os.sched_getaffinity(0))[:threads])
    variables = os.environ | {"TIKTOKEN_CACHE_DIR": str(vocabularies)}
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        bind = lambda: os.sched_setaffinity(0, cores)  # noqa: E731
        child = subprocess.Popen(command, stdout=out, env=variables, cwd=WORK, preexec_fn=bind)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            sys.exit(f"{command[0]} ended with {child.returncode}")
        out.seek(0)
        cpu = usage.ru_utime + usage.ru_stime
        return tokens_of(out.read()), wall, cpu, usage.ru_maxrss / 1024


def measure(corpus: Path, encoding: str, rounds: int) -> None:
    python, vocabularies = environment()
    figures = defaultdict(list)
    tokens = {}
    for _ in range(rounds):
        for threads in (1, 2):
            for name, command in contenders(corpus, encoding, threads, python).items():
                tokens[name], *found = run(command, threads, vocabularies)
                figures[name, threads].append(found)
    if len(set(tokens.values())) > 1:
        sys.exit(f"the counts differ: {tokens}")
    size = corpus.stat().st_size
    print(f"\n{encoding}: {size:,} bytes, {tokens['tollbook']:,} tokens in all\n")
    report(figures, size)


def report(figures: dict, size: int) -> None:
    def median(key: tuple[str, int], which: int) -> float:
        return statistics.median(found[which] for found in figures[key])

    print("| program | threads | wall s | CPU s | MB/s | times tollbook's wall | peak MiB |")
    print("|---|---|---|---|---|---|---|")
    for name, threads in sorted(figures, key=lambda key: (key[1], key[0] != "tollbook")):
        wall, cpu, peak = (median((name, threads), which) for which in range(3))
        ratio = wall / median(("tollbook", threads), 0)
        rate = size / wall / 1e6
        print(f"| {name} | {threads} | {wall:.2f} | {cpu:.2f} | {rate:.0f} | {ratio:.2f} | "
              f"{peak:.0f} |")
    for name in ("tollbook", "bare loop", "tiktoken"):
        print(f"\n{name}, one thread to two: × {median((name, 1), 0) / median((name, 2), 0):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--megabytes", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--encodings", nargs="+", default=["o200k_base", "cl100k_base"])
    arguments = parser.parse_args()
    corpus = make_corpus(arguments.folders, arguments.megabytes)
    for encoding in arguments.encodings:
        measure(corpus, encoding, arguments.rounds)


if __name__ == "__main__":
    main()
