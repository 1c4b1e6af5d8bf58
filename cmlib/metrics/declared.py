"""METRICS: every figure that can be computed, a line each, and where tools say how they compute theirs."""

from dataclasses import dataclass

from cmlib.periods import KEYS, PARTS

GROWING = ("followers", "net_growth", "growth_rate")  # figures of an account as a whole


@dataclass(frozen=True)
class Metric:
    """One line of METRICS.

    ``table``: posts (those published in the period), or days, visits, answers, messages, waits (figures
    generated in it). ``how``: sum, mean or median over the rows of ``top`` (over ``per``); or one of the
    functions in how.py.
    ``per``: the denominator; "views or reach" is reach where no views are given; ``on``: other denominators
    on some networks. ``only``: organic, social (traffic from networks), nps or csat, incoming or outgoing.
    """

    name: str
    unit: str  # count people rate score money hours
    table: str
    top: str  # "reactions + comments": the parts of the numerator
    per: str = ""
    how: str = "sum"
    whose: str = ""  # the tool that is known to compute it so: a key of TOOLS
    on: tuple[tuple[str, str], ...] = ()
    only: str = ""
    better: str = "higher"  # or "lower", or "" where neither is

    @property
    def parts(self) -> tuple[str, ...]:
        """The columns that are added up in the numerator."""
        return tuple(self.top.split(" + "))

    @property
    def bases(self) -> tuple[str, ...]:
        """The columns that may be the denominator, the preferred one first."""
        return tuple(self.per.split(" or ")) if self.per else ()

    @property
    def keys(self) -> tuple[str, ...]:
        """By what can it be grouped?"""
        return tuple(k for k in KEYS[self.table] if self.how not in GROWING or k != "weekday")

    @property
    def estimated(self) -> bool:
        """Has it an interval? Sums have none, nor have figures of days, which hang together.

        Nor has the mean of a bare count: with a few posts that reach far, its interval would not keep its
        promise (bench/coverage.py). The median's does.
        """
        return self.compared or self.how in ("median", "p90")

    @property
    def compared(self) -> bool:
        """Can two periods be told apart by it, row by row? Rates of posts or visits can, and answers."""
        return self.answered or (bool(self.per) and self.table in ("posts", "visits"))

    @property
    def answered(self) -> bool:
        """Is it a share of answers, or of anything else that is so or not?"""
        return self.how in ("nps", "csat", "proportion")


TOOLS = {  # where a tool says how it computes its rate
    "Brandwatch": "https://social-media-management-help.brandwatch.com/hc/en-us/articles/7390798377885",
    "BrightBean": "https://github.com/brightbeanxyz/brightbean-studio",
    "Buffer": "https://support.buffer.com/article/520-facebook-metric-descriptions",
    "Emplifi": "https://docs.emplifi.io/platform/latest/home/engagement-rate",
    "Later": "https://help.later.com/hc/en-us/articles/33109662792471-Later-s-Custom-Analytics",
    "Metricool": "https://help.metricool.com/en/article/1cmd48v",
    "Orlo": "https://support.orlo.tech/benchmarking-report-glossary",
    "Qualtrics": "https://www.qualtrics.com/support/social-connect/insights/csat-and-nps-score-cards-qsc",
    "Rival IQ": "https://help.rivaliq.com/en/articles/2043672-understanding-engagement-metrics",
    "Sprout Social": "https://support.sproutsocial.com/hc/en-us/articles/211093003",
}

_RCS, _ALL, _CLICKS = "reactions + comments + shares", " + ".join(PARTS), "link_clicks + other_clicks"
_IMPRESSIONS_ON = (("x", "impressions"), ("linkedin", "impressions"))

