"""Kafka's own choice of a partition for a key, so that a simulated run splits keys as a real one.

Source:
    Apache Kafka, `org.apache.kafka.clients.producer.internals.BuiltInPartitioner` and
    `Utils.murmur2`: MurmurHash2 of the key's bytes, sign bit off, modulo the partition count.
"""

from functools import lru_cache

_SEED = 0x9747B28C
_M = 0x5BD1E995
_R = 24
_MASK = 0xFFFFFFFF


@lru_cache(maxsize=10_000)
def partition_for(key: str, partition_count: int) -> int:
    """The partition, from 0, that a record with this key goes to."""
    return (murmur2(key.encode()) & 0x7FFFFFFF) % partition_count


def murmur2(data: bytes) -> int:
    """Kafka's 32-bit hash of some bytes, unsigned."""
    hash_ = (_SEED ^ len(data)) & _MASK
    body = len(data) & ~3
    for start in range(0, body, 4):
        word = int.from_bytes(data[start : start + 4], "little")
        word = (word * _M) & _MASK
        word ^= word >> _R
        word = (word * _M) & _MASK
        hash_ = ((hash_ * _M) & _MASK) ^ word
    if tail := data[body:]:
        hash_ ^= int.from_bytes(tail, "little")
        hash_ = (hash_ * _M) & _MASK
    hash_ ^= hash_ >> 13
    hash_ = (hash_ * _M) & _MASK
    return hash_ ^ (hash_ >> 15)
