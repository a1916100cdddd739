"""Searching for trouble: runs drawn at random in the memory runtime, and every invariant on each.

`troubles` knows what can go wrong in a flow, and what the flow is meant to survive; `trial` makes
one run and looks at it; `searching` makes many; `crashes` makes every one that has one kill or two;
`shrinking` turns a failing run into a short one, `story` tells it, `written` makes it a scenario.
"""

from tracegen.search.crashes import every_crash
from tracegen.search.searching import Found, repeat, search
from tracegen.search.shrinking import shrink
from tracegen.search.story import story
from tracegen.search.trial import Case, Plan, flaws, in_other_style, run
from tracegen.search.troubles import EVERYTHING, Kinds, meant, troubles
from tracegen.search.written import as_scenario, as_toml

__all__ = [
    "EVERYTHING",
    "Case",
    "Found",
    "Kinds",
    "Plan",
    "as_scenario",
    "as_toml",
    "every_crash",
    "flaws",
    "in_other_style",
    "meant",
    "repeat",
    "run",
    "search",
    "shrink",
    "story",
    "troubles",
]
