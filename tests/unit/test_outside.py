"""The world outside counts what was really done, and how an order ended follows from that alone."""

import pytest

from tracegen.message import Effect
from tracegen.outside import Entry, ledger, outcome


def test_each_request_counts_unless_its_key_was_seen():
    naive = Effect("charge", "order-1", 4200)
    careful = Effect("charge", "order-1", 4200, idempotency_key="a")

    assert ledger([naive, naive]) == (Entry("charge", "order-1", 4200, 2),)
    assert ledger([careful, careful]) == (Entry("charge", "order-1", 4200, 1),)
    assert ledger([careful, naive, careful]) == (Entry("charge", "order-1", 4200, 2),)


def test_a_key_is_known_for_one_kind_of_request():
    charge = Effect("charge", "order-1", 4200, idempotency_key="a")
    refund = Effect("refund", "order-1", 4200, idempotency_key="a")

    assert [entry.name for entry in ledger([charge, refund])] == ["charge", "refund"]


def test_entries_stand_in_the_order_in_which_each_first_happened():
    requests = [
        Effect("ship", "order-2"),
        Effect("charge", "order-1", 1),
        Effect("ship", "order-2"),
    ]

    assert ledger(requests) == (
        Entry("ship", "order-2", None, 2), Entry("charge", "order-1", 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("done", "told", "ended"),
    [
        ([], "unfinished", "unfinished"),
        ([], "cancelled", "cancelled"),
        (["charge"], "unfinished", "unfinished"),
        (["charge"], "cancelled", "unfinished"),
        (["charge", "ship"], "unfinished", "shipped"),
        (["charge", "ship", "email"], "unfinished", "shipped"),
        (["charge", "refund"], "cancelled", "refunded"),
        (["charge", "ship", "refund"], "cancelled", "shipped and refunded"),
    ],
)
def test_what_was_done_says_how_an_order_ended_and_words_only_where_nothing_was(done, told, ended):
    entries = [Entry(name, "order-1", None, 1) for name in done]
    others = [Entry("ship", "order-2", None, 1), Entry("refund", "order-2", None, 1)]

    assert outcome([*entries, *others], "order-1", told) == ended
