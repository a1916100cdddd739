"""Sentences about runs, each with the steps that bear it out; a false one fails the build.

```tracegen
view = "claims"
[[say]]
text  = "Choreography took {count(send) in happy-path.choreography} records, no command."
claim = "count(send where kind = command) in happy-path.choreography = 0"
```
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracegen.claims import Source, sentence
from tracegen.errors import ClaimError
from tracegen.views._steps import Proved, proved


@dataclass(frozen=True)
class Claims:
    """Sentences, as a paragraph or as a list."""

    sentences: tuple[Proved, ...]
    listed: bool


def build(
    recordings: Source,
    *,
    say: tuple[Mapping[str, Any], ...],
    listed: bool = False,
    here: str = "happy-path",
) -> Claims:
    """Prove sentences.

    Args:
        recordings: What they must agree with.
        say: Tables as `tracegen.claims.sentence` reads them.
        listed: As a list of points instead of a paragraph.
        here: The scenario whose steps stand on the page.

    Raises:
        ClaimError: There is no sentence, or one is not borne out; says which.
    """
    if not say:
        raise ClaimError("say has no sentence")
    sentences = (
        sentence(table, f"sentence {number}", recordings) for number, table in enumerate(say, 1)
    )
    return Claims(tuple(proved(one, here) for one in sentences), listed)
