#!/usr/bin/env python3
"""How exactly does pitwall load measure a server whose delays are known?

    Benchmarks/load/accuracy.py path/to/release/pitwall

The server notes itself how long each answer took, so its own lateness is not blamed on the generator. Truth for a
percentile is the server's own measure; for the stall it follows from the schedule: of the requests that are due in
half a second of stall, each waits for the rest of it. Prints a Markdown table of the open loop's error, and the closed
loop beside it, which does not see the stall.
"""
import asyncio
import json
import subprocess
import sys
import tempfile
import threading
import time

RATE, SECONDS, PORT = 200, 20, 18778


class Server:
    def __init__(self, mode):
        self.mode, self.taken, self.count = mode, [], 0

    async def answer(self, reader, writer):
        try:
            while True:
                await reader.readuntil(b"\r\n\r\n")
                began = time.monotonic()
                self.count += 1
                if self.mode == "fixed 20 ms":
                    await asyncio.sleep(0.020)
                elif self.mode == "two-peaked 5 / 60 ms":
                    await asyncio.sleep(0.060 if self.count % 10 == 0 else 0.005)
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
                self.taken.append((time.monotonic() - began) * 1000)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def stall(self):
        """Stands still for half a second in every ten."""
        while True:
            await asyncio.sleep(4.75)
            time.sleep(0.5)
            await asyncio.sleep(4.75)

    async def serve(self, started):
        self.stopping = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self.answer, "127.0.0.1", PORT)
        stalls = asyncio.create_task(self.stall()) if self.mode.startswith("stall") else None
        started.set()
        await self.stopping.wait()
        if stalls:
            stalls.cancel()
        server.close()


def percentile(values, share):
    values = sorted(values)
    return values[min(len(values) - 1, int(share * len(values)))]


def run(pitwall, mode, open_loop):
    server = Server(mode)
    started = threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(started)), daemon=True)
    thread.start()
    started.wait()
    with tempfile.NamedTemporaryFile(suffix=".json") as output:
        loop = ["--rate", str(RATE), "--concurrency", "150"] if open_loop else ["--concurrency", "10"]
        subprocess.run(
            [pitwall, "load", "--url", f"http://127.0.0.1:{PORT}", "--scenario", "landing", "--duration",
             str(SECONDS), "--no-calibration", "--output", output.name, *loop],
            stderr=subprocess.DEVNULL, check=False)
        result = json.load(open(output.name))
    server.loop.call_soon_threadsafe(server.stopping.set)
    thread.join()
    return server, result


def main():
    pitwall = sys.argv[1]
    print("| server | percentile | truth ms | open loop ms | error | within 2 % or 1 ms | closed loop ms |")
    print("| --- | --- | ---: | ---: | ---: | --- | ---: |")
    for mode in ["fixed 20 ms", "two-peaked 5 / 60 ms", "stall of 500 ms each 10 s"]:
        server, result = run(pitwall, mode, True)
        measured = result["scenarios"][0]
        _, closed = run(pitwall, mode, False)
        truth = list(server.taken)
        if mode.startswith("stall"):
            # Two stalls in 20 s hold up 5 % of the requests, by 500 ms down to nothing.
            held = int(0.5 * RATE)
            truth = server.taken + []
            truth[: 2 * held] = [500 * (i % held) / held for i in range(2 * held)]
        for name, share in [("p50", 0.5), ("p95", 0.95), ("p99", 0.99)]:
            expected, got = percentile(truth, share), measured[name]
            error = got - expected
            good = abs(error) <= max(1, 0.02 * expected)
            print(f"| {mode} | {name} | {expected:.2f} | {got:.2f} | {error:+.2f} | {'yes' if good else 'no'} | "
                  f"{closed['scenarios'][0][name]:.2f} |")
        print(f"<!-- {result['validity']['stamp']}: {'; '.join(result['validity']['reasons'])} -->", file=sys.stderr)


main()
