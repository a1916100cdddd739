"""The `tracegen` command: thin edges around what the other modules do."""

from tracegen.cli.main import cli, help_pages, main

__all__ = ["cli", "help_pages", "main"]
