"""The sheets of the choice of networks: what is asked, what to do on each, and what that rests on.

A sentence is put together of clauses; behind each stand the numbers of its facts, which lead to their rows.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from cmlib import i18n
from cmlib.cells import Row, blank, cell, cited, share, tenths, word
from cmlib.i18n import t
from cmlib.schema import CRITERIA
from cmlib.sheets.page import Sheet, folded, joined, made, message, rows, sentences, table, together
from cmlib.verdicts import numbered

VERDICTS = {"go": "▲", "keep": "●", "review": "◐", "test": "◐", "leave": "▽", "closed": "○"}
SURVEYED = {"own", "shaped"}  # in the country itself
WORTH = 0.5  # hours a week below which a step is not one
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
    whole = made('<div class="cm-asked">\n{}\n</div>', joined(tables))
    return together([made('<p class="cm-means">{}</p>', said), folded(t("platforms.asked.whole"), whole)])


def _who(row: Row) -> str:
    """``25–34, 35–44; women``: what is said of a persona, or that it is everybody."""
    ages = i18n.join(str(age).replace("-", "\u2060–\u2060") for age in row["ages"])
    genders = i18n.join(word("gender.{}", gender) for gender in row["genders"])
    names = ("education", "income", "setting")
    others = (word(f"{name}.{{}}", row[name]) for name in names if row[name])
    return t("sheet.separator").join(filter(None, (ages, genders, *others))) or t("platforms.everybody")


# What to do on each network


def verdicts(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """What is to be done, on all networks together and on each, and why? The frames of verdicts.answer."""
    frame, found = frames["verdicts"], rows(frames["sets"])[1]
    numbers, alive = numbered(frame), frame[frame["verdict"] != "closed"]
    best = _answered(frame, found, frames["hour"]) if found["networks"] else _none(rows(frames["hour"]))
    foreign = [message("mind", said) for said in _foreign(alive)] if len(alive) else []
    whole = made('<ul class="cm-verdicts">\n{}\n</ul>', joined(_verdict(row, numbers) for row in rows(frame)))
    return together([best, *foreign, _in_short(frame), *_too_much(frame), whole])


def _answered(frame: pd.DataFrame, best: Row, hour: pd.DataFrame) -> Sheet:
    """The best set within the hours, and the next one."""
    named = {"networks": _networks(best["networks"]), "reach": cell("reach", best, "")}
    there = cell("hours", {"hours": frame["available"].iloc[0]}, "")
    said = [t("platforms.answer", available=there, hours=cell("hours", best, ""), **named)]
    said += [
        t("platforms.step", hours=cell("hours", row, ""), networks=_networks(row["networks"]),
          reach=share(best["reach"] + row["reach"]))
        for row in _steps(hour)[:1]
    ]  # fmt: skip
    return made("{}", joined(Markup('<p class="cm-lead">{}</p>').format(one) for one in said))


def _steps(hour: pd.DataFrame) -> list[Row]:
    """What more hours would pay for, where they are enough to speak of."""
    return rows(hour[hour["hours"] >= WORTH])


def _in_short(frame: pd.DataFrame) -> Sheet:
    """Keep: Instagram and YouTube. Test: Reddit. A line for each verdict, and the rule behind them."""
    called = pd.Series([_called(row) for row in rows(frame)], index=frame.index)
    said = [
        Markup("<li>{}</li>").format(t(
            "platforms.in_short", verdict=t(f"platforms.verdict.{name}"),
            networks=_networks(frame.loc[called == name, "network"]),
        ))
        for name in VERDICTS if name != "closed" and (called == name).any()
    ]  # fmt: skip
    none = [t("platforms.in_short_none")] * bool(not called.isin(["go", "keep", "review", "test"]).any())
    return made(
        '<ul class="cm-points">\n{}\n</ul>\n<p class="cm-say">{}</p>',
        joined(said), " ".join([*none, t("platforms.rule")]),
    )  # fmt: skip


def _called(row: Row) -> str:
    """The verdict as it is called: what is in use already is not tested, but looked at again."""
    return "review" if row["verdict"] == "test" and row["in_use"] else str(row["verdict"])


def _too_much(frame: pd.DataFrame) -> Iterable[Sheet]:
    """That all that deserves its place does not fit into the hours, where it does not."""
    first = rows(frame)[0]
    if first["together"] > first["available"]:
        hours = {name: cell("hours", {"hours": first[name]}, "") for name in ("together", "available")}
        yield message("mind", t("platforms.too_much", **hours))


def _verdict(row: Row, numbers: Numbers) -> Markup:
    verdict, network = _called(row), word("network.{}", row["network"])
    why = Markup(" ").join(
        Markup("").join(escape(words) + _cited(facts, numbers) for words, facts in clauses) + "."
        for clauses in _why(row) if clauses
    )  # fmt: skip
    tag = Markup(' <span class="cm-mark">{}</span>').format(t("platforms.in_use")) if row["in_use"] else ""
    return Markup(
        '<li class="cm-{}"><p class="cm-choice"><b>{}</b>{} <span class="cm-done"><span class="cm-glyph" '
        'aria-hidden="true">{}</span> {}</span></p>\n<p>{}</p></li>'
    ).format(verdict, network, tag, VERDICTS[verdict], t(f"platforms.verdict.{verdict}"), why)


Clauses = list[tuple[str, tuple[str, ...]]]


def _closed(row: Row) -> Clauses:
    """Why it is not available; in the words of the facts where there are none of ours."""
    key = f"platforms.closed.{row['network']}"
    said = t(key) if i18n.has(key) else t("platforms.closed.other", why=row["note"] or t("sheet.missing"))
    return [(said.removesuffix("."), row["rests"]["status"])]


def _why(row: Row) -> list[Clauses]:
    """The sentences of a verdict; of what is left aside the share and one reason are enough."""
    if row["verdict"] == "closed":
        return [_closed(row)]
    if blank(row["hours"]):
        return [_met(row), [(t("platforms.not_made"), row["rests"]["formats"])]]
    if row["hours"] > row["available"]:
        return [_met(row), [(t("platforms.beyond", hours=cell("hours", row, "")), row["rests"]["cost"])]]
    if row["verdict"] == "leave":
        enough = row["seen"] != "public" or row["share"] < SELDOM  # the share is the reason
        return [_met(row), [] if enough else _reason(row) or _stands(row)]
    return [_met(row), _stands(row), _reason(row)]


def _met(row: Row) -> Clauses:
    """Which share of the target is there, on what that rests, and what it counts for."""
    rests, seen = row["rests"], str(row["seen"])
    by = t(f"platforms.by.{row['basis']}", country=i18n.country(str(row["country"])))
    if seen != "public":
        met = t("platforms.met.uses", uses=share(row["uses"]))
        counts = t(f"platforms.seen.{seen}", share=share(row["share"]))
        return [(met + by, rests["presence"]), (counts, rests["seen"])]
    key = "hardly" if row["high"] < SELDOM else "share"
    met = t(f"platforms.met.{key}", **{name: share(row[name]) for name in ("share", "low", "high")})
    return [(met + by, rests["presence"])]


def _stands(row: Row) -> Clauses:
    """How often it is among the first, whether the best set has it, and what it takes."""
    first = t("platforms.first", n=int(row["places"]), draws=_draws(row["chance"]))
    chosen = t(f"platforms.{'chosen' if row['chosen'] else 'not_chosen'}")
    return [(first + chosen, ()), (t("platforms.hours", hours=cell("hours", row, "")), row["rests"]["cost"])]


def _reason(row: Row) -> Clauses:
    """Its strength, or its weakness; its facts, unless they are behind a clause before."""
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
    before = ("presence",) if row["verdict"] == "leave" else ("presence", "cost")
    return [(said, () if name in before else row["rests"][name])]


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
        _to(run[0], f"{run[0]}–{run[-1]}") if len(run) >= RUN else Markup(", ").join(map(_to, run))
        for run in runs
    ]
    return Markup('<sup class="cm-cited">{}</sup>').format(Markup(", ").join(said)) if said else Markup("")


def _to(number: int, said: str = "") -> Markup:
    """A link within the page: where its target is not said, Voila opens another page."""
    return Markup('<a href="#fact-{}" target="_self">{}</a>').format(number, said or number)


# Who is there, and what the ranking is made of


def presence(frame: pd.DataFrame) -> Sheet:
    """Which share of each persona uses each network, by which surveys? Said loudly where they are others'."""
    counts = {to: frame[name].where(frame[name] > 0) for name, to in (("n", "asked"), ("year", "year"))}
    asked = frame.assign(share=frame["value"], **counts)
    people = ["people"] * bool(asked["people"].notna().any())
    columns = ["network", "persona", "share", "interval", "asked", "basis", "country", "year", *people]
    said = "\n".join(_warnings(frame)) if len(frame) else ""
    warned = [message("mind", said)] if said else []
    whole = table(asked, columns, unit="share", once="network")
    return together([*warned, folded(t("platforms.presence_whole"), whole)])


