"""What to write into another site so that it shows one scenario's player: text to copy."""

from dataclasses import dataclass

from tracegen import scenario

SITE = "https://YOUR-SITE/"
"""Where a build does not know where it will be published."""
WIDTH, HEIGHT_PX = "100%", 720
SANDBOX = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox"
"""What a frame needs in order to play, and to open the whole page beside the other site."""


@dataclass(frozen=True)
class Model:
    """The text."""

    snippet: str
    is_placed: bool
    """Whether the address in it is that of this site."""


def build(site_url: str = "", *, name: str) -> Model:
    """Write the frame of one scenario.

    Args:
        site_url: Where the site is published; empty if that is not known.
        name: Of the scenario.

    Raises:
        UsageError: There is no such scenario.
    """
    title = scenario.load(name).title.replace('"', "&quot;")
    address = f"{(site_url or SITE).rstrip('/')}/embed/{name}/"
    return Model(
        f'<iframe src="{address}"\n'
        f'  title="{title}: both runs, step by step"\n'
        f'  width="{WIDTH}" height="{HEIGHT_PX}" loading="lazy" allow="fullscreen"\n'
        f'  sandbox="{SANDBOX}"></iframe>',
        bool(site_url),
    )
