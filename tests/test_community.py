"""The community's section: what is to be imported and said in brand.toml, and what the demo shows."""

import pandas as pd
import pytest

from cmlib import brand as brands
from cmlib import charts, community, i18n, kpis, sheets


def shown(subject: kpis.Review) -> str:
    found = community.community(subject)
    return "\n".join((sheets.community(found).text, sheets.satisfaction(found).text))


def test_the_demo_waits_as_planted(demo: str) -> None:
    found = community.community(kpis.review(demo))
    cards = found["cards"].set_index("metric")
    assert cards.loc["reply_time_median", "value"] == pytest.approx(1.9, abs=0.5)
    assert cards.loc["share_answered_within_goal", "value"] == pytest.approx(0.75, abs=0.1)
    assert (cards["verdict"] == "cannot_tell").all()  # nothing of it moves
    assert found["satisfaction"]["metric"].tolist() == list(community.SATISFIED)
    assert found["lacks"].empty
    assert found["weeks"]["week"].nunique() <= kpis.WEEKS


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_surveys_and_feelings_stand_apart_and_the_accuracy_is_named(demo: str, language: str) -> None:
    with i18n.speaking(language):
        text = shown(kpis.review(demo))
        drawn = charts.svg(charts.messages(community.community(kpis.review(demo))))
    assert (
        text.index("NPS")
        < text.index("CSAT")
        < text.index({"en": "sound like", "fr": "pas une enquête"}[language])
    )
    assert "13" in text and {"en": "Irony", "fr": "ironie"}[language] in text
    assert "Instagram" in drawn and "Facebook" in drawn


def test_without_messages_it_says_what_to_import_and_to_write(demo: str) -> None:
    subject = kpis.review(demo)
    tables = {name: frame.head(0) if name == "messages" else frame for name, frame in subject.tables.items()}
    nothing = kpis.Review(subject.brand, subject.month, subject.rate, tables, subject.sources, subject.aside)
    text = shown(nothing)
    assert "[messages]" in text and "goal_hours" in text and "CSAT" in text
    assert "sound like" not in text
    assert charts.messages(community.community(nothing)).to_dict()  # nothing is drawn, and nothing breaks
    assert kpis.scorecard(nothing)["value"].equals(kpis.scorecard(subject)["value"])


def test_without_hours_or_a_goal_it_asks_for_them(demo: str) -> None:
    subject = kpis.review(demo)
    brand = brands.Brand(**{**vars(subject.brand), "messages": brands.Desk()})
    told = kpis.Review(brand, subject.month, subject.rate, subject.tables, subject.sources, subject.aside)
    found = community.community(told)
    assert found["lacks"]["key"].tolist() == ["hours", "goal"]
    assert "share_answered" in set(found["cards"]["metric"])
    nights = found["cards"].set_index("metric").loc["reply_time_median", "value"]
    assert (
        nights > community.community(subject)["cards"].set_index("metric").loc["reply_time_median", "value"]
    )


def test_a_month_that_is_not_over_gets_no_verdict_on_counts(demo: str) -> None:
    found = community.community(kpis.review(demo, month="2026-11"))["cards"].set_index("metric")
    assert found.loc["messages_received", "why"] in ("not_over", "no_data")
    assert pd.isna(found.loc["messages_received", "p"])
