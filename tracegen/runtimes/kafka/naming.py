"""What a run's topics and groups are called: all begin with the run's name, so runs keep apart."""

import re
from dataclasses import dataclass
from secrets import token_hex

from tracegen.errors import UsageError
from tracegen.flows import Flow
from tracegen.trace.model import DEAD_LETTERS

RUN_ID_CHARS_MAX = 120
"""Kafka takes 249 for a topic; ours add a service's or a topic's name."""
_LEGAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


@dataclass(frozen=True, slots=True)
class Names:
    """Names on the broker for what one run needs."""

    run_id: str

    def __post_init__(self) -> None:
        """Refuse what Kafka would refuse.

        Raises:
            UsageError: Not a name that a topic can begin with.
        """
        if not _LEGAL.fullmatch(self.run_id) or len(self.run_id) > RUN_ID_CHARS_MAX:
            raise UsageError(
                f"a run cannot be called '{self.run_id:.60}': letters, digits, '.', '_' and '-', "
                f"at most {RUN_ID_CHARS_MAX}, such as happy-path.choreography.3f2a"
            )

    @property
    def control(self) -> str:
        """What the coordinator tells supervisors."""
        return f"{self.run_id}.control"

    @property
    def spans(self) -> str:
        """What workers write, as their supervisors forward it."""
        return f"{self.run_id}.spans"

    @property
    def outside(self) -> str:
        """What was asked of the world outside."""
        return f"{self.run_id}.outside"

    def topic(self, topic: str) -> str:
        """A topic of the flow."""
        return f"{self.run_id}.{topic}"

    def state(self, service: str) -> str:
        """What a service holds, by key, compacted."""
        return f"{self.run_id}.{service}.state"

    def group(self, service: str) -> str:
        """The consumer group of a service's instances."""
        return f"{self.run_id}.{service}"

    def written(self, flow: Flow, service: str) -> list[str]:
        """The topics that a service writes to when all goes well."""
        mine = (m.topic for m in flow.messages if m.sender == service and m.topic)
        topics = [self.topic(topic) for topic in dict.fromkeys(mine)]
        return [*topics, self.state(service), self.outside]

    def topics(self, flow: Flow) -> list[str]:
        """Every topic that is made for the run."""
        return [
            *(self.topic(topic) for topic in flow.topics),
            self.topic(DEAD_LETTERS),
            *(self.state(participant.name) for participant in flow.participants),
            self.spans,
            self.outside,
            self.control,
        ]


def new_run_id(scenario: str, style: str) -> str:
    """A readable name that no other run has, such as `happy-path.choreography.3f2a`."""
    return f"{scenario}.{style}.{token_hex(2)}"
