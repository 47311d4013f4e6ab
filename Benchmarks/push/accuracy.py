#!/usr/bin/env python3
"""How exactly do load generators measure a server whose delays are known?

    Benchmarks/push/accuracy.py PATH-OF-RELEASE-pitwall [SECONDS]

The server notes itself how long each answer took, from the kernel's stamp of the request's arrival until its answer was
handed to the kernel, so its own lateness is not blamed on a generator. That measure is the truth for a user whose requests
arrive when they are due; what a generator sends late is its own error, because its latencies count from the due time.
Percentiles are nearest-rank on both sides. Prints a Markdown table: pitwall's open loop and its error, pitwall's closed loop, and the constant rates of hey and h2load, where they
are installed. The server has one core, the generator the other.
"""
import csv
import io
import itertools
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile

from delays import Server

RATE = 200
CONNECTIONS = 150
MODES = {
    "fixed 20 ms": lambda: Server(lambda: 0.020),
    "two-peaked 5 / 60 ms": lambda: Server(itertools.cycle([0.060] + [0.005] * 9).__next__),
    "stall of 500 ms each 10 s": lambda: Server(stall=0.5),
}


def percentile(values, share):
    """The nearest-rank percentile, as pitwall's: the least value that this share of all does not exceed."""
    values = sorted(values)
    return values[min(len(values), max(1, math.ceil(share * len(values)))) - 1]


def pitwall(path, url, seconds, *loop):
    with tempfile.NamedTemporaryFile(suffix=".json") as output:
        run([path, "load", "--url", url, "--scenario", "landing", "--duration", str(seconds), "--no-calibration",
             "--output", output.name, *loop])
        return json.load(open(output.name))


def hey(url, seconds):
    """Response times of hey's constant rate, from its CSV; the rate is shared by ten workers."""
    text = run(["hey", "-o", "csv", "-z", f"{seconds}s", "-c", "10", "-q", str(RATE // 10), url])
    return [float(row["response-time"]) * 1000 for row in csv.DictReader(io.StringIO(text))]


def h2load(url, seconds):
    """Response times of h2load's constant rate, from its log; the rate is shared by ten clients."""
    with tempfile.NamedTemporaryFile() as log:
        run(["h2load", "--h1", "-t1", "-c10", f"--rps={RATE // 10}", f"-D{seconds}", f"--log-file={log.name}", url])
        return [int(line.split("\t")[2]) / 1000 for line in open(log.name)]


def run(command):
    return subprocess.run(["taskset", "-c", "1", *command], capture_output=True, text=True, check=False).stdout


def main():
    path, seconds = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 20
    os.sched_setaffinity(0, {0})
    others = [tool for tool in ("hey", "h2load") if shutil.which(tool)]
    columns = ["server", "percentile", "truth ms", "open loop ms", "error ms", "within 2 % or 1 ms", "closed loop ms"]
    print("| " + " | ".join(columns + [f"{tool} ms" for tool in others]) + " |")
    print("| --- | --- | ---: | ---: | ---: | --- | ---: |" + " ---: |" * len(others))
    notes = []
    for mode, server_of in MODES.items():
        with server_of() as server:
            opened = pitwall(path, server.url, seconds, "--rate", str(RATE), "--concurrency", str(CONNECTIONS))
            truth, unstamped = server.taken, server.unstamped
        with server_of() as server:
            closed = pitwall(path, server.url, seconds, "--concurrency", "10")
        latencies = []
        for tool in others:
            with server_of() as server:
                latencies.append(globals()[tool](server.url, seconds))
        for name, share in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)]:
            expected, got = percentile(truth, share), opened["scenarios"][0][name]
            good = abs(got - expected) <= max(1, 0.02 * expected)
            cells = [mode, name, f"{expected:.2f}", f"{got:.2f}", f"{got - expected:+.2f}", "yes" if good else "no",
                     f"{closed['scenarios'][0][name]:.2f}"]
            print("| " + " | ".join(cells + [f"{percentile(values, share):.2f}" for values in latencies]) + " |")
        stamps = [result["validity"]["stamp"] for result in (opened, closed)]
        counts = [result["scenarios"][0]["count"] for result in (opened, closed)]
        if "stall" in mode:
            # 500 ms in 10 s are 5 % of the requests: p95 lies where the stall's latencies begin.
            edge = [percentile(truth, share) for share in (0.949, 0.951)]
            notes.append(f"{mode}: p95 lies on an edge; the truth is {edge[0]:.2f} ms at p94.9 and {edge[1]:.2f} at p95.1")
        notes.append(f"{mode}: open loop {counts[0]} requests ({unstamped} without the kernel's stamp), "
                     f"stamped {stamps[0]}; closed loop {counts[1]} requests, stamped {stamps[1]}")
    print()
    for note in notes:
        print(f"* {note}")


main()
