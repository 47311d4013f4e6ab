#!/usr/bin/env python3
"""What does `pitwall load --versus` say of two live servers that differ by a known amount?

    Benchmarks/push/versus.py PATH-OF-RELEASE-pitwall [TRIALS] [--planted nothing] [--seconds 60] [--at-once 1]

Each trial starts two servers whose delays are drawn from the same distribution, 10 ms and an exponential part of 3 ms;
B's are longer by nothing, 3 % or 10 %. Prints a Markdown table of the verdicts; "slower" or "faster" where nothing was
planted is a false alarm, of which pitwall states 5 % for all percentiles together.
"""
import argparse
import collections
import concurrent.futures
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile

from delays import Server

SLOWDOWNS = {"nothing": 0, "3 %": 0.03, "10 %": 0.10}
RATE = 300


def serve(slowdown, seed, pipe):
    chance = random.Random(seed)
    with Server(lambda: (0.010 + chance.expovariate(1 / 0.003)) * (1 + slowdown)) as server:
        pipe.send(server.url)
        pipe.recv()


def start(slowdown, seed):
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(slowdown, seed, theirs), daemon=True)
    process.start()
    return process, ours, ours.recv()


def trial(path, slowdown, seed, seconds):
    """The comparison's verdict and after how many seconds it was known."""
    servers = [start(0, 2 * seed), start(slowdown, 2 * seed + 1)]
    try:
        with tempfile.NamedTemporaryFile(suffix=".json") as output:
            run = subprocess.run(
                [path, "load", "--url", servers[0][2], "--versus", servers[1][2], "--scenario", "landing",
                 "--rate", str(RATE), "--concurrency", "50", "--duration", str(seconds), "--json",
                 "--output", output.name], capture_output=True, text=True, check=False)
        try:
            report = json.loads(run.stdout)
        except ValueError:
            return "refused: " + run.stderr.strip().splitlines()[-1], None
        comparison = report["scenarios"][0]
        return comparison["verdict"], comparison.get("decided_after_seconds")
    finally:
        for process, pipe, _ in servers:
            pipe.send("stop")
            process.join()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("path")
    parser.add_argument("trials", type=int, nargs="?", default=10)
    parser.add_argument("--planted", action="append", choices=SLOWDOWNS, help="only this slow-down")
    parser.add_argument("--seconds", type=int, default=60, help="how long a trial may take")
    parser.add_argument("--at-once", type=int, default=1, help="trials beside each other, which disturb each other")
    asked = parser.parse_args()
    print("| planted | trials | verdicts | decided after, median s |\n| --- | ---: | --- | ---: |")
    for number, (name, slowdown) in enumerate(SLOWDOWNS.items()):
        if asked.planted and name not in asked.planted:
            continue
        with concurrent.futures.ThreadPoolExecutor(asked.at_once) as pool:
            outcomes = list(pool.map(
                lambda index: trial(asked.path, slowdown, 1000 * number + index, asked.seconds), range(asked.trials)))
        counts = collections.Counter(verdict for verdict, _ in outcomes)
        times = sorted(seconds for _, seconds in outcomes if seconds is not None)
        verdicts = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
        print(f"| {name} | {asked.trials} | {verdicts} | {times[len(times) // 2] if times else '–'} |", flush=True)


main()