def _warnings(frame: pd.DataFrame) -> Iterable[str]:
    """What is not from surveys of the brand's country, and from where it is."""
    borrowed, guessed = (frame[frame["basis"] == basis] for basis in ("borrowed", "guessed"))
    if len(borrowed) and set(frame["basis"]) & SURVEYED:
        yield _borrowed("some", frame["home"].iloc[0], borrowed)
    yield from _foreign(frame)
    if len(guessed):
        yield t("platforms.guessed", networks=_networks(guessed["network"]))


def _foreign(frame: pd.DataFrame) -> Iterable[str]:
    """That no survey at all is of the brand's country, where that is so."""
    borrowed = frame[frame["basis"] == "borrowed"]
    if len(borrowed) and not set(frame["basis"]) & SURVEYED:
        yield _borrowed("none", frame["home"].iloc[0], borrowed)


def _borrowed(key: str, home: object, rows: pd.DataFrame) -> str:
    donors = i18n.join(dict.fromkeys(i18n.country(str(code)) for code in rows["country"]))
    networks = _networks(rows["network"])
    return t(f"platforms.borrowed.{key}", home=i18n.country(str(home)), networks=networks, country=donors)


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
    said = [t("platforms.unknown")] * bool(frame["engagement"].isna().any())
    other = str(frame["other_sector"].iloc[0])
    said += [t("platforms.other_sector", sector=other)] * bool(other)
    return together([points, *(made('<p class="cm-say">{}</p>', one) for one in said),
                 made('<dl class="cm-scales">{}</dl>', scales)])  # fmt: skip


def decided(found: Iterable[tuple[str, Mapping[str, Any]]]) -> Sheet:
    """What decided, and what would turn it? Pairs of a key under [platforms.decided] and its values."""
    said = [t(f"platforms.decided.{key}", **_values(values)) for key, values in found]
    return sentences(said) if said else message("info", t("platforms.decided.alone"))


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    written: dict[str, Callable[[Any], str]] = {
        **dict.fromkeys(("network", "other"), lambda v: word("network.{}", v)),
        **dict.fromkeys(("weight", "needed_weight"), lambda v: i18n.percent(v, 0)),
        **dict.fromkeys(("gap", "total"), tenths),
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
    return together([
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
    present = t("platforms.best_present", present=share(row["present"]))
    people = t("platforms.best_people", people=said["people"]) if not blank(row["people"]) else ""
    words += [f"{present}{people}."]
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
            "platforms.further", hours=cell("hours", row, ""), reach=share(row["reach"]),
            networks=_networks(row["networks"]),
        ))
        for row in _steps(hour)
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
