"""Plans made by hand for tests: slots of a small brand, and moments beside them."""

from zoneinfo import ZoneInfo

import pandas as pd

from cmlib import plans
from cmlib.brand import Account, Brand, Lead, Member, Piece

ZONE = ZoneInfo("Europe/Paris")
NOW = pd.Timestamp("2026-11-25T09:00", tz=ZONE).to_pydatetime()
WHO = Brand(
    "vaurenne", "Atelier Vaurenne", timezone="Europe/Paris", country="FR",
    pillars=("l’atelier", "les gestes"),
    accounts=(
        Account("instagram", "atelier.vaurenne"), Account("facebook", "Atelier Vaurenne"),
        Account("x", "vaurenne"), Account("pinterest", "vaurenne"),
    ),
    pieces={"image": Piece(1.5), "text": Piece(0.5)},
    team=(Member("Inès", 8.0, email="ines@example.org"), Member("Paul", 4.0)),
    lead=Lead(1, 2, 1, 1),
)  # fmt: skip


def slot(nth: int = 1, **said: object) -> dict[str, object]:
    """One approved slot, 3 December 2026 at 18:30 unless it is said otherwise."""
    row: dict[str, object] = {
        "slot_id": f"s{nth}", "when": "2026-12-03T18:30", "network": "instagram",
        "account": "atelier.vaurenne", "piece": "image", "kind": "image", "pillar": "l’atelier",
        "title": f"Tasse {nth}", "text": f"La tasse {nth}.",
        "piece_id": f"p{nth}", "hours": 1.5, "owner": "Inès", "status": "approved", "sequence": 0,
        "objective": "interactions",
    }  # fmt: skip
    return row | said


def plan(*rows: dict[str, object], zone: ZoneInfo = ZONE) -> pd.DataFrame:
    """Slots as a plan; ``when`` may be text in the zone, with its offset or without."""
    frame = pd.DataFrame(list(rows))
    whens = [pd.Timestamp(when) for when in frame["when"]]
    frame["when"] = pd.to_datetime(
        pd.Series([(w if w.tzinfo else w.tz_localize(zone)).tz_convert("UTC") for w in whens]), utc=True
    )
    return plans.checked(frame, zone)


def moments(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Moments as moments.on gives them: key, name, first, last."""
    columns = {"value": 1.0, "sensitive": False, "source": "", "source_date": "", "address": "", "note": ""}
    made = pd.DataFrame(rows, columns=["moment", "name", "first", "last"]).assign(category="trade", **columns)
    made["networks"] = [()] * len(made)
    return made.astype({"first": "datetime64[us]", "last": "datetime64[us]"})


NONE = moments()
BLACK_FRIDAY = moments(("black_friday", "Black Friday", "2026-11-27", "2026-11-27"))
