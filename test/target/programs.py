# SPDX-License-Identifier: MIT
"""Runs Python programs one after the other, each in a process of its own, forked from one that has the library loaded.

A line of JSON on the standard input is a program: its words, and the seconds that it may take. Its first word is a
file, or its text where that has several lines. The answer is a line, too: how it ended (a signal is negative), what it
printed and what it complained of.
"""
import asyncio  # noqa: F401 (each program would load it again, which takes an emulated board two seconds)
import errno  # noqa: F401
import json
import os
import runpy
import shutil  # noqa: F401
import signal
import sys
from typing import List

import rpmsg_sdb  # noqa: F401


def said(name: str) -> str:
    with open(name, encoding="utf-8") as file:
        return file.read()


def main() -> None:
    sys.path.insert(0, os.getcwd())
    for line in sys.stdin:
        words, seconds = json.loads(line)
        child = os.fork()
        if child == 0:
            return run(words, seconds)
        _, status = os.waitpid(child, 0)
        print(json.dumps([os.waitstatus_to_exitcode(status), said("stdout"), said("stderr")]), flush=True)


def run(words: List[str], seconds: int) -> None:
    for fd, name in enumerate((os.devnull, "stdout", "stderr")):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), fd)
    signal.alarm(seconds)
    sys.argv = words
    if "\n" in words[0]:
        exec(compile(words[0], "program", "exec"), {"__name__": "__main__"})
    else:
        runpy.run_path(words[0], run_name="__main__")


main()
