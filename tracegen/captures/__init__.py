"""Captures: what Kafka's own tools print about a run, for readers who will type such commands.

    tracegen/captures/NAME.toml    the session: which run, which commands, what to look at
    docs/captures/NAME.toml        the baseline: what they printed
    build/captures/NAME.toml       the build's own

Rule 1: output is captured, never typed. What is put in place of what, `plain.signs` tells.
Rule 2: a number that the recording of the same scenario shows too must be the same: `agreeing`.
"""

from tracegen.captures.agreeing import disagreements
from tracegen.captures.files import KIND, Capture, Ran, differences, dump, parse, shown
from tracegen.captures.plain import plain, signs
from tracegen.captures.sessions import Command, Session, digest, load, names

__all__ = [
    "KIND",
    "Capture",
    "Command",
    "Ran",
    "Session",
    "differences",
    "digest",
    "disagreements",
    "dump",
    "load",
    "names",
    "parse",
    "plain",
    "shown",
    "signs",
]
