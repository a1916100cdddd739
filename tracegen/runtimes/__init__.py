"""Where flows run: `memory` by seed and virtual time, `kafka` for real. They share `host`."""
