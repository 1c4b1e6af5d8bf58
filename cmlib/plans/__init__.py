"""The plan: one row for each post that is to go out, and the brand's plan.csv, in which people write too.

A plan that is saved never takes the place of one that nobody here has seen, and no version of it is lost:
what is replaced stands in the brand's history/, what is refused stands beside the file.
"""

from cmlib.plans.file import Plan, at, history, load, path, read, save
from cmlib.plans.rows import (
    COLUMNS,
    OBJECTIVES,
    OPEN,
    STATUSES,
    approve,
    checked,
    digest,
    edited,
    empty,
    new_id,
    ordered,
    reasons,
)  # fmt: skip

__all__ = [
    "COLUMNS", "OBJECTIVES", "OPEN", "STATUSES", "Plan", "approve", "at", "checked", "digest", "edited",
    "empty", "history", "load", "new_id", "ordered", "path", "read", "reasons", "save",
]  # fmt: skip
