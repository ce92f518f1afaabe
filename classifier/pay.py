"""What an ad pays against the typical wage where the job is."""

from __future__ import annotations

from classifier.salary import SalaryMention, default_currency_of, find_salaries, typical_wage
from classifier.salary_places import Where

HIGH_PAY, VERY_HIGH_PAY = 2.5, 5.0
"""Pay over the typical wage of the place from which it counts as above, and as far above."""
LOW_PAY = 0.4
MOST_UNSTATED_USD = 10_000
"""A larger sum without a period is turnover, capital or a year's pay: no lure promises a hundred times the wage."""
ANYWHERE = "*"
"""The row of `reference/wages.csv` for places that it does not know."""


def judged_pay(text: str, where: Where, language: str, country: str | None) -> tuple[str, SalaryMention] | None:
    """The best-paid mention in a normalised text, and the indicator that it is; None where no pay is named or it is very low."""
    pay = [
        m
        for m in find_salaries(text, default_currency_of(language), where)
        if m.period != "once" and m.monthly_usd_high >= 50 and (m.stated_period or m.monthly_usd_high <= MOST_UNSTATED_USD)
    ]
    if not pay:
        return None
    best = max(pay, key=_monthly)
    wage = typical_wage(country or ANYWHERE) or typical_wage(ANYWHERE)
    ratio = _monthly(best) / (wage or 1.0)
    if ratio < LOW_PAY:
        return None
    return "pay_far_above_wage" if ratio >= VERY_HIGH_PAY else "pay_above_wage" if ratio >= HIGH_PAY else "pay_ordinary", best


def _monthly(mention: SalaryMention) -> float:
    return (mention.monthly_usd_low + mention.monthly_usd_high) / 2
