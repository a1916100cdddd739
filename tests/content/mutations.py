"""Ways to falsify a recording: the clumsy ones cannot have happened, the careful ones could have.

Reading a recording catches the first. The second are possible runs, told by no broker, and only
what the pages say of a run can catch them.
"""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from tests.content.runs import Rows


def named(rows: Rows, operation: str, name: str) -> int:
    """Index of the first span of an operation with a message."""
    return next(
        index
        for index, row in enumerate(rows)
        if row.get("operation") == operation and row["envelope"]["message"]["name"] == name
    )


def numbered(rows: Rows) -> Rows:
    """Number spans anew, and let parents follow."""
    head, *spans = rows
    seq_of = {span["seq"]: seq for seq, span in enumerate(spans)}
    renumbered: Rows = [head]
    for span in spans:
        changed = {**span, "seq": seq_of[span["seq"]]}
        if "parent" in span:
            changed["parent"] = seq_of[span["parent"]]
        renumbered.append(changed)
    return renumbered


def renamed(row: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """A row whose message has another name."""
    if "envelope" not in row:
        return row
    message = row["envelope"]["message"]
    message = {**message, "name": names.get(message["name"], message["name"])}
    return {**row, "envelope": {**row["envelope"], "message": message}}


# Clumsy: one line of the file changed.


def drop_the_reply(rows: Rows) -> Rows:
    index = named(rows, "send", "PaymentDone")
    return rows[:index] + rows[index + 1 :]


def swap_two_events(rows: Rows) -> Rows:
    one, other = named(rows, "send", "OrderCreated"), named(rows, "send", "PaymentProcessed")
    swapped = list(rows)
    swapped[one], swapped[other] = rows[other], rows[one]
    return numbered(swapped)


def rename_one(rows: Rows) -> Rows:
    index = named(rows, "send", "PaymentProcessed")
    other = renamed(rows[index], {"PaymentProcessed": "PaymentDone"})
    return [*rows[:index], other, *rows[index + 1 :]]


def double_one(rows: Rows) -> Rows:
    index = named(rows, "send", "OrderShipped")
    again = {**rows[index], "seq": -1}
    return numbered([*rows[: index + 1], again, *rows[index + 1 :]])


# Careful: everything that hangs on it changed as well.


def drop_the_last_reply_and_all_that_followed(rows: Rows) -> Rows:
    """C ships and never says so; and the orchestrator had set no timer."""
    head, *spans = rows
    gone = {spans[named(rows, "send", "ShipDone") - 1]["seq"]}
    for span in spans:
        if span.get("parent") in gone or span["operation"] == "timer":
            gone.add(span["seq"])
    return numbered([head, *(span for span in spans if span["seq"] not in gone)])


def swap_two_events_wherever_they_stand(rows: Rows) -> Rows:
    names = {"PaymentProcessed": "OrderShipped", "OrderShipped": "PaymentProcessed"}
    return [renamed(row, names) for row in rows]


def rename_a_reply_wherever_it_stands(rows: Rows) -> Rows:
    return [renamed(row, {"PaymentDone": "PaymentRefunded"}) for row in rows]


def rename_the_event_that_nobody_reads(rows: Rows) -> Rows:
    return [renamed(row, {"OrderShipped": "ShipDone"}) for row in rows]


def double_an_event_and_have_it_read(rows: Rows) -> Rows:
    """B tells twice, and C reads both."""
    index = named(rows, "send", "PaymentProcessed")
    sent = rows[index]
    read = next(r for r in rows if r.get("parent") == sent["seq"])
    settled = next(r for r in rows if r.get("parent") == read["seq"] and r["operation"] == "settle")
    envelope = {**sent["envelope"], "message_id": str(uuid5(NAMESPACE_URL, "again"))}
    again = [
        {**sent, "seq": -1, "offset": 1, "envelope": envelope},
        {**read, "seq": -2, "parent": -1, "offset": 1, "envelope": envelope},
        {**settled, "seq": -3, "parent": -2, "offset": 2},
    ]
    last = rows.index(settled) + 1
    return numbered(
        [*rows[: index + 1], again[0], *rows[index + 1 : last], *again[1:], *rows[last:]]
    )


def give_the_money_back_unasked(rows: Rows) -> Rows:
    """The ledger says that the money of every order went back, though nobody was asked."""
    head, *spans = rows
    ledger = [{**e, "name": "refund"} if e["name"] == "ship" else e for e in head["ledger"]]
    refunds = [{**e, "name": "refund"} for e in ledger if e["name"] == "charge"]
    effects = []
    for span in spans:
        effects.append(span)
        if span["operation"] == "effect" and span["effect"]["name"] == "charge":
            refund = {**span["effect"], "name": "refund"}
            effects.append({**span, "seq": -len(effects), "effect": refund})
    return numbered([{**head, "ledger": ledger + refunds, "unfinished": []}, *effects])
