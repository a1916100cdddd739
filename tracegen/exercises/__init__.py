"""Exercises: something to write or to mend in a service, checked by running it; one folder each.

    docs/exercises/NAME/exercise.toml   what is asked, how it is tried, what must then be true
    docs/exercises/NAME/starter/        files as readers find them, laid out like tracegen
    docs/exercises/NAME/solution/       the same files as they might be in the end

In `exercise.toml`:

    title    = "Charge once"
    place    = 2                        # among the others, from easy to hard
    minutes  = 10
    about    = "One line for the list."
    task     = ["A paragraph.", "Another, with `names`."]
    scenario = "duplicate-delivery"
    style    = "choreography"
    edits    = ["services/payment_naive.py"]     # without a starter: as it stands in tracegen
    beside   = ["services/shipping.py"]          # to read only
    hints    = ["Shown first.", "Shown if asked for more."]

    [[runs]]                            # the first is the one that readers look at
    title  = "killed after the charge"
    seeds  = [0, 1]                     # one run each
    orders = 3                          # as many as the scenario gives, if left out
    faults = []                         # the scenario's own, if left out

    [[checks]]
    about  = "Every order is charged once."
    claims = ["ledger(charge) in duplicate-delivery.choreography = 3"]
    runs   = ["killed after the charge"]         # all, if left out
    failed = "The customers paid {ledger(charge) in duplicate-delivery.choreography} times."

Rule 1: a check is a claim on what the reader's code did. Nothing ever looks at the code.
Rule 2: a check holds if its claims hold in each of its runs, and each came to its end.
"""

from tracegen.exercises.parsing import Check, Exercise, Run, parse_table
from tracegen.exercises.reading import load, names, published, solution, starter

__all__ = [
    "Check",
    "Exercise",
    "Run",
    "load",
    "names",
    "parse_table",
    "published",
    "solution",
    "starter",
]
