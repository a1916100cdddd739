"""What `tracegen record` makes of notebooks: their cells, run on Kafka, and what they printed."""

import importlib.metadata
import platform
from datetime import UTC, datetime

from tracegen import notebooks
from tracegen.cli.runs import Kafka
from tracegen.errors import UsageError
from tracegen.kept import Kind
from tracegen.notebooks import Facts, Notebook


class Notebooks:
    """A maker; see `tracegen.cli.made`."""

    @property
    def kind(self) -> Kind:
        """What they are called, and where they lie."""
        return notebooks.KIND

    def make(self, name: str, where: Kafka, commit: str | None) -> str:
        """Run a notebook and give it as text.

        Raises:
            RunError: A cell fails; says which, at which line, and what to do.
            UsageError: The packages that run notebooks are not installed.
        """
        try:
            from tracegen.notebooks.running import execute  # Late: most commands need none of it.
        except ImportError as error:
            raise UsageError(
                f"notebooks need {error.name}, which is not installed. ./dev record sets it up"
            ) from None
        connection, _ = where
        content = execute(
            notebooks.source(name), connection.bootstrap_servers, connection.client_options
        )
        facts = Facts(
            digest=notebooks.digest(name),
            kafka=connection.kafka_version,
            client=f"kafka-python {importlib.metadata.version('kafka-python')}",
            python=platform.python_version(),
            host=f"{platform.system()} {platform.machine()}",
            recorded_at=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            command=f"tracegen record {name}",
            commit=commit,
        )
        return notebooks.dump(Notebook(content, facts))

    def differences(self, fresh: str, baseline: str) -> list[str]:
        """What a fresh one prints otherwise than the baseline's, cell by cell."""
        return notebooks.differing(fresh, baseline)

    def refuses_elsewhere(self, name: str) -> str | None:
        """Nothing: a notebook makes topics of its own, and deletes them."""
        return None
