"""What an installation is, for those who make one (`installation`) and those who start it."""

from dataclasses import dataclass
from pathlib import Path

from tracegen.broker.java import Java


@dataclass(frozen=True)
class Installation:
    """All that starting a broker takes."""

    kafka_version: str
    java: Java
    jars: tuple[Path, ...]
    """In the order of the class path, on which the AOT cache depends."""
    folder: Path
    """What was made for this Java; see the module."""

    @property
    def one_node(self) -> Path:
        """The formatted folder of a single node."""
        return self.folder / "one-node"

    @property
    def three_nodes(self) -> Path:
        """The first metadata of each of three nodes."""
        return self.folder / "three-nodes.checkpoint"

    @property
    def aot_cache(self) -> Path:
        """Classes as the JVM left them after training. Java starts without it, too."""
        return self.folder / "broker.aot"

    @property
    def stamp(self) -> Path:
        """What the jars looked like when all else was made from them."""
        return self.folder / "stamp.json"
