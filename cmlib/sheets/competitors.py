"""The sheets of the competitors: what to remember, the four sides, the tables beside the charts."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup

from cmlib import facts, i18n
from cmlib.cells import Row, amount, blank, capital, cited, rate, relative, share, word
from cmlib.i18n import t
from cmlib.sheets.kpis import notable
from cmlib.sheets.page import Sheet, folded, joined, made, message, rows, sentences, table, together

Finding = tuple[str, Mapping[str, Any]]
GLYPHS = {
    "ours": "●", "above": "▲", "below": "▼", "cannot_tell": "≈", "too_few": "○", "works": "▲", "hurts": "▼",
    "none": "≈", "theirs": "▲",
}  # fmt: skip
MOST = 12  # accounts, or topics, that are in a table before the rest is folded
NAMED = 3  # of a list in a sentence, before the rest is only counted


# Sentences


def remembered(found: Iterable[Finding]) -> Sheet:
    """What is to be remembered of the rivals? Sentences: pairs of a key under [rival] and its values."""
    return sentences(said(*one) for one in found)


def said(key: str, values: Mapping[str, Any]) -> str:
    """A finding as people say it."""
    return t(f"rival.{key}", **{name: _written(name, value) for name, value in values.items()})


def _written(name: str, value: Any) -> object:
    written = _WRITTEN.get(name)
    return value if written is None else written(value)


def _change(value: Any) -> str:
    return relative(value, 0 if abs(value) >= 0.1 else 1)


def _times(value: Any) -> str:
    return t("sheet.times", value=i18n.number(value, 1 if value >= 0.95 else 2))


def _rates(of_each: Iterable[tuple[str, float]]) -> str:
    """``A (5.87%), B (3.23%) and 4 others``"""
    return _few([t("rival.rate_of", label=label, rate=rate(value)) for label, value in of_each])


def _by_chance(part: float, n: int) -> str:
    """How many of the other dates did as well."""
    if not n:
        return ""
    return t("rival.by_chance", share=share(part), n=n) if part else t("rival.by_chance_none", n=n)


def _few(listed: Sequence[str]) -> str:
    """The first of a list, and how many others there are."""
    rest = len(listed) - NAMED
    return i18n.join(listed) if rest <= 0 else t("rival.and_others", some=i18n.join(listed[:NAMED]), n=rest)


_WRITTEN: dict[str, Callable[[Any], object]] = {
    "network": lambda v: word("network.{}", v),
    "networks": lambda v: i18n.join(word("network.{}", one) for one in v),
    "operation": lambda v: t(f"rival.operation.{v}"),
    "trait": lambda v: capital(t(f"rival.trait.{v}")),
    "industry": lambda v: _industry(v),
    "source": facts.said_by,
    "source_date": lambda v: facts.dated(str(v)),
    "words": lambda v: v if isinstance(v, str) else i18n.join(v),
    "rates": _rates,
    "labels": _few,
    "month": i18n.month,
    **dict.fromkeys(("rate", "benchmark"), rate),
    **dict.fromkeys(("change", "low", "high", "growth", "own_growth"), _change),
    **dict.fromkeys(("ours", "theirs"), share),
    "placebo": lambda v: _by_chance(*v),
    **dict.fromkeys(("times", "brought"), _times),
    **dict.fromkeys(("people", "most", "value", "least", "up_to"), lambda v: i18n.number(float(v))),
}


def _industry(name: Any) -> str:
    return t("rival.all_industries") if name == "all" else word("sector.{}", str(name).replace(" ", "_"))


def swot(sides: Mapping[str, Iterable[Finding]]) -> Sheet:
    """Where is the brand strong and weak, and where can it win or lose? A line for each, with its figure."""
    parts = []
    for side, found in sides.items():
        lines = joined(Markup("<li>{}</li>").format(said(*one)) for one in found)
        body = (
            Markup("<ul>\n{}\n</ul>").format(lines)
            if lines
            else Markup("<p>{}</p>").format(t("rival.no_line"))
        )
        parts.append(
            Markup('<section class="cm-side cm-{}"><h3>{}</h3>\n{}</section>').format(
                side, t(f"rival.side.{side}"), body
            )
        )
    return made('<div class="cm-swot">\n{}\n</div>', joined(parts))


def alerts(found: Mapping[str, Any]) -> Sheet:
    """What happened in the month, and what came in since the last report?"""
    month = sentences(said(*one) for one in found["alerts"])
    if found["first"]:
        return together([month, made('<p class="cm-say">{}</p>', t("rival.first_report"))])
    if found["changes"].empty:
        return together([month, made('<p class="cm-say">{}</p>', t("rival.no_news"))])
    news = found["changes"].sort_values(["new", "revised"], ascending=False, kind="stable")
    names = ["network", "account", "table", "new", "revised", "newest"]
    shown = _called(news).assign(newest=news["last"])
    return together([month, table(shown, names, t("rival.caption.news"))])


# Tables


def accounts(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """How big is each account, how did it grow on common days, and since when is it known?"""
    grown = frames["followers"]
    sizes = _called(grown).assign(
        followers=_each(grown["value"], i18n.number),
        growth=_each(grown["growth"], _change),
        period=[_period(row["since"], row["until"]) for row in rows(grown)],
    )
    seen = frames["observed"]
    known = _called(seen).assign(
        posts=_each(seen["posts"], i18n.number), notes=_each(seen["notes"], i18n.number),
    )  # fmt: skip
    whole = table(known, ["network", "account", "first", "last", "posts", "notes", "observed_at"])
    first = (
        _some(sizes, ["network", "account", "followers", "seen", "growth", "period"])
        if len(sizes) else message("todo", t("rival.no_followers"))
    )  # fmt: skip
    unseen = [
        f"{row['label']} ({word('network.{}', row['network'])})"
        for row in rows(seen) if blank(row["first"]) and not row["ours"]
    ]  # fmt: skip
    todo = [message("todo", t("rival.never_seen", accounts=i18n.join(unseen)))] if unseen else []
    return together([first, *todo, folded(t("rival.caption.observed"), whole)])


def volume(frame: pd.DataFrame) -> Sheet:
    """Who publishes how much, and who gets how much of all interactions?"""
    if frame.empty:
        return message("todo", t("rival.no_posts"))
    shown = _called(frame).assign(
        period=[_period(row["since"], row["until"]) for row in rows(frame)],
        posts=_each(frame["posts"], i18n.number),
        per_week=_each(frame["per_week"], lambda v: i18n.number(v, 1)),
        interactions=_each(frame["interactions"], i18n.number),
        share_of_posts=_each(frame["share_of_posts"], share),
        share_of_interactions=_each(frame["share_of_interactions"], share),
    )
    names = ["network", "account", "posts", "per_week", "share_of_posts", "interactions",
             "share_of_interactions", "period"]  # fmt: skip
    return _some(shown, names)


def efficiency(frame: pd.DataFrame) -> Sheet:
    """How well does each account do by followers, and is its gap to us more than noise?"""
    if frame.empty:
        return message("todo", t("rival.no_rate"))
    shown = _called(frame).assign(
        lead=_each(frame["lead"], share),
        gap=_marked(map(_gap, rows(frame)), frame),
        verdict=[_verdict(row["verdict"], "rival.verdict") for row in rows(frame)],
    )
    return _some(shown, ["network", "account", "value", "interval", "n", "lead", "gap", "verdict"])


def _gap(row: Row) -> Markup | str:
    """Their rate over ours, with its interval beneath."""
    if row["ours"] or blank(row["change"]):
        return ""
    value, low, high = (row[name] for name in ("change", "change_low", "change_high"))
    ends = "" if blank(low) else t("sheet.interval", low=_times(1 + low), high=_times(1 + high))
    return Markup('{} <small class="cm-ends">{}</small>').format(_times(1 + value), ends)


def per_post(frame: pd.DataFrame) -> Sheet:
    """What does a post get, typically (median) and on average (mean)?"""
    if frame.empty:
        return message("todo", t("rival.no_post"))
    names = [name for name in frame if str(name).startswith(("median_", "mean_"))]
    said_as = {str(name): _each(frame[name], lambda v: amount(v, "count")) for name in names}
    shown = _called(frame).assign(**said_as, n=_each(frame["n"], i18n.number))
    return _some(shown, ["network", "account", "n", *map(str, names)])


def kinds(frame: pd.DataFrame) -> Sheet:
    """How well does each kind of post do on each account?"""
    if frame.empty:
        return message("info", t("rival.no_kind"))
    whole = table(_called(frame), ["network", "account", "kind", "value", "interval", "n"])
    return folded(t("rival.caption.kinds"), whole)


def benchmarks(frame: pd.DataFrame) -> Sheet:
    """Where do we and the rivals stand against what is published?"""
    if frame.empty:
        return message("info", t("rival.no_benchmark"))
    shown = frame.assign(
        industry=[capital(_industry(v)) for v in frame["industry"]],
        benchmark=_each(frame["benchmark"], rate),
        own=_marked(map(_with_ends, rows(frame)), frame),
        rivals=[
            t("rival.of_rivals", value=rate(row["rivals"]), n=int(row["n"]))
            if not blank(row["rivals"]) else t("sheet.missing") for row in rows(frame)
        ],
        verdict=[_verdict(row["verdict"], "rival.against") for row in rows(frame)],
        published=_marked(
            (
                Markup('<span class="cm-note">{} <small>{}</small></span>').format(cited(row), _aged(row))
                for row in rows(frame)
            ),
            frame,
        ),
    )  # fmt: skip
    names = ["network", "industry", "benchmark", "own", "rivals", "verdict", "published"]
    return table(shown, names)


def _with_ends(row: Row) -> Markup | str:
    if blank(row["ours"]):
        return t("sheet.missing")
    ends = {name: rate(row[f"ours_{name}"]) for name in ("low", "high") if not blank(row[f"ours_{name}"])}
    value = rate(row["ours"])
    told = t("sheet.interval", **ends) if ends else ""
    return Markup('{} <small class="cm-ends">{}</small>').format(value, told)


def _aged(row: Row) -> str:
    day = facts.dated(str(row["source_date"]))
    return t("rival.old", day=day) if row["old"] else day


def traits(frame: pd.DataFrame) -> Sheet:
    """Which traits go with more interactions, and do we have them less often than rivals?"""
    told = frame[frame["verdict"] != "too_few"]
    if told.empty:
        return message("info", t("rival.no_trait_told"))
    shown = frame.assign(
        trait=[capital(t(f"rival.trait.{v}")) for v in frame["trait"]],
        lift=_each(frame["change"], _change),
        range=[_range(row) for row in rows(frame)],
        n=_each(frame["n"], i18n.number),
        ours=_each(frame["ours"], share),
        theirs=_each(frame["theirs"], share),
        verdict=[_trait_verdict(row) for row in rows(frame)],
    )  # fmt: skip
    names = ["trait", "lift", "range", "n", "theirs", "ours", "verdict"]
    sure = shown[frame["verdict"].isin(["works", "hurts"])]
    lead = (
        [table(sure, names)]
        if len(sure)
        else [made('<p class="cm-say">{}</p>', t("rival.no_trait", n=len(told)))]
    )
    return together([*lead, folded(t("rival.caption.traits", n=len(shown)), table(shown, names))])


def _range(row: Row) -> str:
    ends = {name: _change(row[name]) for name in ("low", "high") if not blank(row[name])}
    return t("sheet.interval", **ends) if ends else ""


def _trait_verdict(row: Row) -> str:
    key = "confounded" if row["note"] == "confounded" else row["verdict"]
    return f"{GLYPHS[row['verdict']]} {t(f'rival.evidence.{key}')}"


def topics(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """What are the topics, who speaks of them, what comes of it, and what are their best posts?"""
    found = frames["topics"]
    if found.empty:
        return message("info", t("rival.no_topics"))
    shown = found.assign(
        topic=found["words"],
        posts=_each(found["n"], i18n.number),
        theirs=_each(found["theirs"], share),
        ours=_each(found["ours"], share),
        result=[_result(row) for row in rows(found)],
        parts=[_parts(frames["shares"], row["topic"]) for row in rows(found)],
        verdict=[_verdict(row["verdict"], "rival.spoken") for row in rows(found)],
    )
    names = ["topic", "posts", "theirs", "ours", "verdict", "result", "parts"]
    return together([table(shown, names), folded(t("rival.caption.best"), _topic_posts(frames["posts"]))])


def _result(row: Row) -> str:
    """What its posts get over their account's habit."""
    if blank(row["times"]):
        return t("sheet.missing")
    if blank(row["times_low"]):
        return _times(row["times"])
    return t(
        "rival.result",
        **{n: _times(row[f"times{e}"]) for n, e in (("value", ""), ("low", "_low"), ("high", "_high"))},
    )


