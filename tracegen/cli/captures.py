"""Makes captures: runs a scenario, and Kafka's own tools while its services still stand."""

import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tracegen import captures, scenario
from tracegen.captures import Capture, Command, Ran, Session
from tracegen.cli.runs import Kafka
from tracegen.errors import RunError
from tracegen.kept import Kind
from tracegen.trace import Trace

if TYPE_CHECKING:
    from tracegen.broker.tools import Runner, Tools
    from tracegen.runtimes.kafka import Connection

TRY_COUNT = 2
"""A machine that is very busy may let a session time-out pass between two commands."""


class Captures:
    """The maker of captures; see `tracegen.cli.made.Maker`."""

    kind: Kind = captures.KIND

    def make(self, name: str, where: Kafka, commit: str | None) -> str:
        """Run a session; hold what it printed to the recording of that very run."""
        from tracegen.broker.tools import install_tools  # Late: most commands need no Kafka.

        session, (connection, _), tools = captures.load(name), where, install_tools()
        for attempt in range(1, TRY_COUNT + 1):
            ran, trace = _take(session, connection, tools, commit)
            if problem := _problem(session, ran, trace):
                if attempt == TRY_COUNT:
                    raise RunError(problem)
                continue
            break
        return captures.dump(
            Capture(
                name=name,
                digest=captures.digest(session),
                kafka=connection.kafka_version or "",
                tools=tools.version,
                recorded_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
                command=_again(session),
                host=f"{platform.system()} {platform.machine()}",
                ran=ran,
                commit=commit,
            )
        )

    def differences(self, fresh: str, baseline: str) -> list[str]:
        """What the tools print otherwise; the order of lines does not count."""
        return captures.differences(captures.parse(fresh), captures.parse(baseline))

    def refuses_elsewhere(self, name: str) -> str | None:
        """Always: output shows a broker's settings, and what else is on it."""
        return "shows how a broker is set up, and is compared with ours"


def _again(session: Session) -> str:
    """What to type to make a capture again."""
    return f"tracegen record {session.name}"


def _take(
    session: Session, connection: "Connection", tools: "Tools", commit: str | None
) -> tuple[tuple[Ran, ...], Trace]:
    """Run a session on a run of its scenario; give what was printed, and that run's recording."""
    from tracegen.broker.tools import at_hand
    from tracegen.runtimes import kafka as runtime
    from tracegen.runtimes.kafka.naming import new_run_id

    run_id = new_run_id(session.scenario, session.style)
    servers, prefix = connection.bootstrap_servers, f"{run_id}."
    ran: list[Ran] = []

    def look() -> None:
        with at_hand(tools) as runner:
            ran.extend(_run(one, runner, servers, prefix) for one in session.commands)

    trace = runtime.run(
        scenario.load(session.scenario), session.style, connection, commit=commit,
        command=_again(session), run_id=run_id, look=look,
    )  # fmt: skip
    _tidy(connection, prefix)
    return tuple(ran), trace


def _run(command: Command, runner: "Runner", servers: str, prefix: str) -> Ran:
    """Run one command, under the run's own names, and give what it printed without them."""
    from tracegen.broker.tools import arguments_for

    script, *words = command.words
    given = f"{command.given}\n" if command.given else ""
    arguments = arguments_for(words, servers, prefix)
    printed = runner.run(script, *arguments, given=given, quiet=command.is_quiet)
    lists = "--list" in words

    def others(line: str) -> bool:
        return lists and not line.startswith((prefix, "__"))

    return Ran(command.typed, captures.plain(printed, servers, prefix, others))


def _tidy(connection: "Connection", prefix: str) -> None:
    """Delete the topics that a session itself has made; the run's own are gone."""
    admin = connection.admin()
    try:
        made = [topic for topic in admin.list_topics() if topic.startswith(prefix)]
        admin.delete_topics(made, raise_errors=False)
    finally:
        admin.close()


def _problem(session: Session, ran: Sequence[Ran], trace: Trace) -> str | None:
    """What a command does not show that it must, or what the recording of the run contradicts."""
    for command, one in zip(session.commands, ran, strict=True):
        printed = "\n".join(one.output)
        missing = [text for text in command.shows if text not in printed]
        wrong = captures.disagreements(command, one, trace)
        if missing or wrong:
            told = [f"does not show '{text}'" for text in missing] + wrong
            return (
                f"{command.words[0]}: {'; '.join(told)}. If the machine was busy, make it again. "
                f"It printed:\n{printed}"
            )
    return None