METRICS: dict[str, Metric] = {m.name: m for m in (
    # posts published in the period: totals
    Metric("posts", "count", "posts", "posts", how="count", better=""),
    Metric("impressions", "count", "posts", "impressions"),
    Metric("views", "count", "posts", "views"),
    Metric("reactions", "count", "posts", "reactions"),
    Metric("comments", "count", "posts", "comments"),
    Metric("shares", "count", "posts", "shares"),
    Metric("saves", "count", "posts", "saves"),
    Metric("interactions", "count", "posts", "interactions"),
    Metric("link_clicks", "count", "posts", "link_clicks"),
    # the same posts: what one of them gets
    Metric("reach_per_post", "people", "posts", "reach", how="mean"),
    Metric("impressions_per_post", "count", "posts", "impressions", how="mean"),
    Metric("views_per_post", "count", "posts", "views", how="mean"),
    Metric("reactions_per_post", "count", "posts", "reactions", how="mean"),
    Metric("comments_per_post", "count", "posts", "comments", how="mean"),
    Metric("shares_per_post", "count", "posts", "shares", how="mean"),
    Metric("interactions_per_post", "count", "posts", "interactions", how="mean"),
    Metric("median_reach", "people", "posts", "reach", how="median"),
    Metric("median_impressions", "count", "posts", "impressions", how="median"),
    Metric("median_views", "count", "posts", "views", how="median"),
    Metric("median_reactions", "count", "posts", "reactions", how="median"),
    Metric("median_comments", "count", "posts", "comments", how="median"),
    Metric("median_shares", "count", "posts", "shares", how="median"),
    Metric("median_interactions", "count", "posts", "interactions", how="median"),
    # the same posts: rates; followers are those at posting
    Metric("engagement_rate_by_impressions", "rate", "posts", "interactions", "impressions"),
    Metric("engagement_rate_by_reach", "rate", "posts", "interactions", "reach"),
    Metric("engagement_rate_by_followers", "rate", "posts", "interactions", "followers"),
    Metric("engagement_rate_by_views", "rate", "posts", "interactions", "views"),
    Metric("engagement_rate_by_views_or_impressions", "rate", "posts", "interactions", "views or impressions",
           on=(("linkedin", "impressions"),)),  # which gives views of videos alone
    Metric("mean_engagement_rate_by_reach", "rate", "posts", "interactions", "reach", "mean"),
    Metric("mean_engagement_rate_with_clicks", "rate", "posts", f"{_RCS} + {_CLICKS}", "impressions", "mean"),
    Metric("click_through_rate", "rate", "posts", "link_clicks", "impressions"),
    Metric("amplification_rate", "rate", "posts", "shares", "reach"),
    Metric("conversation_rate", "rate", "posts", "comments", "reach"),
    Metric("save_rate", "rate", "posts", "saves", "reach"),
    # the same posts: the engagement rate under each tool's own rule
    Metric("engagement_rate_brandwatch", "rate", "posts", _RCS, "impressions", whose="Brandwatch"),
    Metric("engagement_rate_brightbean", "rate", "posts", f"{_ALL} + {_CLICKS}", "views or reach",
           whose="BrightBean"),
    Metric("engagement_rate_buffer", "rate", "posts", f"{_RCS} + {_CLICKS}", "impressions", whose="Buffer",
           only="organic"),
    Metric("engagement_rate_emplifi", "rate", "posts", _RCS, "followers", "mean", "Emplifi"),
    Metric("engagement_rate_later", "rate", "posts", _ALL, "impressions", whose="Later"),
    Metric("engagement_rate_metricool", "rate", "posts", "interactions", "reach", whose="Metricool",
           on=_IMPRESSIONS_ON),
    Metric("engagement_rate_orlo", "rate", "posts", _RCS, "last_followers", whose="Orlo"),
    Metric("engagement_rate_rival_iq", "rate", "posts", _RCS, "followers", whose="Rival IQ",
           on=(("tiktok", "views"),)),
    Metric("engagement_rate_sprout", "rate", "posts", f"{_RCS} + {_CLICKS}", "impressions",
           whose="Sprout Social"),
    # accounts: figures generated in the period
    Metric("followers", "people", "days", "followers", how="followers"),
    Metric("net_growth", "people", "days", "followers", how="net_growth"),
    Metric("growth_rate", "rate", "days", "followers", how="growth_rate"),
    Metric("follows", "people", "days", "follows"),
    Metric("daily_reach", "people", "days", "reach", how="mean"),
    Metric("impressions_generated", "count", "days", "impressions"),
    Metric("views_generated", "count", "days", "views"),
    Metric("interactions_generated", "count", "days", "interactions"),
    Metric("visits_generated", "count", "days", "visits"),
    Metric("share_of_days_without_data", "rate", "days", "missing", how="share", better="lower"),
    # the brand's own site
    Metric("sessions", "count", "visits", "sessions"),
    Metric("conversions", "count", "visits", "conversions"),
    Metric("revenue", "money", "visits", "revenue"),
    Metric("conversion_rate", "rate", "visits", "conversions", "sessions"),
    Metric("social_sessions", "count", "visits", "sessions", only="social"),
    Metric("social_conversions", "count", "visits", "conversions", only="social"),
    Metric("social_revenue", "money", "visits", "revenue", only="social"),
    Metric("social_conversion_rate", "rate", "visits", "conversions", "sessions", only="social"),
    # satisfaction
    Metric("answers", "count", "answers", "answers", how="count", better=""),
    Metric("nps", "score", "answers", "score", how="nps", only="nps", whose="Qualtrics"),
    Metric("csat", "rate", "answers", "score", how="csat", only="csat", whose="Qualtrics"),
    # what people write, and how long they wait (conversations.py)
    Metric("messages_received", "count", "messages", "messages", how="count", only="incoming", better=""),
    Metric("messages_sent", "count", "messages", "messages", how="count", only="outgoing", better=""),
    Metric("people", "people", "messages", "author", how="distinct", only="incoming", better=""),
    Metric("reply_time_median", "hours", "waits", "hours", how="median", better="lower"),
    Metric("reply_time_p90", "hours", "waits", "hours", how="p90", better="lower"),
    Metric("share_answered", "rate", "waits", "answered", how="proportion"),
    Metric("share_answered_within_goal", "rate", "waits", "in_time", how="proportion"),
    Metric("unanswered", "count", "waits", "waiting", better="lower"),
    Metric("positive_feeling", "rate", "messages", "positive", how="proportion", only="incoming"),
    Metric("feeling_told", "rate", "messages", "told", how="proportion", only="incoming", better=""),
)}  # fmt: skip
