"""What has to change from one scenario's flow to another's: services, topics, lines of code.

Measured: the flows say who reads what, and the files that run are compared line by line.
"""

import inspect
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff
from types import ModuleType

from tracegen import scenario as scenarios
from tracegen.errors import PageError
from tracegen.flows import FLOWS, Flow, Participant


@dataclass(frozen=True)
class Change:
    """One service that runs other code."""

    who: str
    before: str
    """The file; empty for a new service."""
    after: str
    added_count: int
    removed_count: int
    is_new: bool
    """A file beside the one before, which it uses; that one stays as it is."""
    diff: str
    """Line by line, as `diff -u` writes it; of a new file all of it."""


@dataclass(frozen=True)
class Reads:
    """One service that reads other topics."""

    who: str
    more: tuple[str, ...]
    less: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """What changes in one style."""

    style: str
    services: tuple[str, ...]
    """New ones."""
    topics: tuple[str, ...]
    """New ones."""
    messages: tuple[str, ...]
    """New ones."""
    reads: tuple[Reads, ...]
    """Of services that were there before."""
    code: tuple[Change, ...]
    """Of services that were there before."""
    new_code: tuple[Change, ...]
    """Of new services."""
    untouched: tuple[str, ...]
    transactional: tuple[bool, bool]
    """Before, after."""

    @property
    def redeployed(self) -> tuple[str, ...]:
        """Services that were there before and must be deployed again: other code, other topics."""
        return tuple(dict.fromkeys([*(c.who for c in self.code), *(r.who for r in self.reads)]))

    @property
    def files(self) -> tuple[Change, ...]:
        """Files that are new or changed."""
        return (*self.code, *self.new_code)

    @property
    def added_count(self) -> int:
        """Lines that these files have more."""
        return sum(one.added_count for one in self.files)

    @property
    def removed_count(self) -> int:
        """Lines that went."""
        return sum(one.removed_count for one in self.files)

    @property
    def is_same(self) -> bool:
        """Nothing changes."""
        return not (
            self.services or self.topics or self.messages or self.reads or self.code
        ) and len(set(self.transactional)) == 1  # fmt: skip


@dataclass(frozen=True)
class Model:
    """Both styles, and each changed file once."""

    before: str
    """Title of a scenario."""
    after: str
    sides: tuple[Side, ...]
    files: tuple[Change, ...]


def build(*, before: str, after: str) -> Model:
    """Compare the flows of two scenarios.

    Args:
        before: Name of a scenario.
        after: Name of another.

    Raises:
        UsageError: There is no such scenario.
        PageError: Both run the same flows.
    """
    one, other = scenarios.load(before), scenarios.load(after)
    sides = tuple(side_of(one.flow(style), other.flow(style)) for style in FLOWS)
    if all(side.is_same for side in sides):
        raise PageError(f"{before} and {after} run the same flows; there is no difference to show")
    changes = [change for side in sides for change in side.code]
    new = [change for side in sides for change in side.new_code]
    files = {(change.before, change.after): change for change in (*changes, *new)}
    return Model(one.title, other.title, sides, tuple(files.values()))


def side_of(before: Flow, after: Flow) -> Side:
    """Compare two flows of one style."""
    old = {one.name: one for one in before.participants}
    new = {one.name: one for one in after.participants}
    both = [name for name in new if name in old]
    code = tuple(
        _change(new[name], old[name].module)
        for name in both
        if old[name].module is not new[name].module
    )
    reads = tuple(_reads(before, after, name) for name in both)
    reads = tuple(one for one in reads if one.more or one.less)
    touched = {*(c.who for c in code), *(r.who for r in reads)}
    known = {message.name for message in before.messages}
    return Side(
        before.style,
        services=tuple(_who(one) for name, one in new.items() if name not in old),
        topics=tuple(topic for topic in after.topics if topic not in before.topics),
        messages=tuple(m.name for m in after.messages if m.name not in known),
        reads=reads,
        code=code,
        new_code=tuple(_new(before, after)),
        untouched=tuple(_who(new[name]) for name in both if _who(new[name]) not in touched),
        transactional=(before.transactional, after.transactional),
    )


def _reads(before: Flow, after: Flow, name: str) -> Reads:
    was, now = (flow.subscriptions.get(name, ()) for flow in (before, after))
    more = tuple(topic for topic in now if topic not in was)
    return Reads(_who(after.participant(name)), more, tuple(t for t in was if t not in now))


def _new(before: Flow, after: Flow) -> list[Change]:
    """The files of services that were not there before."""
    known = {one.name for one in before.participants}
    return [_change(one, None) for one in after.participants if one.name not in known]


def _change(who: Participant, before: ModuleType | None) -> Change:
    new = inspect.getsource(who.module)
    uses = before is not None and before in vars(who.module).values()
    old = inspect.getsource(before) if before is not None and not uses else ""
    was, now = old.splitlines(), new.splitlines()
    same = sum(block.size for block in SequenceMatcher(None, was, now, False).get_matching_blocks())
    path = _path(before) if before is not None else ""
    text = "\n".join(unified_diff(was, now, path, _path(who.module), lineterm="", n=1))
    return Change(
        _who(who), path, _path(who.module), len(now) - same, len(was) - same,
        before is None or uses, text if was else new,
    )  # fmt: skip


def _path(module: ModuleType) -> str:
    return module.__name__.removeprefix("tracegen.").replace(".", "/") + ".py"


def _who(one: Participant) -> str:
    return f"{one.letter} {one.name}".strip()
