#!/usr/bin/env python3
"""How exactly do load generators measure a server whose delays are known?

    Benchmarks/push/accuracy.py PATH-OF-RELEASE-pitwall [SECONDS]

The server notes itself how long each answer took, so its own lateness is not blamed on a generator. Truth for a
percentile is the server's own measure; for the stall it follows from the schedule: each request that is due in half a
second of stall waits for the rest of it. Prints a Markdown table: pitwall's open loop and its error, pitwall's closed
loop, and the constant rates of hey and h2load, where they are installed. The server has one core, the generator the
other.
"""
import asyncio
import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

RATE = 200
CONNECTIONS = 150
MODES = ["fixed 20 ms", "two-peaked 5 / 60 ms", "stall of 500 ms each 10 s"]


class Server:
    """Answers on a thread of its own with the delays of one mode."""

    def __init__(self, mode):
        self.mode, self.taken, self.count = mode, [], 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.started = threading.Event()
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve()), daemon=True)

    def __enter__(self):
        self.thread.start()
        self.started.wait()
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self.stopping.set)
        self.thread.join()

    async def serve(self):
        self.loop, self.stopping = asyncio.get_running_loop(), asyncio.Event()
        server = await asyncio.start_server(self.answer, sock=self.listener)
        stalls = asyncio.create_task(self.stall()) if self.mode.startswith("stall") else None
        self.started.set()
        await self.stopping.wait()
        if stalls:
            stalls.cancel()
        server.close()

    async def answer(self, reader, writer):
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                began = time.monotonic()
                self.count += 1
                if self.mode.startswith("fixed"):
                    await asyncio.sleep(0.020)
                elif self.mode.startswith("two-peaked"):
                    await asyncio.sleep(0.060 if self.count % 10 == 0 else 0.005)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                self.taken.append((time.monotonic() - began) * 1000)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            writer.close()

    async def stall(self):
        """Stands still for half a second in every ten, in their middle."""
        while True:
            await asyncio.sleep(4.75)
            time.sleep(0.5)
            await asyncio.sleep(4.75)

    def truth(self, seconds):
        if not self.mode.startswith("stall"):
            return self.taken
        held = int(0.5 * RATE)
        stalls = seconds // 10
        return self.taken[stalls * held:] + [500 * (i + 0.5) / held for i in range(held)] * stalls


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


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
    for mode in MODES:
        with Server(mode) as server:
            opened = pitwall(path, server.url, seconds, "--rate", str(RATE), "--concurrency", str(CONNECTIONS))
            truth = server.truth(seconds)
        with Server(mode) as server:
            closed = pitwall(path, server.url, seconds, "--concurrency", "10")
        latencies = []
        for tool in others:
            with Server(mode) as server:
                latencies.append(globals()[tool](server.url, seconds))
        for name, share in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)]:
            expected, got = percentile(truth, share), opened["scenarios"][0][name]
            good = abs(got - expected) <= max(1, 0.02 * expected)
            cells = [mode, name, f"{expected:.2f}", f"{got:.2f}", f"{got - expected:+.2f}", "yes" if good else "no",
                     f"{closed['scenarios'][0][name]:.2f}"]
            print("| " + " | ".join(cells + [f"{percentile(values, share):.2f}" for values in latencies]) + " |")
        stamps = [result["validity"]["stamp"] for result in (opened, closed)]
        counts = [result["scenarios"][0]["count"] for result in (opened, closed)]
        notes.append(f"{mode}: open loop {counts[0]} requests, stamped {stamps[0]}; "
                     f"closed loop {counts[1]} requests, stamped {stamps[1]}")
    print()
    for note in notes:
        print(f"* {note}")


main()
