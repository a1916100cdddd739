"""What services do, say and note, in a few words each; titles are made of them."""

from collections.abc import Mapping

from tracegen.texts import later

DOES: Mapping[str, tuple[str, str, str]] = {
    # Of each effect: what is done; the same once more; asked for, and known to the world outside.
    "charge": (
        later("takes payment"),
        later("takes payment again"),
        later("asks the bank again"),
    ),
    "refund": (
        later("gives the money back"),
        later("gives the money back again"),
        later("asks the bank to give it back again"),
    ),
    "ship": (later("ships"), later("ships again"), later("asks the carrier again")),
    "email": (
        later("writes to the customer"),
        later("writes to the customer again"),
        later("asks to write again"),
    ),
}
SAYS: Mapping[str, str] = {
    # What a service that does nothing to the world outside has to say, by the message it sends.
    "PaymentProcessed": later("says that it is paid"),
    "PaymentDone": later("says that it is paid"),
    "PaymentDeclined": later("declines"),
    "PaymentRefunded": later("says that the money is back"),
    "PaymentUpdated": later("looks at the payment again"),
    "OrderUpdated": later("tells that the order changed"),
    "OrderApproved": later("approves the order"),
    "FraudChecked": later("approves the order"),
    "OrderShipped": later("says that it has shipped"),
    "ShipDone": later("says that it has shipped"),
    "ShippingFailed": later("cannot ship"),
    "ShipFailed": later("cannot ship"),
    "ShipmentStopped": later("stops the parcel"),
    "EmailSent": later("says that it has written"),
}
NOTES: Mapping[str, str] = {
    # What a service that tells nobody has noted, by the status it now holds.
    "cancelled": later("notes that it is cancelled"),
    "waiting": later("waits for the end"),
    "ended": later("sees the end"),
}
LABELS = (later("orchestrator"), later("watchdog"), later("nobody"))
"""Who has no letter is called by the service's name, which is a word as well."""
