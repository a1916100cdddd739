"""Changed files as readers make them: the package's own, with a few words replaced."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def changed(path: str, *replaced: tuple[str, str]) -> str:
    """One of the package's files, with words in it replaced; each must be there."""
    text = (ROOT / "tracegen" / path).read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text, f"{path} has no {old!r}"
        text = text.replace(old, new)
    return text


def lay(folder: Path, files: dict[str, str]) -> Path:
    """Write files into a folder, as `--with` takes it."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def python(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python apart: changed files change what is imported, and tests share that."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
        encoding="utf-8", check=False,
    )  # fmt: skip


SHIPS_AND_TELLS = '[ship, _answer(message, "shipped")]'
MUTE_SHIPPING = {
    "services/shipping.py": changed("services/shipping.py", (SHIPS_AND_TELLS, "[ship]"))
}
"""Shipping that tells nobody."""
PACKING = {
    "services/packing.py": changed(
        "services/fraud.py",
        ('"OrderCreated" | "CheckFraud"', '"PaymentProcessed"'),
        ("OrderApproved", "BoxPacked"),
    ),
    "services/shipping.py": changed(
        "services/shipping.py", ('"PaymentProcessed" |', '"BoxPacked" |')
    ),
    "flows.py": changed(
        "flows.py",
        ("import orchestrator, order, payment", "import orchestrator, order, packing, payment"),
        (
            "PAYMENT_PROCESSED, ORDER_SHIPPED),\n",
            "PAYMENT_PROCESSED, ORDER_SHIPPED,\n"
            '        MessageType("BoxPacked", "event", "packing", "boxes", "shipped")),\n',
        ),
        (
            "participants=(ORDER, PAYMENT, SHIPPING),",
            'participants=(ORDER, PAYMENT, Participant("packing", "P", packing), SHIPPING),',
        ),
        (
            '{"payment": ("orders",), "shipping": ("payments",)}',
            '{"payment": ("orders",), "packing": ("payments",), "shipping": ("boxes",)}',
        ),
    ),
}
"""A service more in the middle of the choreography."""
