"""Known defects, each marked with the rule that has to report it, and non-defects without a mark."""
import ast
import hashlib
import subprocess  # expect: B404
import tempfile

import yaml


class Runner:
    def run(self, command):
        assert command
        return subprocess.call(command, shell=True)  # expect: B602

    def list(self):
        return ast.literal_eval("[1, 2]")


def digest(data):
    return hashlib.md5(data).hexdigest()  # expect: B324


def fingerprint(data):
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def settings(text):
    return yaml.load(text)  # expect: B506


def safe_settings(text):
    return yaml.safe_load(text)


def scratch():
    return tempfile.NamedTemporaryFile()


def evaluate(text):
    return eval(text)  # expect: B307
