"""Where things stand: columns across, slots down, the same for both styles of one size."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracegen.views._flow_plan import Link, Plan
from tracegen.views._flow_shapes import Box

NAME_HEIGHT = 18.0
"""Of the line with the topic's name, above its first shelf."""
LANE_HEIGHT = 26.0
"""Of a group's marker with its words, under a shelf."""
BLOCK_GAP = 12.0
"""Between two topics of one slot."""
BUNDLE_MIN = 3
"""More links than so many that go the same way share a line."""
TURN_HEIGHT = 20.0
"""What one edge needs that turns into a service from above."""


@dataclass(frozen=True)
class Scale:
    """The measures of one of the two sizes."""

    name: str
    width: float
    edge: float
    """Free at the left and right."""
    node_width: float
    gap: float
    """Between a service and its log, and between a log and the director."""
    director_width: float
    radius: float
    """Of a step's number."""
    text: float
    small: float
    shelf: float
    """Height of a shelf with a record of the order."""
    slim: float
    """Height of a shelf without one, where a topic has several partitions."""
    band: float
    """Free under each slot, for edges and a player's captions."""
    lane: float
    """Between two edges that run side by side."""
    tail: float
    """Always free after the last record: a log goes on."""
    compact: bool
    """Whether things stand one over the other where they can, and names are short."""


WIDE = Scale("wide", 640, 4, 104, 46, 144, 9, 12.5, 11.5, 46, 18, 66, 13, 9, False)
NARROW = Scale("narrow", 358, 1, 70, 23, 84, 8, 11, 11, 58, 18, 62, 11, 5, True)


@dataclass(frozen=True)
class Grid:
    """Columns and slots."""

    scale: Scale
    node_x: float
    log_x: float
    """Where logs begin beside services."""
    slots: tuple[Box, ...]
    """The service's place in each slot. Its name line is above, its groups' lanes are below."""

    def strip_x(self, plan: Plan, topic: str) -> float:
        """Where a log begins; on a narrow drawing one without a service takes its room as well.

        Not so where a way leads past it, down to nobody.
        """
        is_free = plan.slot(topic) >= len(plan.services) and plan.nobody is None
        if self.scale.compact and is_free:
            return self.node_x + 8
        return self.log_x

    def strip_right(self, plan: Plan) -> float:
        """Where the logs of a style end; without a director they have more room."""
        if plan.directors:
            return self.director_x - self.scale.gap
        return self.scale.width - 2 * self.scale.edge

    @property
    def director_x(self) -> float:
        """Where the directors begin."""
        return self.scale.width - self.scale.edge - self.scale.director_width


def grid(plans: Sequence[Plan], scale: Scale) -> Grid:
    """Find columns and slots with room for both styles."""
    gutters = max(sum(is_gutter(plan, link) for link in plan.links) for plan in plans)
    longs = max(sum(is_long(plan, link) for link in _apart(plan, plan.links)) for plan in plans)
    gutter = scale.radius + scale.lane * (gutters - 1) + 5 if gutters else 0.0
    node_x = scale.edge + gutter
    log_x = node_x + scale.node_width + scale.gap + scale.lane * longs
    slots: list[Box] = []
    y = 0.0
    for index in range(max(plan.slot_count for plan in plans)):
        turns = max(_turns(plan, index) for plan in plans)
        room = TURN_HEIGHT * turns + 16
        if index:
            y += max(scale.band, room - LANE_HEIGHT - NAME_HEIGHT)
        elif turns:  # What a log further down sends back to the first service.
            y += room - NAME_HEIGHT
        node = max(_node_height(plan, index, scale) for plan in plans)
        slots.append(Box(node_x, y + NAME_HEIGHT, scale.node_width, node))
        y += max(max(_slot_height(plan, index, scale) for plan in plans), NAME_HEIGHT + node)
    return Grid(scale, node_x, log_x, tuple(slots))


def is_right(plan: Plan, link: Link) -> bool:
    """Whether a link runs between a log and a director."""
    return link.service in plan.directors


def is_beside(plan: Plan, link: Link) -> bool:
    """Whether a link runs between a log and the service it stands beside."""
    return not is_right(plan, link) and plan.slot_of(link.service) == plan.slot(link.topic)


def is_gutter(plan: Plan, link: Link) -> bool:
    """Whether a link runs down the far left: into a log that stands beside no service."""
    return (
        link.writes
        and not is_right(plan, link)
        and plan.slot(link.topic) >= len(plan.services)
        and not is_beside(plan, link)
    )


def is_turn(plan: Plan, link: Link) -> bool:
    """Whether a link comes to a service from above, between the services and the logs."""
    return not (is_right(plan, link) or is_beside(plan, link) or is_gutter(plan, link))


