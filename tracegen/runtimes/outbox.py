"""What an instance sends, and what it has sent: a command that is sent again keeps its id."""

from collections.abc import Iterable, Mapping

from tracegen.errors import FlowError
from tracegen.message import Envelope, Message, Outgoing, Resend, stamp
from tracegen.runtimes.port import Saved


class Outbox:
    """The last command of each name, by order."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._sent: dict[str, Mapping[str, Envelope]] = {}

    def sent(self, key: str) -> Mapping[str, Envelope]:
        """What was sent for an order, to be saved with its state."""
        return self._sent.get(key, {})

    def restore(self, saved: Mapping[str, Saved]) -> None:
        """Take over what was saved."""
        self._sent.update({key: one.sent for key, one in saved.items() if one.sent})

    def forget(self, key: str) -> None:
        """Another instance has this order now."""
        self._sent.pop(key, None)

    def outbound(self, outgoing: Iterable[Outgoing], cause: Envelope) -> list[Envelope]:
        """Wrap what goes out because of a message, in the order of the service's list.

        Raises:
            FlowError: A command is to be sent again that never was sent.
        """
        outgoing = tuple(outgoing)
        if not outgoing:
            return []
        messages = [out for out in outgoing if isinstance(out, Message)]
        made = iter(stamp(messages, cause, self._service))
        found: list[Envelope] = []
        for out in outgoing:
            if isinstance(out, Message):
                envelope = next(made)
                if out.kind == "command":
                    self._sent[out.key] = {**self.sent(out.key), out.name: envelope}
                found.append(envelope)
            elif isinstance(out, Resend):
                found.append(self._again(out))
        return found

    def _again(self, resend: Resend) -> Envelope:
        sent = self.sent(resend.key)
        if resend.name not in sent:
            raise FlowError(
                f"{self._service} is to send {resend.name} of {resend.key} again, and never did. "
                f"It has sent: {', '.join(sent) or 'nothing'}"
            )
        return sent[resend.name]
