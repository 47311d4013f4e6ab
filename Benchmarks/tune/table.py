"""Makes a Markdown table of the figures on its input, `name<TAB>value` a line: medians, with ratios to the peer.

A ratio is the median of the rounds' own, each of two figures that were measured one after the other: the machine's speed
changes by more than what is compared from one minute to the next.
"""

import statistics
import sys

figures = {}
for line in sys.stdin:
    name, _, value = line.rstrip("\n").partition("\t")
    figures.setdefault(name, []).append(float(value))
median = {name: statistics.median(values) for name, values in figures.items()}


def row(what, name, unit, peer="", peer_name="", goal=""):
    if name not in median:
        return
    value = median[name]
    ratio = ""
    if peer_name:
        ratios = [own / peers for own, peers in zip(figures[name], figures[peer_name])]
        ratio = f"{statistics.median(ratios):.2f} × {peer} ({median[peer_name]:,.0f})"
    spread = figures[name]
    text = f"{value:,.0f}" if value >= 100 else f"{value:.1f}"
    between = f"{min(spread):,.0f} to {max(spread):,.0f}" if len(spread) > 1 else ""
    print(f"| {what} | {text} {unit} | {between} | {ratio} | {goal} |")


print("| What | Median | Spread | Against | Goal |\n|---|--:|--:|---|---|")
for clients in (1, 4, 8):
    row(
        f"select through `withConnection`, {clients} connections, {clients} tasks", f"select {clients}", "/s",
        f"pgbench, {clients} clients", f"pgbench {clients}", "≥ 0.9",
    )
for clients in (1, 4, 8):
    row(
        f"the same on `PostgresTaskExecutor`, {clients} connections", f"select executor {clients}", "/s",
        f"pgbench, {clients} clients", f"pgbench {clients}", "≥ 0.9",
    )
for clients in (1, 4, 8):
    row(
        f"the same through `pool.query`, {clients} connections", f"query {clients} {clients}", "/s",
        f"pgbench, {clients} clients", f"pgbench {clients}",
    )
for connections in (1, 4, 8):
    row(f"processor time of a select, {connections} connections", f"select {connections} cpu", "µs")
    row("the same on `PostgresTaskExecutor`", f"select executor {connections} cpu", "µs")
for peer in ("asyncpg", "psycopg_pool"):
    row("select through `withConnection`, 8 connections, 8 tasks", "select 8", "/s", peer, f"{peer} 8", "> 1")
for connections in (1, 2, 8):
    row(
        f"`pool.query` from 64 tasks, {connections} connections", f"query 64 {connections}", "/s", "pgbench, 64 clients",
        "pgbench 64", "≥ 2",
    )
for peer in ("asyncpg", "psycopg_pool"):
    row("`pool.query` from 64 tasks, 8 connections", "query 64 8", "/s", f"{peer}, 64 tasks", f"{peer} 64", "> 1")
row("`pool.query` from 64 tasks, 8 connections, a sync a statement", "query alone 64 8", "/s", "pgbench, 64 clients", "pgbench 64")
row(
    "`pool.query` from 64 tasks on `PostgresTaskExecutor`, 8 connections", "query executor 64 8", "/s",
    "pgbench, 64 clients", "pgbench 64", "≥ 2",
)
for connections in (1, 2, 8):
    row(f"processor time of a `pool.query`, 64 tasks, {connections} connections", f"query 64 {connections} cpu", "µs")
row("acquire and release, uncontended", "acquire", "ns", goal="≤ 200 ns")
for name in ("p50", "p90", "p99", "max"):
    row(f"wait of 1,000 waiters on 8 connections, {name}", f"wait {name}", "ms")
for name, what in (("drain first", "drain of 1,000 routes, the first"), ("drain next", "drain of 1,000 routes, those after it")):
    row(what, name, "ms")
for name, what in (
    ("dashboard day fleet", "dashboard, 24 h of 2 instances, 10 million requests"),
    ("dashboard day one", "the same, one instance alone"),
    ("dashboard hour fleet", "dashboard, 1 h of the same"),
):
    row(what, name, "ms")
