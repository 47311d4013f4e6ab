#!/usr/bin/env python3
"""Compares the Swift scanner with semgrep and bandit, and the whole audit with its tools one after another.

    compare.py SCANBENCH PITWALL CHECKOUTS TOOLS

Prints Markdown. Every time is wall time of a whole process, start included, the best of the rounds given.
"""
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = ["swift-nio", "GRDB.swift", "swift-syntax"]


def timed(command, rounds=1, accepted=(0, 1), **options):
    """Seconds of the fastest of some runs."""
    best = None
    for _ in range(rounds):
        start = time.monotonic()
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)
        seconds = time.monotonic() - start
        if done.returncode not in accepted:
            sys.exit(f"{command[0]}: status {done.returncode}: {done.stderr[-2000:]}")
        best = seconds if best is None else min(best, seconds)
    return best


def sources(folder, ending):
    """Files below a folder, without tests, installed packages and what is hidden."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in LEFT_OUT)
        yield from (os.path.join(parent, name) for name in sorted(files) if name.endswith(ending))


LEFT_OUT = {"test", "tests", "site-packages", "dist-packages", "lib2to3", "__pycache__"}


def lines(files):
    total = 0
    for name in files:
        with open(name, "rb") as file:
            total += file.read().count(b"\n")
    return total


def row(name, count, seconds, base=None):
    speed = count / seconds
    ratio = f"{speed / base:.1f}" if base else ""
    print(f"| {name} | {count:,} | {seconds:.2f} | {speed:,.0f} | {ratio} |")
    return speed


def scanners(scan_bench, checkouts, tools, scratch):
    python = os.path.join(scratch, "python")
    library = sysconfig.get_path("stdlib")
    for name in sources(library, ".py"):
        target = os.path.join(python, os.path.relpath(name, library))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(name, target)
    count = lines(sources(python, ".py"))
    print("### Scanners: lines a second\n")
    print("| Tool and sources | lines | seconds | lines/s | times bandit |\n| --- | --: | --: | --: | --: |")
    seconds = timed([os.path.join(tools, "bandit"), "-q", "-r", "-f", "json", "-o", os.path.join(scratch, "bandit.json"), python])
    bandit = row("bandit, Python's standard library", count, seconds)
    rules = os.path.join(HERE, "semgrep-swift.yml")
    ratios = []
    for package in PACKAGES:
        folder = os.path.join(scratch, package)
        shutil.copytree(os.path.join(checkouts, package), folder, ignore=shutil.ignore_patterns(".*"))
        files = list(sources(folder, ".swift"))
        for name in set(all_swift(folder)) - set(files):
            os.unlink(name)
        count = lines(files)
        own = row(f"pitwall, {package}", count, timed([scan_bench, "--rounds", "1", folder], rounds=3), bandit)
        command = [os.path.join(tools, "semgrep"), "scan", "--config", rules, "--metrics", "off", "--quiet", "--json"]
        report = os.path.join(scratch, "semgrep.json")
        command += ["--disable-version-check", "--oss-only", "--no-git-ignore", "--output", report, folder]
        other = row(f"semgrep, {package}", count, timed(command, env=quiet(tools)))
        expect_scanned(report, len(files))
        ratios.append(f"{package} {own / other:.1f}")
    print(f"\npitwall to semgrep: {', '.join(ratios)} times the lines a second.\n")


def expect_scanned(report, count):
    """Ends the run if semgrep left out files: with a rule that it cannot read it is done at once, and looks fast."""
    with open(report) as file:
        scanned = len(json.load(file)["paths"]["scanned"])
    if scanned < count:
        sys.exit(f"semgrep scanned {scanned} of {count} files")


def all_swift(folder):
    for parent, _, files in os.walk(folder):
        yield from (os.path.join(parent, name) for name in files if name.endswith(".swift"))


def quiet(tools):
    return dict(os.environ, PATH=tools + ":" + os.environ["PATH"], SEMGREP_SEND_METRICS="off", NO_COLOR="1")


def audits(pitwall, tools, scratch):
    tree = os.path.join(scratch, "tree")
    os.makedirs(tree)
    for package in ["asyncio", "email", "http", "json", "logging", "unittest", "urllib", "xml"]:
        shutil.copytree(os.path.join(scratch, "python", package), os.path.join(tree, "python", package))
    shutil.copytree(os.path.join(scratch, "swift-nio", "Sources"), os.path.join(tree, "Sources"))
    shutil.copyfile(os.path.join(HERE, "semgrep-swift.yml"), os.path.join(tree, ".semgrep.yml"))
    with open(os.path.join(tree, "Package.resolved"), "w") as file:
        json.dump({"version": 2, "pins": []}, file)
    advisories = os.path.join(HERE, "../../Tests/SecurityAuditTests/Fixtures/advisories")
    names = ["swift", "dependencies", "bandit", "semgrep", "secrets"]

    def audit(*chosen):
        command = [pitwall, "audit", tree, "--tools", ",".join(chosen), "--osv", advisories, "--json", os.path.join(scratch, "audit.json")]
        # 2: semgrep leaves out what it cannot parse, and an audit that names its tools says so.
        return timed(command, accepted=(0, 1, 2), env=quiet(tools))

    print("### The whole audit\n\n| Run | seconds |\n| --- | --: |")
    alone = {name: audit(name) for name in names}
    for name, seconds in alone.items():
        print(f"| {name} alone | {seconds:.2f} |")
    total = sum(alone.values())
    together = audit(*names)
    print(f"| one after another | {total:.2f} |\n| one audit, all of them | {together:.2f} |")
    print(f"\none after another to one audit: {total / together:.2f}")


def main():
    scan_bench, pitwall, checkouts, tools = map(os.path.abspath, sys.argv[1:5])
    with tempfile.TemporaryDirectory(prefix="check-bench-") as scratch:
        scanners(scan_bench, checkouts, tools, scratch)
        audits(pitwall, tools, scratch)


main()
