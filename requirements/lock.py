#!/usr/bin/env python3
"""Resolve the locks beside this file anew, after a change of pyproject.toml; needs uv.

`site.txt` is what `./dev site` installs, `dev.txt` what `./dev test` installs. The smaller agrees
with the larger, so going from one to the other only adds packages. No download address stands in
them: plain pip reads them, and the hashes say what is meant.

    python3 requirements/lock.py              keep what is locked, where it still fits
    python3 requirements/lock.py --upgrade    take the newest
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = {"dev": ["cli", "kafka", "site", "dev"], "site": ["cli", "kafka", "site"]}


def main(arguments: list[str]) -> None:
    """Resolve the larger lock, then the smaller one within it."""
    uv = shutil.which("uv")
    if not uv:
        sys.exit("lock: uv is needed to resolve the locks: python3 -m pip install uv")
    command = [uv, "pip", "compile", "--quiet", "--universal", "--generate-hashes"]
    command += ["--no-emit-index-url", "--fork-strategy", "fewest", "--python-version", "3.11"]
    command += ["--custom-compile-command", "python3 requirements/lock.py"]
    command += ["pyproject.toml", "--group", "build"]
    for name, extras in EXTRAS.items():
        options = [option for extra in extras for option in ("--extra", extra)]
        options += ["--constraint", "requirements/dev.txt"] if name == "site" else []
        output = ["--output-file", f"requirements/{name}.txt"]
        subprocess.run([*command, *options, *output, *arguments], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(sys.argv[1:])
