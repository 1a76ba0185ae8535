"""The few errors that a caller treats differently. Their text is shown to people as it is."""


class PolicyError(Exception):
    """Something the user can act on: what was given, what was expected, what to do."""


class IndexLocked(PolicyError):
    """Another process is writing to the data folder."""


class IndexIncompatible(PolicyError):
    """The data folder was written by a newer program or with another embedding model."""


class VectorsDamaged(PolicyError):
    """Dense search cannot answer now; keyword search can, and the vectors are made again."""


class FileRejected(PolicyError):
    """One file cannot be ingested; the others go on."""
