"""A strategy workbench for community managers: exports in, decisions and reports that can be defended out.

In the order in which data flows: importers read a file, store keeps it, metrics compute, kpis and start
judge, findings say it, charts and sheets draw it, widgets and report show it.
"""

__all__ = [
    "brand", "charts", "documents", "findings", "i18n", "importers", "kpis", "metrics", "report", "sheets",
    "start", "stats", "store", "web", "widgets",
]  # fmt: skip
