"""Studies: what many runs have in common, as counts.

A recording shows one run. A study, `NAME.toml` beside this file, says which scenarios are run how
often and what is counted; `tracegen count` runs and counts, `docs/studies/NAME.json` keeps the
counts with their origin, and views draw them. Each run is held to all that recordings are held to.

`study` reads what is to be done, `arrivals` and `growth` count traces, `result` writes and reads
the counts, `shown` knows which a build shows, `differences` holds new counts against kept ones.
"""

from tracegen.studies.result import Result
from tracegen.studies.shown import Studies
from tracegen.studies.study import Study, load, names

__all__ = ["Result", "Studies", "Study", "load", "names"]
