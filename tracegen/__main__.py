"""`python -m tracegen` is the `tracegen` command."""

from tracegen.cli import main

main()
