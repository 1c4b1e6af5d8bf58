"""The sheets of the choice of networks: what is asked, what to do on each, and what that rests on.

A sentence is put together of clauses; behind each stand the numbers of its facts, which lead to their rows.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from cmlib import i18n
from cmlib.cells import Row, blank, cell, cited, share, word
from cmlib.i18n import t
from cmlib.schema import CRITERIA
from cmlib.sheets.page import Sheet, joined, made, message, rows, sentences, table
from cmlib.verdicts import numbered

VERDICTS = {"go": "▲", "keep": "●", "test": "?", "leave": "▽", "closed": "○"}
SELDOM = 0.005  # of what is said in whole percent, or in draws of 100
RUN = 3  # numbers in a row that are said as from … to
Numbers = Mapping[str, int]


def question(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """What was asked? Whom to meet, to what end, by what means, and how much each criterion counts."""
    personas, means = frames["personas"], rows(frames["means"])[0]
    who = [_who(row) for row in rows(personas)]
    weight = personas["weight"] / personas["weight"].sum()
    people = ["people"] * bool(personas["people"].notna().any())
    pieces = frames["pieces"].rename(columns={"cost": "price", "hours": "time"})
    price = ["price"] * bool((pieces["price"] > 0).any())
    asked = {
        "personas": (personas.assign(persona=personas["name"], who=who, weight=weight),
                     ["persona", "who", "weight", *people]),
        "objectives": (frames["objectives"], ["objective", "weight"]),
        "pieces": (pieces.assign(currency=means["currency"]), ["kind", "time", *price]),
        "weights": (frames["weights"], ["criterion", "weight"]),
    }  # fmt: skip
    tables = (_under(t(f"platforms.asked.{name}"), table(*of)).html for name, of in asked.items())
    said = t(
        f"platforms.asked.{'means' if blank(means['money']) else 'means_budget'}",
        country=i18n.country(str(means["country"])), market=word("market.{}", means["market"]),
        hours=cell("hours", means, ""), money=cell("money", means, ""),
    )  # fmt: skip
    return made('<p class="cm-means">{}</p>\n<div class="cm-asked">\n{}\n</div>', said, joined(tables))


def _who(row: Row) -> str:
    """``25–34, 35–44; women``: what is said of a persona, or that it is everybody."""
    ages = i18n.join(str(age).replace("-", "\u2060–\u2060") for age in row["ages"])
    genders = i18n.join(word("gender.{}", gender) for gender in row["genders"])
    names = ("education", "income", "setting")
    others = (word(f"{name}.{{}}", row[name]) for name in names if row[name])
    return t("sheet.separator").join(filter(None, (ages, genders, *others))) or t("platforms.everybody")


# What to do on each network


def verdicts(frame: pd.DataFrame) -> Sheet:
    """What is to be done on each network, and why? The frame of verdicts.verdicts."""
    numbers = numbered(frame)
    whole = made('<ul class="cm-verdicts">\n{}\n</ul>', joined(_verdict(row, numbers) for row in rows(frame)))
    return _all([_in_short(frame), *_too_much(frame), whole])


def _in_short(frame: pd.DataFrame) -> Sheet:
    """Keep: Instagram and YouTube. Test: Reddit. What is left aside is not repeated."""
    said = [
        t("platforms.in_short", verdict=t(f"platforms.verdict.{name}"), networks=_networks(some["network"]))
        for name in ("go", "keep", "test")
        if len(some := frame[frame["verdict"] == name])
    ]
    return made('<p class="cm-lead">{}</p>', " ".join(said) or t("platforms.in_short_none"))


def _too_much(frame: pd.DataFrame) -> Iterable[Sheet]:
    """That all that deserves its place does not fit into the hours, where it does not."""
    first = rows(frame)[0]
    if first["together"] > first["available"]:
        chosen = _networks(frame.loc[frame["chosen"].eq(True), "network"])
        hours = {name: cell("hours", {"hours": first[name]}, "") for name in ("together", "available")}
        key = "too_much" if chosen else "too_much_none"
        yield message("mind", t(f"platforms.{key}", **hours, **({"networks": chosen} if chosen else {})))


def _verdict(row: Row, numbers: Numbers) -> Markup:
    verdict, network = str(row["verdict"]), word("network.{}", row["network"])
    said = [_closed(row)] if verdict == "closed" else [_met(row), _stands(row)]
    why = Markup(" ").join(
        Markup("").join(escape(words) + _cited(facts, numbers) for words, facts in clauses) + "."
        for clauses in said
    )
    return Markup(
        '<li class="cm-{}"><p class="cm-choice"><b>{}</b> <span><span class="cm-glyph" aria-hidden="true">{}'
        "</span> {}</span></p>\n<p>{}</p></li>"
    ).format(verdict, network, VERDICTS[verdict], t(f"platforms.verdict.{verdict}"), why)


Clauses = list[tuple[str, tuple[str, ...]]]


def _closed(row: Row) -> Clauses:
    """Why it is not available; in the words of the facts where there are none of ours."""
    key = f"platforms.closed.{row['network']}"
    said = t(key) if i18n.has(key) else t("platforms.closed.other", why=row["note"] or t("sheet.missing"))
    return [(said.removesuffix("."), row["rests"]["status"])]


def _met(row: Row) -> Clauses:
    """Which share of the target can be met there, and on what that rests."""
    rests, seen = row["rests"], str(row["seen"])
    if row["share"] < SELDOM and seen != "public":
        return [(t(f"platforms.nobody.{seen}"), rests["seen"])]
    key = "hardly" if row["high"] < SELDOM else "share"
    met = t(f"platforms.met.{key}", **{name: share(row[name]) for name in ("share", "low", "high")})
    basis = t(f"platforms.by.{row['basis']}", country=i18n.country(str(row["country"])))
    clauses = [(met + basis, rests["presence"])]
    return clauses if seen == "public" else [*clauses, (t(f"platforms.seen.{seen}"), rests["seen"])]


def _stands(row: Row) -> Clauses:
    """How often it is among the first, what it takes, whether the best set has it, and what decides."""
    if blank(row["hours"]):
        return [(t("platforms.not_made"), row["rests"]["formats"])]
    first = t("platforms.first", n=int(row["places"]), draws=_draws(row["chance"]))
    hours = t("platforms.hours", hours=cell("hours", row, ""))
    chosen = t(f"platforms.{'chosen' if row['chosen'] else 'not_chosen'}")
    return [(first, ()), (hours, row["rests"]["cost"]), (chosen, ()), *_reason(row)]


def _reason(row: Row) -> Clauses:
    """What speaks most for it, or against it; its facts, unless they are behind a clause before."""
    name, measure = str(row["criterion"] or ""), row["measure"]
    if not name or (name == "presence" and row["share"] < SELDOM):
        return []
    side = "for" if row["verdict"] in ("go", "keep") else "against"
    values: dict[str, Callable[[], str]] = {
        "objectives": lambda: i18n.number(100 * measure),
        "formats": lambda: i18n.percent(measure, 0),
        "engagement": lambda: i18n.percent(measure),
    }
    value = values[name]() if name in values else ""
    own = "_own" if name == "engagement" and row["posts"] else ""
    none = "_none" if name == "formats" and not measure else ""
    said = t(f"platforms.{side}.{name}{own}{none}", value=value, n=int(row["posts"]))
    return [(said, () if name in ("presence", "cost") else row["rests"][name])]


def _draws(chance: float) -> str:
    if chance < SELDOM or chance > 1 - SELDOM:
        return t("platforms.draws_none" if chance < SELDOM else "platforms.draws_all")
    return t("platforms.draws", n=round(100 * chance))


def _cited(facts: Iterable[str], numbers: Numbers) -> Markup:
    """``1–9, 12``: small links to the rows of the facts."""
    runs: list[list[int]] = []
    for number in sorted(numbers[fact] for fact in facts):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    said = [
        Markup("–").join((_to(run[0]), _to(run[-1]))) if len(run) >= RUN else Markup(", ").join(map(_to, run))
        for run in runs
    ]
    return Markup('<sup class="cm-cited">{}</sup>').format(Markup(", ").join(said)) if said else Markup("")


def _to(number: int) -> Markup:
    """A link within the page: where its target is not said, Voila opens another page."""
    return Markup('<a href="#fact-{}" target="_self">{}</a>').format(number, number)


# Who is there, and what the ranking is made of


def presence(frame: pd.DataFrame) -> Sheet:
    """Which share of each persona uses each network, by which surveys? Said loudly where they are others'."""
    asked = frame.assign(
        share=frame["value"], **{name: frame[name].where(frame[name] > 0) for name in ("n", "year")}
    )
    people = ["people"] * bool(asked["people"].notna().any())
    columns = ["network", "persona", "share", "interval", "n", "basis", "country", "year", *people]
    said = "\n".join(_warnings(frame)) if len(frame) else ""
    warned = [message("mind", said)] if said else []
    return _all([*warned, table(asked, columns, unit="share")])


