#!/usr/bin/env python3
"""How exactly do load generators measure a server whose delays are known?

    Benchmarks/push/accuracy.py PATH-OF-RELEASE-pitwall [SECONDS]

The server notes itself how long each answer took, from the kernel's stamp of the request's arrival until its answer was
handed to the kernel, so its own lateness is not blamed on a generator. That measure is the truth. Prints a Markdown
table: pitwall's open loop and its error, pitwall's closed loop, and the constant rates of hey and h2load, where they
are installed. The server has one core, the generator the other.
"""
import csv
import heapq
import io
import json
import math
import os
import selectors
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

RATE = 200
CONNECTIONS = 150
MODES = ["fixed 20 ms", "two-peaked 5 / 60 ms", "stall of 500 ms each 10 s"]


class Server:
    """Answers on a thread of its own with the delays of one mode.

    How long an answer took counts from the kernel's own stamp of the request's arrival (SO_TIMESTAMPNS, socket(7)), so
    that the time in which the request waited for this process is the server's and not blamed on a generator.
    """

    STAMP = 35  # SO_TIMESTAMPNS on Linux; the module socket does not name it in every version.
    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    def __init__(self, mode):
        self.mode, self.taken, self.unstamped, self.stopping = mode, [], 0, False
        self.due, self.count = [], 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.listener.setblocking(False)
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.waker, self.wakened = socket.socketpair()
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopping = True
        self.waker.send(b"x")
        self.thread.join()

    def delay(self):
        self.count += 1
        if self.mode.startswith("fixed"):
            return 0.020
        if self.mode.startswith("two-peaked"):
            return 0.060 if self.count % 10 == 0 else 0.005
        return 0

    def serve(self):
        ready = selectors.DefaultSelector()
        ready.register(self.listener, selectors.EVENT_READ)
        ready.register(self.wakened, selectors.EVENT_READ)
        # It stands still for half a second in every ten, in their middle.
        stall = time.time() + 4.75 if self.mode.startswith("stall") else math.inf
        while not self.stopping:
            next_due = min(stall, self.due[0][0] if self.due else math.inf)
            # The selector's clock is in whole milliseconds: the last of them is spent looking.
            events = ready.select(None if next_due == math.inf else max(0, next_due - time.time() - 0.001))
            for key, _ in events:
                if key.fileobj is self.listener:
                    connection, _ = self.listener.accept()
                    connection.setsockopt(socket.SOL_SOCKET, self.STAMP, 1)
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    ready.register(connection, selectors.EVENT_READ)
                elif key.fileobj is not self.wakened:
                    self.receive(key.fileobj, ready)
            while self.due and self.due[0][0] <= time.time():
                _, arrival, connection = heapq.heappop(self.due)
                self.answer(connection, arrival)
            if time.time() >= stall:
                time.sleep(0.5)
                stall += 10
        for key in list(ready.get_map().values()):
            key.fileobj.close()

    def receive(self, connection, ready):
        try:
            request, ancillary, _, _ = connection.recvmsg(4096, 64)
        except ConnectionError:
            request = b""
        if not request:
            ready.unregister(connection)
            connection.close()
            return
        arrival = time.time()
        stamps = [data for level, kind, data in ancillary if kind == self.STAMP]
        if stamps:
            whole, nanoseconds = struct.unpack("qq", stamps[0])
            arrival = whole + nanoseconds / 1e9
        else:
            self.unstamped += 1
        delay = self.delay()
        if delay:
            heapq.heappush(self.due, (arrival + delay, arrival, connection))
        else:
            self.answer(connection, arrival)

    def answer(self, connection, arrival):
        try:
            connection.send(self.ANSWER)
            self.taken.append((time.time() - arrival) * 1000)
        except OSError:
            pass  # The generator has gone.


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
            truth, unstamped = server.taken, server.unstamped
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
        notes.append(f"{mode}: open loop {counts[0]} requests ({unstamped} without the kernel's stamp), "
                     f"stamped {stamps[0]}; closed loop {counts[1]} requests, stamped {stamps[1]}")
    print()
    for note in notes:
        print(f"* {note}")


main()
