"""Goal: the settings in docker-compose.yml make a broker that works.

Method: no container engine runs here, so Kafka's own tools get the settings as the image would
hand them over, but for host names and ports, and the embedded jars run them.
"""

import contextlib
import subprocess
from pathlib import Path

import pytest
import yaml
from kafka import KafkaAdminClient

from tracegen import broker as embedded
from tracegen.broker import bench, settings
from tracegen.broker.java import FLAGS
from tracegen.broker.node import Node, cluster_id, wait_until_ready
from tracegen.broker.processes import Watchdog

pytestmark = pytest.mark.timeout(120)
COMPOSE = Path(__file__).resolve().parents[2] / "docker-compose.yml"


def test_the_settings_of_the_container_make_a_broker_for_host_and_containers(tmp_path: Path):
    services = yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]
    environment = services["kafka"]["environment"]
    host, network, controller = bench.free_ports(3)
    here = {"9092": str(host), "19092": str(network), "29093": str(controller)}
    properties = {"log.dirs": (tmp_path / "data").as_posix()}
    for name, value in environment.items():
        for there in ("0.0.0.0", "localhost", "kafka:"):
            value = value.replace(there, "127.0.0.1:" if there.endswith(":") else "127.0.0.1")
        for old, new in here.items():
            value = value.replace(f"1:{old}", f"1:{new}")
        properties[name.removeprefix("KAFKA_").lower().replace("_", ".")] = value

    file = tmp_path / "server.properties"
    settings.write(file, properties)
    installation = embedded.install()
    flags = (*FLAGS, f"-XX:AOTCache={installation.aot_cache}")
    format_it = installation.java.command(
        installation.jars, "kafka.tools.StorageTool", "format",
        "--cluster-id", cluster_id(), "--config", str(file), flags=flags,
    )  # fmt: skip
    subprocess.run(format_it, check=True, capture_output=True)
    with contextlib.closing(Watchdog()) as watchdog:
        folder = watchdog.folder / "node-1"
        folder.mkdir()
        java, jars = installation.java, installation.jars
        command = java.command(jars, "kafka.Kafka", str(file), flags=flags)
        pid = watchdog.start(command, folder)
        wait_until_ready(watchdog, [Node(1, pid, folder, "HOST", host)])
        for port in (host, network):
            admin = KafkaAdminClient(bootstrap_servers=f"127.0.0.1:{port}")
            [node] = admin.describe_cluster()["brokers"]
            admin.close()
            assert node["port"] == port, "a client would be sent to a port it cannot reach"