def _warnings(frame: pd.DataFrame) -> Iterable[str]:
    """What is not from surveys of the brand's country, and from where it is."""
    home, bases = i18n.country(str(frame["home"].iloc[0])), set(frame["basis"])
    borrowed, guessed = (frame[frame["basis"] == basis] for basis in ("borrowed", "guessed"))
    if len(borrowed):
        donors = i18n.join(dict.fromkeys(i18n.country(str(code)) for code in borrowed["country"]))
        key = "some" if bases & {"own", "shaped"} else "none"
        networks = _networks(borrowed["network"])
        yield t(f"platforms.borrowed.{key}", home=home, networks=networks, country=donors)
    if len(guessed):
        yield t("platforms.guessed", networks=_networks(guessed["network"]))


def criteria(frame: pd.DataFrame) -> Sheet:
    """How many points has each network on each criterion, and what are they points of?"""
    if frame.empty:
        return message("info", t("sheet.nothing"))
    scales = joined(
        Markup("<div><dt>{}</dt> <dd>{}</dd></div>").format(
            t(f"criterion.{name}"), t(f"platforms.scale.{name}")
        )
        for name in CRITERIA
    )
    points = table(frame.assign(score=frame["value"]), ["network", "score", *CRITERIA])
    unknown = [t("platforms.unknown")] * bool(frame["engagement"].isna().any())
    return _all([points, *(made('<p class="cm-say">{}</p>', said) for said in unknown),
                 made('<dl class="cm-scales">{}</dl>', scales)])  # fmt: skip


