"""``python -m cmlib`` is ``cm``."""

from cmlib.cli import main

if __name__ == "__main__":
    main()