def is_long(plan: Plan, link: Link) -> bool:
    """Whether a turning link passes other services on its way."""
    return is_turn(plan, link) and plan.slot_of(link.service) != plan.slot(link.topic) + 1


def bundles(plan: Plan) -> dict[Link, tuple[Link, int]]:
    """Turning links that all go the same way: one line for many, with a number for each.

    Returns:
        For each such link the first of its bundle, and its place in it.
    """
    groups: dict[tuple[str, int, str | None, bool], list[Link]] = defaultdict(list)
    for link in plan.links:
        if is_turn(plan, link):
            groups[link.topic, link.partition, link.service, link.writes].append(link)
    return {
        link: (links[0], index)
        for links in groups.values()
        if len(links) > BUNDLE_MIN
        for index, link in enumerate(links)
    }


def _apart(plan: Plan, links: Iterable[Link]) -> list[Link]:
    """Of links, those that have a line of their own."""
    bundled = bundles(plan)
    return [link for link in links if bundled.get(link, (link, 0))[0] == link]


def shelf_height(plan: Plan, topic: str, partition: int, scale: Scale) -> float:
    """High enough for a record of the order and for every edge that ends here."""
    here = [link for link in plan.links if (link.topic, link.partition) == (topic, partition)]
    here = _apart(plan, here)
    if not here and len(plan.log(topic).partitions) > 1:
        return scale.slim
    right = sum(is_right(plan, link) for link in here)
    most = max(right, len(here) - right)
    return max(scale.shelf, most * (2 * scale.radius + 4) + 2)


def shelves(plan: Plan, slot: int, top: float, scale: Scale) -> dict[tuple[str, int], float]:
    """The upper edge of every partition in a slot whose first shelf begins at `top`."""
    found: dict[tuple[str, int], float] = {}
    y = top
    topics = plan.slots[slot] if slot < len(plan.slots) else ()
    for topic in topics:
        partitions = plan.log(topic).partitions
        for partition in partitions:
            found[topic, partition.number] = y
            y += shelf_height(plan, topic, partition.number, scale)
            y += LANE_HEIGHT * len(partition.readers) if partition.readers else 6
        y += 0 if partitions[-1].readers else LANE_HEIGHT - 6
        y += BLOCK_GAP + NAME_HEIGHT
    return found


def _node_height(plan: Plan, slot: int, scale: Scale) -> float:
    found = shelves(plan, slot, 0, scale)
    bottoms = [y + shelf_height(plan, topic, number, scale) for (topic, number), y in found.items()]
    return max([*bottoms, scale.shelf])


def _slot_height(plan: Plan, slot: int, scale: Scale) -> float:
    found = shelves(plan, slot, NAME_HEIGHT, scale)
    if not found:
        return 0.0
    topic, number = list(found)[-1]
    readers = plan.log(topic).partitions[-1].readers
    bottom = found[topic, number] + shelf_height(plan, topic, number, scale)
    return bottom + LANE_HEIGHT * max(len(readers), 1)


def _turns(plan: Plan, slot: int) -> int:
    """How many edges turn above a slot, or how many numbers of a bundle stand there."""
    bundled = bundles(plan)
    here = rising = 0
    for link in plan.links:
        if not is_turn(plan, link):
            continue
        up = link in bundled and plan.slot_of(link.service) <= plan.slot(link.topic)
        rising += up and plan.slot(link.topic) == slot
        if plan.slot_of(link.service) == slot and (not up or bundled[link][1] == 0):
            here += 1
    return max(here, rising)


def ports(plan: Plan, tops: dict[tuple[str, int], float], scale: Scale) -> dict[Link, float]:
    """How high each link meets its log: edges of one shelf and side stand apart.

    From above: those to and from the service beside it, those that turn down to others, and those
    from the gutter, the nearest first, so that no two cross.
    """
    groups: dict[tuple[str, int, bool], list[Link]] = defaultdict(list)
    for link in _apart(plan, plan.links):
        groups[link.topic, link.partition, is_right(plan, link)].append(link)
    found: dict[Link, float] = {}
    for (topic, partition, _), links in groups.items():
        links.sort(key=lambda link: _port_order(plan, link))
        height = shelf_height(plan, topic, partition, scale)
        pitch = 2 * scale.radius + 4
        first = tops[topic, partition] + height / 2 - pitch * (len(links) - 1) / 2
        found |= {link: first + pitch * index for index, link in enumerate(links)}
    return found | {link: found[first] for link, (first, _) in bundles(plan).items()}


def _port_order(plan: Plan, link: Link) -> tuple[int, int, int]:
    if is_gutter(plan, link):
        return 0, -plan.slot_of(link.service), -link.row
    if is_turn(plan, link):
        slot = plan.slot_of(link.service)
        return (1 if slot > plan.slot(link.topic) else -1), -slot, -link.row
    return 0, 0, link.row
