"""Claims: what a sentence says of a run, as a small expression that a recording bears out or not.

    count(send where kind = command) in happy-path.choreography = 0
    cause(ShipOrder) in happy-path.orchestration = PaymentDone
    last(ShipDone) < first(process where status = complete) in happy-path.orchestration
    count(send) in happy-path.choreography < count(send) in happy-path.orchestration
    outcome(order-17) in silent-service.choreography = unfinished
    cycle(choreography with order reads shipments) = order, payment, shipping

Rule 1: the grammar is closed; a claim is parsed by hand and nothing in it is ever run.
Rule 2: every word is checked. A misspelt name is an error, and never a count of 0 that holds.
Rule 3: a claim that holds gives the rows that bear it out, and one that does not says what the
recording shows instead.

The grammar (ISO 14977; white space between tokens means nothing):

    claim      = expression, relation, expression ;
    relation   = "=" | "!=" | "<" | "<=" | ">" | ">=" ;
    expression = ( number | words | call ), [ "in", recording ] ;
    words      = word, { ",", word } ;                       (* "none": no word at all *)
    call       = ( field | "count" | "first" | "last" | "step" ), "(", selection, ")"
               | "outcome", "(", [ order ], ")"
               | "ended", "(", outcome, ")"
               | "readers", "(", topic, ")"
               | ( "lag" | "peak" | "committed" ), "(", service, ",", topic, ")"
               | ( "ledger" | "cents" ), "(", effect, [ ",", order ], ")"
               | "changed", "(", style, ",", variant, ")"
               | "cycle", "(", graph, ")" ;
    selection  = ( operation | message ), [ "where", test, { "and", test } ] ;
    test       = field, ( "=" | "!=" ), word ;
    graph      = ( style, [ ".", variant ] | "table" ), [ "with", service, "reads", topic ] ;
    recording  = scenario, ".", style ;
    field      = "after" | "again" | "cause" | "effect" | "fault" | "hops" | "instance" | "key"
               | "kind" | "name" | "partition" | "reason" | "service" | "status" | "topic" ;
    operation  = "send" | "process" | "settle" | "effect" | "timer" | "skip" | "bury" | "poison"
               | "started" | "assigned" | "revoked" | "crashed" | "stopped" | "paused" | "resumed"
               | "elected" ;
    word       = ( letter | digit | "_" ), { letter | digit | "_" | "." | "-" }
               | '"', { any character but '"' }, '"' ;
    number     = digit, { digit } ;

What the functions give:

    count      how many spans there are
    first      where in the recording the first of them stands, counted from 1; last likewise
    step       the numbers that these steps have on a page, the same for a row of both styles
    a field    every value of the field among the spans, each once. `cause` is the message whose
               handling led to a message: what its causation id names; `outside` for none.
               `again` is `yes` for what was sent, read or done before, by the id of the message
    outcome    how an order ended, by the ledger; without an order, how all of them did
    ended      how many orders ended so
    readers    the services whose groups read a topic
    lag        records of a topic that a service's group had not committed at the end
    peak       the most that it ever had not committed
    committed  records of a topic that it had
    ledger     how often the world outside did something: charge, refund, ship, email; for all
               orders or for one
    cents      how much money that moved, in cents
    changed    the services of a plain flow that a variant runs with other code, or lets read
               other topics
    cycle      the services on a cycle of a flow's graph (who sends what someone else reads), or
               the statuses on one of the orchestrator's table; `with` adds a subscription

A message for a selection stands for its sends, or, where it does not travel over Kafka, for its
handlings. Words are compared as sets. An expression without `in` takes the recording of the other
side; graphs need none.
"""

from tracegen.claims.evidence import Alone, Evidence, Source
from tracegen.claims.grammar import CLAIM_CHARS_MAX, parse, parse_expression
from tracegen.claims.proof import Value, Verdict, compute, judge, prove
from tracegen.claims.prose import Code, Plain, Prose, Reference, Sentence, proofs, prose, sentence
from tracegen.claims.tree import Claim, Expression

__all__ = [
    "CLAIM_CHARS_MAX",
    "Alone",
    "Claim",
    "Code",
    "Evidence",
    "Expression",
    "Plain",
    "Prose",
    "Reference",
    "Sentence",
    "Source",
    "Value",
    "Verdict",
    "compute",
    "judge",
    "parse",
    "parse_expression",
    "proofs",
    "prose",
    "prove",
    "sentence",
]
