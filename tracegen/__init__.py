"""Run one order in two styles on a real Kafka, record it, and compute pages from it."""

__version__ = "0.1.0"