def decided(found: Iterable[tuple[str, Mapping[str, Any]]]) -> Sheet:
    """What decided, and what would turn it? Pairs of a key under [platforms.decided] and its values."""
    said = [t(f"platforms.decided.{key}", **_values(values)) for key, values in found]
    return sentences(said) if said else message("info", t("platforms.decided.alone"))


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Callable[[Any], str]] = {
        **dict.fromkeys(("network", "other"), lambda v: word("network.{}", v)),
        **dict.fromkeys(("weight", "needed_weight"), lambda v: i18n.percent(v, 0)),
        **dict.fromkeys(("gap", "total"), lambda v: i18n.number(v, 1)),
        "chance": _draws,
        "criterion": lambda v: t(f"criterion.{v}"),
    }
    return {name: written.get(name, i18n.number)(value) for name, value in values.items()}


# Which networks together


def portfolio(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """Which networks together, what does each add, and what would an hour more pay for?"""
    sets, each, hour = frames["sets"], frames["networks"], frames["hour"]
    state = each["serves"].map({True: "not_in_set", False: "serves_little"}).mask(each["chosen"], "in_set")
    chosen = [t(f"platforms.{name}") for name in state]
    adds = table(
        each.assign(chosen=chosen, adds=each["reach"]), ["network", "chosen", "adds", "hours", "money"]
    )
    found = rows(sets)[1]["networks"]
    return _all([
        *([_best(rows(sets)[1]), *_overlaps(sets)] if found else [_none(rows(hour))]),
        *([_under(t("platforms.each"), adds)] if len(each) else []),
        *_further(hour if found else hour.iloc[1:]),
    ])  # fmt: skip


def _best(row: Row) -> Sheet:
    """The best set in words."""
    said = {name: cell(name, row, "") for name in ("reach", "hours", "money", "people")}
    named = {"n": len(row["networks"]), "networks": _networks(row["networks"])}
    words = [t("platforms.best", **named, reach=said["reach"], hours=said["hours"])]
    words += [t("platforms.best_money", money=said["money"])] * bool(row["money"])
    words += [t("platforms.best_people", people=said["people"])] * (not blank(row["people"]))
    return made('<p class="cm-lead">{}</p>', " ".join(words))


def _none(more: list[Row]) -> Sheet:
    """Why there is no set, and what the first step would take."""
    if not more:
        return message("todo", t("platforms.nothing"))
    first = {"hours": cell("hours", more[0], ""), "networks": _networks(more[0]["networks"])}
    return message("todo", t("platforms.empty", **first))


def _overlaps(sets: pd.DataFrame) -> Iterable[Sheet]:
    """The best set for each overlap, and what these suppose."""
    people = ["people"] * bool(sets["people"].notna().any())
    overlap = [t(f"platforms.overlap.{name}") for name in ("chance", "half", "nested")]
    columns = ["overlap", "networks", "reach", *people, "hours", "money"]
    yield _under(t("platforms.sets"), table(sets.assign(overlap=overlap), columns))
    yield made('<p class="cm-say">{}</p>', t("platforms.supposed"))


def _further(hour: pd.DataFrame) -> Iterable[Sheet]:
    said = [
        Markup("<li>{}</li>").format(t(
            "platforms.further", hours=cell("hours", row, ""), reach=i18n.percent(row["reach"], 1),
            networks=_networks(row["networks"]),
        ))
        for row in rows(hour)
    ]  # fmt: skip
    if said:
        yield made('<h3>{}</h3>\n<ul class="cm-points">\n{}\n</ul>', t("platforms.more_hours"), joined(said))


# What it rests on


def used(frame: pd.DataFrame) -> Sheet:
    """Which facts does all this rest on? Numbered as behind the sentences."""
    if frame.empty:
        return message("info", t("sheet.nothing"))
    names = ("number", "network", "says", "source", "source_date")
    heads = joined(Markup('<th scope="col">{}</th>').format(t(f"sheet.column.{name}")) for name in names)
    return made(
        '<div class="cm-scroll" role="region" tabindex="0" aria-label="{}"><table class="cm-table cm-used">'
        "<thead><tr>{}</tr></thead>\n<tbody>\n{}\n</tbody></table></div>",
        t("sheet.table"), heads, joined(map(_fact, rows(frame))),
    )  # fmt: skip


def _fact(row: Row) -> Markup:
    marks = [t(f"platforms.{name}") for name in ("old", "local") if row[name]]
    return Markup(
        '<tr id="fact-{}"><td class="cm-number">{}</td><td>{}</td><td>{} {}</td><td>{}</td>'
        '<td class="cm-day">{}</td></tr>'
    ).format(
        row["number"], row["number"], cell("network", row, ""), row["says"],
        Markup(" ").join(Markup('<b class="cm-mark">{}</b>').format(mark) for mark in marks),
        cited(row), cell("source_date", row, ""),
    )  # fmt: skip


# What they are made of


def _networks(names: Iterable[object]) -> str:
    """Instagram, TikTok and YouTube."""
    said = [word("network.{}", name) for name in dict.fromkeys(names)]
    return t("platforms.and", first=i18n.join(said[:-1]), last=said[-1]) if len(said) > 1 else "".join(said)


def _under(title: str, sheet: Sheet) -> Sheet:
    return made("<h3>{}</h3>\n{}", title, sheet.html)


def _all(pieces: Iterable[Sheet]) -> Sheet:
    return Sheet(joined(piece.html for piece in pieces))