def _parts(shares: pd.DataFrame, topic: int) -> str:
    """Whose posts a topic is made of, the foremost first."""
    mine = shares[shares["topic"] == topic].sort_values(
        ["part", "who"], ascending=[False, True], kind="stable"
    )
    return _few([t("rival.part_of", who=row["who"], share=share(row["part"])) for row in rows(mine)])


def _topic_posts(posts: pd.DataFrame) -> Sheet:
    if posts.empty:
        return message("info", t("sheet.nothing"))
    shown = posts.assign(topic=posts["words"], account=posts["label"])
    return table(shown, ["topic", "network", "account", "published_at", "text", "times", "url"], once="topic")


def operations(frame: pd.DataFrame) -> Sheet:
    """Which operations did rivals launch, when, how, and what did each bring?"""
    if frame.empty:
        return message("info", t("rival.no_operation"))
    shown = frame.assign(
        account=frame["label"],
        operation=_marked(map(_launched, rows(frame)), frame),
        period=[_period(row["start"], row["end"]) for row in rows(frame)],
        words=_marked(map(_saying, rows(frame)), frame),
        per_post=_marked(map(_ends, rows(frame)), frame),
        brought=_marked(map(_brought, rows(frame)), frame),
    )
    names = ["account", "operation", "period", "words", "per_post", "brought"]
    return table(shown, names)


