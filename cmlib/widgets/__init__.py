"""The parameters cell is the form: in JupyterLab and Voila a change shows every section of the notebook anew.

In a report, where nobody can click, the same notebook shows one line instead of the form.
"""

from cmlib.widgets.page import LOOKING, Page, live

__all__ = ["LOOKING", "Page", "live"]
