"""Goal: the containers run the same Kafka as the embedded one, and what the site needs.

Method: no container engine runs in the tests, so the files are read and compared with what they
depend on. `tests/kafka/test_broker_compose.py` starts a broker with these very settings.
"""

import subprocess
import sys
import tomllib
from pathlib import Path

import yaml

from tracegen.broker.jars import read_lock

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = ROOT / "docker-compose.yml"


def services() -> dict[str, dict]:
    return yaml.safe_load(COMPOSE.read_text(encoding="utf-8"))["services"]


def check_schema(file: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", file],
        capture_output=True,
        text=True,
    )


def test_the_compose_file_is_as_the_compose_specification_has_it():
    result = check_schema(COMPOSE)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_schema_check_would_notice_a_misspelt_key(tmp_path: Path):
    broken = tmp_path / "docker-compose.yml"
    broken.write_text(COMPOSE.read_text(encoding="utf-8").replace("healthcheck:", "healthchek:"))
    assert check_schema(broken).returncode != 0


def test_the_container_has_the_same_kafka_as_the_embedded_broker():
    assert services()["kafka"]["image"] == f"apache/kafka:{read_lock().kafka_version}"


def test_the_site_talks_to_a_listener_that_the_broker_advertises_to_containers():
    environment = services()["kafka"]["environment"]
    advertised = dict(
        listener.split("://") for listener in environment["KAFKA_ADVERTISED_LISTENERS"].split(",")
    )
    [_, _, command] = services()["site"]["command"]
    assert f"--bootstrap-servers {advertised['NETWORK']} " in command
    assert advertised["NETWORK"].split(":")[0] == services()["kafka"]["hostname"]


def test_programs_on_the_host_reach_the_broker_where_it_says_it_is():
    kafka = services()["kafka"]
    published = {port.rpartition(":")[2] for port in kafka["ports"]}
    advertised = kafka["environment"]["KAFKA_ADVERTISED_LISTENERS"].split(",")[0]
    assert advertised == "HOST://localhost:9092"
    assert published == {"9092"}


def test_nothing_is_published_beyond_this_machine():
    ports = [port for service in services().values() for port in service.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_site_waits_for_a_broker_that_answers():
    assert services()["site"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}
    assert "healthcheck" in services()["kafka"]


def test_the_site_is_built_and_served_by_tasks_and_folders_that_exist():
    door = (ROOT / "dev").read_text(encoding="utf-8")
    [_, _, command] = services()["site"]["command"]
    assert "./dev site" in command and "def site(" in door
    assert "--directory build/site" in command and 'ROOT / "build" / "site"' in door
    assert "./dev record --help" in (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_has_a_python_that_the_project_takes():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest = tuple(map(int, project["requires-python"].removeprefix(">=").split(".")))
    first = next(
        line
        for line in (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
        if line.startswith("FROM python:")
    )
    image = tuple(map(int, first.removeprefix("FROM python:").split("-")[0].split(".")))
    assert image >= oldest


def test_the_recordings_commit_goes_into_the_image():
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert ".git" not in ignored and ".venv" in ignored
