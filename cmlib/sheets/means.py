"""Sheets of what a plan has to do with: the hours that do better, those that people have, posts a week."""

from collections.abc import Mapping

import pandas as pd
from markupsafe import Markup

from cmlib import i18n
from cmlib.cells import Row, blank, relative, word
from cmlib.cells import hours as exact
from cmlib.i18n import t
from cmlib.sheets.months import short
from cmlib.sheets.page import Sheet, joined, made, message, rows

RANGES = 3  # of good hours that are named


def hours(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """Where does the hour matter, where does it not, and on what does that rest? A line for each network."""
    effects, networks = frames["effects"], frames["networks"]
    if networks.empty:
        return message("todo", t("editorial.todo.no_posts"))
    whole = effects[effects["kind"] == ""] if len(effects) else effects
    lines = joined(
        Markup("<li><b>{}{}</b> {}</li>").format(
            word("network.{}", row["network"]),
            t("sheet.colon"),
            _told(row, whole[whole["network"] == row["network"]]),
        )
        for row in rows(networks)
    )
    return made('<ul class="cm-points">\n{}\n</ul>', lines)


def _told(row: Row, effects: pd.DataFrame) -> str:
    """What can be said of the hours of a network."""
    sure = effects[effects["told"].astype("bool")]
    if row["told"] and len(sure):
        spans = [_span(one) for one in _ranges(sure)]
        return t("editorial.hours.told", n=int(row["n"]), spans=t("sheet.separator").join(spans))
    rests = "studies" if (effects["basis"] == "studies").any() else "none"
    key = f"editorial.hours.{row['note']}_{rests}"
    if i18n.has(f"{key}.other"):
        return t(key, n=int(row["n"]))
    return t(f"editorial.hours.untold_{rests}", n=int(row["n"]))


def _ranges(sure: pd.DataFrame) -> list[Row]:
    """Hours in a row that were told, as one: the best RANGES, then the worst.

    The same hours of several days are one too. Each has the effect of its weakest hour, so that none is
    promised more than was found.
    """
    ordered = sure.sort_values(["weekday", "hour"], kind="stable")
    good = ordered["effect"] > 0
    last = ordered.shift(1)
    new = (
        (ordered["weekday"] != last["weekday"])
        | (ordered["hour"] != last["hour"] + 1)
        | (good != good.shift(1))
    )
    spans: dict[tuple[int, int, bool], list[pd.DataFrame]] = {}
    for _, group in ordered.groupby(new.cumsum()):
        ends = int(group["hour"].min()), int(group["hour"].max()) + 1
        spans.setdefault((*ends, bool(group["effect"].iloc[0] > 0)), []).append(group)
    found = []
    for (since, until, _), groups in spans.items():
        every = pd.concat(groups)
        weakest = rows(every.loc[[every["effect"].abs().idxmin()]])[0]
        days = list(dict.fromkeys(int(day) for day in every["weekday"]))
        uneven = len({relative(effect) for effect in every["effect"]}) > 1
        found.append({**weakest, "since": since, "until": until, "days": days, "uneven": uneven})
    found.sort(key=lambda one: (-one["effect"], one["days"], one["since"]))
    worst = [one for one in found[RANGES:] if one["effect"] < 0][-1:]
    return [*found[:RANGES], *worst]


def _span(row: Row) -> str:
    """``Wednesday 18:00–20:00, +40% (+20% to +65%)``"""
    said = {end: relative(row[end]) for end in ("effect", "low", "high")}
    hours = {end: t("editorial.hour_of_day", n=str(row[end])) for end in ("since", "until")}
    days = i18n.join(t(f"chart.day_{day}") for day in row["days"])
    days = t("editorial.every_day") if len(row["days"]) == 7 else days
    key = "editorial.span_least" if row["uneven"] else "editorial.span"
    return t(key, day=days, **hours, **said)


def load(frame: pd.DataFrame) -> Sheet:
    """Whose weeks are too full, and how much is left? A sentence for each owner."""
    if frame.empty or bool((frame["capacity"].isna() & (frame["owner"] == "")).all()):
        return message("todo", t("editorial.todo.no_team"))
    lines = joined(
        Markup("<li><b>{}{}</b> {}</li>").format(
            str(owner) or t("editorial.nobody"), t("sheet.colon"), _weeks(week)
        )
        for owner, week in frame.groupby("owner", sort=False)
    )
    return made('<ul class="cm-points">\n{}\n</ul>', lines)


def _weeks(frame: pd.DataFrame) -> str:
    """How much an owner works in all, in which weeks that is too much, and when there are days off."""
    used = {"n": len(frame), "hours": exact(frame["hours"].sum())}
    if frame["capacity"].isna().any():
        return t("editorial.load_free", **used)
    over, off = rows(frame[frame["over"].astype("bool")]), rows(frame[frame["off"] > 0])
    parts = [t("editorial.load", capacity=exact(frame["capacity"].sum()), **used)]
    if over:
        weeks = i18n.join(
            t("editorial.week_over", week=row["week"].date(), more=exact(row["hours"] - row["capacity"]))
            for row in over
        )
        parts.append(t("editorial.load_over", n=len(over), weeks=weeks))
    if off:
        weeks = i18n.join(t("editorial.week_off", week=row["week"].date(), n=int(row["off"])) for row in off)
        parts.append(t("editorial.load_off", weeks=weeks))
    return " ".join(parts)


def coverage(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """How many posts has each network in each week, beside what it should have?"""
    cadence = frames["cadence"]
    if cadence.empty:
        return message("todo", t("editorial.todo.no_cadence"))
    weeks = list(dict.fromkeys(cadence["week"]))
    heads = joined(Markup('<th scope="col" class="cm-number">{}</th>').format(short(week)) for week in weeks)
    body = joined(
        Markup("<tr><td>{}</td>{}<td>{}</td></tr>").format(
            word("network.{}", network), joined(_posts(row) for row in rows(each)), _wanted(each)
        )
        for network, each in cadence.groupby("network", sort=False)
    )
    return made(
        '<div class="cm-scroll" role="region" tabindex="0" aria-label="{}"><table class="cm-table">'
        '<caption>{}</caption><thead><tr><th scope="col">{}</th>{}<th scope="col">{}</th></tr></thead>\n'
        "<tbody>\n{}\n</tbody></table></div>{}",
        t("editorial.caption.cadence"), t("editorial.caption.cadence"), t("sheet.column.network"), heads,
        t("editorial.wanted"), body, _part(cadence),
    )  # fmt: skip


def _part(cadence: pd.DataFrame) -> Markup:
    """Which weeks are asked for no least number, where others are?"""
    asked = cadence.assign(asked=cadence["low"] > 0).groupby("week")["asked"].any()
    weeks = [short(pd.Timestamp(week)) for week in asked.index[~asked]] if asked.any() else []
    said = Markup('<p class="cm-say">{}</p>')
    return said.format(t("editorial.part_weeks", weeks=i18n.join(weeks))) if weeks else Markup("")


def _posts(row: Row) -> Markup:
    """A number of posts; too few and too many with their sign."""
    low, high = row["low"], row["high"]
    side = (
        "few" if not blank(low) and row["n"] < low else "many" if not blank(high) and row["n"] > high else ""
    )
    said = (
        Markup('<b class="cm-off">{} ({})</b>').format(i18n.number(row["n"]), t(f"editorial.too_{side}"))
        if side else Markup("{}").format(i18n.number(row["n"]))
    )  # fmt: skip
    return Markup('<td class="cm-number">{}</td>').format(said)


def _wanted(weeks: pd.DataFrame) -> str:
    """What is wanted of a week that loses no days: the most that is wanted of any."""
    ends = {end: weeks[end].max() for end in ("low", "high")}
    low, high = (None if blank(value) else exact(float(value)) for value in ends.values())
    if not ends["low"]:
        low = None  # none at least is no wish
    if low is None and high is None:
        return t("sheet.missing")
    if low == high:
        return str(low)
    if low is None or high is None:
        return t("editorial.at_most", n=high) if low is None else t("editorial.at_least", n=low)
    return t("sheet.interval", low=low, high=high)
