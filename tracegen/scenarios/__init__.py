"""Scenarios that ship with tracegen, one TOML file each; see `tracegen.scenario`."""
