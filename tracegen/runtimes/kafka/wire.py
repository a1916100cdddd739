"""Messages as records: CloudEvents in Kafka's binary mode, so that any Kafka tool shows the ids.

Rule 1: what `encode` writes, `decode` reads back as the very same envelope.
Rule 2: `decode` takes nothing else. A topic may be on a Kafka that many use, and a record that is
not ours would otherwise turn up in a recording.

Source:
    CloudEvents 1.0.2, "Kafka Protocol Binding", section 3.2 (`ce_` headers, `content-type`);
    W3C Trace Context (`traceparent`, which is not an attribute of the event and has no prefix).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn, cast, get_args

from cloudevents.core.bindings.kafka import KafkaMessage, from_binary, to_binary
from cloudevents.core.exceptions import BaseCloudEventException
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from tracegen.errors import RunError
from tracegen.message import Envelope, Kind, Message, traceparent
from tracegen.trace.model import is_id

JSON_TYPE = "application/json"
_HEADERS = frozenset(
    {"content-type", "traceparent"}
    | {f"ce_{name}" for name in ("specversion", "id", "source", "type", "subject", "time")}
    | {f"ce_{name}" for name in ("kind", "correlationid", "causationid", "hops")}
)


class WireError(RunError):
    """A record on a topic of the run that no service of ours wrote.

    Attributes:
        why: What is wrong with it, without the place.
    """

    def __init__(self, text: str, why: str = "") -> None:
        super().__init__(text)
        self.why = why or text


@dataclass(frozen=True, slots=True)
class Record:
    """A record without its place: what a producer is given, and what a consumer returns."""

    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


class _Json(JSONFormat):
    """JSON as RFC 8259 has it: no NaN, text as it is, and nothing let through as plain text."""

    def write_data(self, data: Any, datacontenttype: str | None) -> bytes:
        return json.dumps(data, separators=(",", ":"), allow_nan=False).encode()

    def read_data(self, body: bytes, datacontenttype: str | None) -> Any:
        return json.loads(body, parse_constant=_no_constant)


_JSON = _Json()


def encode(envelope: Envelope, service: str) -> Record:
    """Write an envelope that a service sends.

    Raises:
        WireError: The service put something into `data` that JSON cannot hold.
    """
    message = envelope.message
    attributes: dict[str, Any] = {
        "id": envelope.message_id,
        "type": message.name,
        "source": f"/tracegen/{service}",
        "subject": message.key,
        "datacontenttype": JSON_TYPE,
        "kind": message.kind,
        "correlationid": envelope.correlation_id,
        "causationid": envelope.causation_id,
        "hops": str(envelope.hops),  # An extension's number is text in a header anyway.
    }
    try:
        event = CloudEvent(attributes, dict(message.data))
        written = to_binary(event, _JSON, key_mapper=lambda _: message.key.encode())
    except (BaseCloudEventException, TypeError, ValueError) as error:
        raise WireError(
            f"{service} cannot send {message.name} for {message.key!r:.60}: {error}"
        ) from error
    headers = (*written.headers.items(), ("traceparent", traceparent(envelope).encode()))
    return Record(cast(bytes, written.key), written.value, headers)


def decode(record: Record, where: str) -> Envelope:
    """Read an envelope.

    Args:
        record: As it came from a topic; trusted in nothing.
        where: Topic, partition and offset, for the message of an error.

    Raises:
        WireError: Not one of ours; says where, and what is wrong with it.
    """
    headers = _headers(record.headers, where)
    if record.key is None or record.value is None:
        _refuse(where, "key and value must be there")
    trace = headers.pop("traceparent")
    try:
        event = from_binary(KafkaMessage(headers, record.key, record.value), _JSON, CloudEvent)
    except (BaseCloudEventException, ValueError, RecursionError) as error:
        _refuse(where, f"not a CloudEvent: {error}")
    found = event.get_attributes()
    data = event.get_data()
    key = found["partitionkey"]
    if not isinstance(data, dict):
        _refuse(where, "its value must be a JSON object")
    if found.get("subject") != key:
        _refuse(where, f"ce_subject is {found.get('subject')!r:.60}, its key {key!r:.60}")
    if found.get("kind") not in get_args(Kind):
        _refuse(where, f"ce_kind is {found.get('kind')!r:.60}, not {', '.join(get_args(Kind))}")
    if not event.get_source().startswith("/tracegen/"):
        _refuse(where, f"ce_source is {event.get_source()!r:.60}, not /tracegen/SERVICE")
    envelope = Envelope(
        Message(cast(Kind, found["kind"]), event.get_type(), key, data),
        message_id=_id(found, "id", where),
        correlation_id=_id(found, "correlationid", where),
        causation_id=_id(found, "causationid", where) if "causationid" in found else None,
        hops=_hops(found, where),
    )
    if trace != traceparent(envelope).encode():
        _refuse(where, f"traceparent {trace!r:.80} does not go with ce_id and ce_correlationid")
    return envelope


def _headers(headers: Iterable[tuple[str, bytes | None]], where: str) -> dict[str, bytes]:
    """The headers, each once, none missing and none unknown."""
    headers = tuple(headers)
    if not any(name == "ce_id" for name, _ in headers):
        _refuse(where, "not a CloudEvent: it has no ce_id")
    found: dict[str, bytes] = {}
    for name, value in headers:
        if name not in _HEADERS or name in found or value is None:
            _refuse(where, f"header {name!r:.60} is unknown, empty or there twice")
        found[name] = value
    if missing := sorted(_HEADERS - found.keys() - {"ce_causationid"}):
        _refuse(where, f"it lacks {', '.join(missing)}")
    if found["content-type"] != JSON_TYPE.encode():
        _refuse(where, f"content-type is {found['content-type']!r:.60}, not {JSON_TYPE}")
    return found


def _id(found: Mapping[str, Any], name: str, where: str) -> str:
    """An attribute that is a UUID."""
    text = found[name]
    if isinstance(text, str) and is_id(text):
        return text
    _refuse(where, f"ce_{name} is {text!r:.60}, not a UUID")


def _hops(found: Mapping[str, Any], where: str) -> int:
    """How many messages led to it."""
    text = found["hops"]
    if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    _refuse(where, f"ce_hops is {text!r:.60}, not a number")


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _refuse(where: str, why: str) -> NoReturn:
    raise WireError(
        f"{where}: a record that no service of this run wrote: {why}. "
        "Does anything else write to the run's topics?",
        why,
    )
