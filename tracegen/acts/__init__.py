"""What each participant did for one order, as steps that stand level in both styles.

An act is one participant handling one message: it reads, works, writes. A skip is a record that was
read and not handled. An absence is what a recording shows by what is not in it: a record that no
group reads, or that a dead one never read. A mark is what happened to an instance in between.
All of it comes from spans; nothing here is typed by hand.

`types` has them and their titles, `found` finds them, `aligned` puts both styles level, `paired`
two runs of one style, `life` has the marks, `anchors` names what pages link to.
"""

from tracegen.acts.aligned import align, row_of, rows
from tracegen.acts.anchors import followed, is_pair, order_of, record_anchor
from tracegen.acts.found import hears_all, steps
from tracegen.acts.life import Mark, life
from tracegen.acts.paired import Unlike, paired, unlike
from tracegen.acts.types import NEW, Absence, Act, Deed, Row, Skip, Step, status_of

__all__ = [
    "NEW",
    "Absence",
    "Act",
    "Deed",
    "Mark",
    "Row",
    "Skip",
    "Step",
    "Unlike",
    "align",
    "followed",
    "hears_all",
    "is_pair",
    "life",
    "order_of",
    "paired",
    "record_anchor",
    "row_of",
    "rows",
    "status_of",
    "steps",
    "unlike",
]
