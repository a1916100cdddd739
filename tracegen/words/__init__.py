"""The sentences about a step, written once: diagram, table and transcript say the same.

Every word of fact follows from the recording. What kind of message it is decides the verb.
`said` has the words of one step, `notes` what else the recording shows there, `whole` what is said
of an order as a whole.
"""

from tracegen.words.said import VERBS, Named, Words, hole, named, words
from tracegen.words.whole import (
    DONE,
    DUE,
    answer,
    band_titles,
    closing,
    conclusion,
    counts,
    done,
    kinds,
    of_kind,
    where_is,
    whereabouts,
)

__all__ = [
    "DONE",
    "DUE",
    "VERBS",
    "Named",
    "Words",
    "answer",
    "band_titles",
    "closing",
    "conclusion",
    "counts",
    "done",
    "hole",
    "kinds",
    "named",
    "of_kind",
    "where_is",
    "whereabouts",
    "words",
]