def _saying(row: Row) -> Markup:
    """Its words, and how many posts it had."""
    words = i18n.join(row["words"]) or t("sheet.missing")
    return Markup('{} <small class="cm-ends">{}</small>').format(words, t("sheet.n.posts", n=row["posts"]))


def _launched(row: Row) -> Markup:
    """What it was, and where."""
    networks = i18n.join(word("network.{}", network) for network in row["networks"])
    kind = capital(t(f"rival.operation.{row['kind']}"))
    return Markup('{} <small class="cm-ends">{}</small>').format(kind, networks)


def _ends(row: Row) -> Markup | str:
    """What a post of it gets over the others, with its interval beneath."""
    if blank(row["change"]):
        return t("sheet.missing")
    ends = _range(row)
    return Markup('{} <small class="cm-ends">{}</small>').format(_change(row["change"]), ends)


def _brought(row: Row) -> Markup:
    """Interactions a day over those around it, and how often other dates did as well."""
    n, told = int(row["placebos"]), t("rival.no_placebo")
    if n:
        share_of = {"share": share(row["chance"])} if row["chance"] else {}
        key = "rival.placebo" if share_of else "rival.placebo_none"
        told = t(key, n=n, usual=_times(row["usual"]), **share_of)
    return Markup('{} <small class="cm-note">{}</small>').format(_times(row["brought"]), told)


