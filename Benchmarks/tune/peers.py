"""The same selects through psycopg_pool and asyncpg: peers.py URL SECONDS. Prints a figure a line."""

import asyncio
import random
import sys
import time

import asyncpg
import psycopg_pool

URL, SECONDS = sys.argv[1], float(sys.argv[2])


async def per_second(tasks, operation):
    end = time.monotonic() + SECONDS

    async def loop():
        count = 0
        while time.monotonic() < end:
            await operation(random.randrange(1, 100_001))
            count += 1
        return count

    start = time.monotonic()
    counts = await asyncio.gather(*(loop() for _ in range(tasks)))
    return sum(counts) / (time.monotonic() - start)


async def through_asyncpg(tasks, connections):
    async with asyncpg.create_pool(URL, min_size=connections, max_size=connections) as pool:

        async def select(number):
            async with pool.acquire() as connection:
                await connection.fetchval("SELECT abalance FROM pgbench_accounts WHERE aid = $1", number)

        return await per_second(tasks, select)


async def through_psycopg(tasks, connections):
    async with psycopg_pool.AsyncConnectionPool(
        URL, min_size=connections, max_size=connections, timeout=60, kwargs={"autocommit": True, "prepare_threshold": 1}
    ) as pool:

        async def select(number):
            async with pool.connection() as connection:
                cursor = await connection.execute(
                    "SELECT abalance FROM pgbench_accounts WHERE aid = %s", [number], prepare=True
                )
                await cursor.fetchone()

        return await per_second(tasks, select)


async def main():
    for name, through in (("asyncpg", through_asyncpg), ("psycopg_pool", through_psycopg)):
        for tasks in (8, 64):
            print(f"{name} {tasks}\t{await through(tasks, 8):.0f}", flush=True)


asyncio.run(main())
