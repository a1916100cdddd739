"""The way from a scenario's page to the panel that runs it."""

from tracegen.trace import Trace


def build(choreography: Trace, orchestration: Trace) -> str:
    """Name the scenario that the panel opens with; both recordings are of one."""
    assert choreography.header.scenario == orchestration.header.scenario
    return choreography.header.scenario