def best(frame: pd.DataFrame) -> Sheet:
    """Which posts of rivals did best, against what their account usually gets?"""
    return notable(frame, "count")


def files(frames: Mapping[str, pd.DataFrame]) -> Sheet:
    """From which exports does all of this come?"""
    whole = table(frames["files"], ["name", "format", "rows", "aside", "observed_at", "digest"])
    return folded(t("rival.caption.files", n=len(frames["files"])), whole)


# What they are made of


def _called(frame: pd.DataFrame) -> pd.DataFrame:
    """With the account as people call it, ours marked."""
    ours = Markup(' <span class="cm-mark">{}</span>').format(t("rival.us"))
    names = [Markup("{}{}").format(row["label"], ours if row["ours"] else "") for row in rows(frame)]
    return frame.assign(account=_marked(names, frame))


def _marked(pieces: Iterable[Markup | str], frame: pd.DataFrame) -> pd.Series:
    """A column of pieces of HTML: as plain words they would be escaped once more."""
    return pd.Series(list(pieces), index=frame.index, dtype="object")


def _each(column: pd.Series, written: Callable[[Any], str]) -> list[str]:
    return [t("sheet.missing") if blank(value) else written(float(value)) for value in column]


def _period(first: Any, last: Any) -> str:
    if blank(first) or blank(last):
        return t("sheet.missing")
    days = [i18n.day(day.date()) for day in (first, last)]
    return days[0] if days[0] == days[1] else t("sheet.interval", low=days[0], high=days[1])


def _verdict(name: str, section: str) -> str:
    """A verdict as a sign and a word."""
    return "" if blank(name) else f"{GLYPHS[name]} {t(f'{section}.{name}')}"


def _some(frame: pd.DataFrame, names: list[str]) -> Sheet:
    """A table; of a long one the beginning, and the whole behind words that open it."""
    if len(frame) <= MOST:
        return table(frame, names)
    keep = [place for place, row in enumerate(rows(frame)) if place < MOST or row["ours"]]
    return together(
        [table(frame.iloc[keep], names), folded(t("rival.caption.all", n=len(frame)), table(frame, names))]
    )
