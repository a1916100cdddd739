"""Run one order flow in two styles on a real Kafka, record it, and compute pages from the recording."""

__version__ = "0.1.0"
