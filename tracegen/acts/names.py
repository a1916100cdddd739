"""What services do, say and note, in a few words each; titles are made of them."""

from collections.abc import Mapping

DOES: Mapping[str, tuple[str, str]] = {
    # Effect      done                             asked for, and known to the world outside already
    "charge": ("takes payment", "asks the bank again"),
    "refund": ("gives the money back", "asks the bank to give it back again"),
    "ship": ("ships", "asks the carrier again"),
    "email": ("writes to the customer", "asks to write again"),
}
SAYS: Mapping[str, str] = {
    # What a service that does nothing to the world outside has to say, by the message it sends.
    "PaymentProcessed": "says that it is paid",
    "PaymentDone": "says that it is paid",
    "PaymentDeclined": "declines",
    "PaymentRefunded": "says that the money is back",
    "PaymentUpdated": "looks at the payment again",
    "OrderUpdated": "tells that the order changed",
    "OrderApproved": "approves the order",
    "FraudChecked": "approves the order",
    "OrderShipped": "says that it has shipped",
    "ShipDone": "says that it has shipped",
    "ShippingFailed": "cannot ship",
    "ShipFailed": "cannot ship",
    "ShipmentStopped": "stops the parcel",
    "EmailSent": "says that it has written",
}
NOTES: Mapping[str, str] = {
    # What a service that tells nobody has noted, by the status it now holds.
    "cancelled": "notes that it is cancelled",
    "waiting": "waits for the end",
    "ended": "sees the end",
}
