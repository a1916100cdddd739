"""What must hold of every run, whatever goes wrong: each invariant by its name.

`trace.check` says what cannot have happened, and would be a mistake of the recorder. An invariant
says what should not have happened, and would be a mistake of the services: money taken twice.
A scenario whose lesson is such a mistake declares it; `verify` holds it to exactly that.
"""

from tracegen.invariants.endings import reasons
from tracegen.invariants.evidence import Evidence, Violation
from tracegen.invariants.verdict import INVARIANTS, broken, idle, told, verify

__all__ = ["INVARIANTS", "Evidence", "Violation", "broken", "idle", "reasons", "told", "verify"]
