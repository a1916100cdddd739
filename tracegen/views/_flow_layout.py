"""Put a style together at one size: the same function lays out the wide and the narrow drawing."""

from collections.abc import Iterable, Mapping, Sequence

from tracegen.acts import NEW, Act, status_of
from tracegen.texts import _
from tracegen.views._flow_bubbles import with_bubbles
from tracegen.views._flow_grid import LANE_HEIGHT, Grid, Scale, grid, ports, shelf_height, shelves
from tracegen.views._flow_ladder import ladder
from tracegen.views._flow_model import Drawing, Ladder, Node
from tracegen.views._flow_plan import Plan
from tracegen.views._flow_routes import edges
from tracegen.views._flow_shapes import Box, Label, Piece
from tracegen.views._flow_shelves import strip
from tracegen.views._flow_text import fit


def draw(
    plan: Plan,
    both: Sequence[Plan],
    scale: Scale,
    ident: str,
    said: Mapping[int, tuple[Piece, ...]],
) -> Drawing:
    """Draw one style.

    Args:
        plan: The style to draw.
        both: That and the other one; services and slots stand in the same places in both.
        scale: One of the two sizes.
        ident: Unique on the page.
        said: What is said of each row in which the style does something.
    """
    places = grid(both, scale)
    tops: dict[tuple[str, int], float] = {}
    for slot, box in enumerate(places.slots):
        tops |= shelves(plan, slot, box.y, scale)
    nodes, ladders = _nodes(plan, places), _ladders(plan, places, tops)
    bottoms = [box.bottom for box in (*(n.box for n in nodes), *(one.box for one in ladders))]
    bottoms += [
        tops[log.topic, partition.number]
        + shelf_height(plan, log.topic, partition.number, scale)
        + LANE_HEIGHT * max(len(partition.readers), 1)
        for log in plan.logs
        for partition in log.partitions
    ]
    strips = tuple(strip(plan, places, log, tops) for log in plan.logs)
    cells: dict[tuple[str, int, int | None], float] = {
        (one.topic, shelf.partition, cell.first): cell.box.centre
        for one in strips
        for shelf in one.shelves
        for cell in shelf.cells
    }
    drawn = Drawing(
        ident=ident,
        size=scale.name,
        width=scale.width,
        height=max(bottoms) + 4,
        nodes=nodes,
        strips=strips,
        ladders=ladders,
        edges=edges(plan, places, ports(plan, tops, scale), cells),
    )
    return with_bubbles(drawn, scale, said, places.strip_right(plan))


def _nodes(plan: Plan, places: Grid) -> tuple[Node, ...]:
    nodes = []
    for service, box in zip(plan.services, places.slots, strict=False):
        if any(service == participant.name for participant in plan.flow.participants):
            nodes.append(_service(plan, service, box, places.scale))
    if plan.nobody is not None:
        box = places.slots[plan.nobody]
        box = Box(box.x, box.y, box.width, places.scale.shelf)
        label = Label(
            _("nobody"), box.centre, box.middle + 4, places.scale.text, "nobody", "middle"
        )
        since = min(link.row for link in plan.links if link.service is None)
        nodes.append(Node(None, box, (label,), None, since, ()))
    return tuple(nodes)


def _service(plan: Plan, service: str, box: Box, scale: Scale) -> Node:
    """A service with what it holds of the order in the end."""
    letter = plan.flow.participant(service).letter
    down = service in plan.down
    status = _("down") if down else _status(plan.acts.values(), service)
    pad = 7.0 if scale.compact else 11.0
    x, room = box.x + pad, box.width - 2 * pad + 4
    y = box.y + (20 if scale.compact else 19)
    letter_width = scale.text + 2
    name_size = scale.small if scale.compact else scale.text
    if scale.compact:
        parts = [
            Label(letter, x, y - 2, scale.text + 2, "letter", strong=True),
            Label(fit(service, name_size, room, True), x, y + 14, name_size, "service", mono=True),
        ]
        y += 14
    else:
        name = fit(service, name_size, room - letter_width, True)
        parts = [
            Label(letter, x, y, scale.text + 2, "letter", strong=True),
            Label(name, x + letter_width + 2, y, name_size, "service", mono=True),
        ]
    css = f"{'status-down' if down else 'status'} flow-holds"
    parts.append(Label(fit(status, scale.small, room), x, y + 16, scale.small, css))
    times = tuple(
        (row, fit(said, scale.small, room), dead) for row, said, dead in _statuses(plan, service)
    )
    cross = (box.right - 12, box.y + (15 if scale.compact else 31)) if down else None
    return Node(service, box, tuple(parts), cross, 0, times)


def _statuses(plan: Plan, service: str) -> list[tuple[int, str, bool]]:
    """What a service held of the order from which row on, and whether it was down then."""
    found: list[tuple[int, str, bool]] = []
    for time in plan.times:
        dead = service in time.down()
        status = _("down") if dead else _status(time.acts, service)
        if not found or found[-1][1:] != (status, dead):
            found.append((time.number, status, dead))
    return found


def _status(acts: Iterable[Act], service: str) -> str:
    spans = [act.span for act in acts if act.span.service == service]
    last = max(spans, key=lambda span: span.seq, default=None)
    status = status_of(last) if last else NEW
    return _("not heard") if status == NEW else status


def _ladders(plan: Plan, places: Grid, tops: dict[tuple[str, int], float]) -> tuple[Ladder, ...]:
    """The directors, one below the other; as a rule there is one."""
    if not plan.directors:
        return ()
    scale = places.scale
    followed = {(link.topic, link.partition) for link in plan.links}
    middles = {
        topic: top + shelf_height(plan, topic, number, scale) / 2
        for (topic, number), top in sorted(tops.items(), key=lambda e: e[0] in followed)
    }
    bottoms = [
        top + shelf_height(plan, topic, number, scale) for (topic, number), top in tops.items()
    ]
    top, bottom = places.slots[0].y, max(bottoms, default=places.slots[-1].bottom)
    share = (bottom - top) / len(plan.directors)
    return tuple(
        ladder(
            plan,
            places,
            service,
            Box(places.director_x, top + share * index, scale.director_width,
                share - (24 if index < len(plan.directors) - 1 else 0)),
            middles,
        )
        for index, service in enumerate(plan.directors)
    )  # fmt: skip
