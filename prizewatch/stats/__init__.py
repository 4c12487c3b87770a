"""Statistics of the register: pure functions, numbers in and numbers out (statistics.md S1 to S12).

One module a question; `from prizewatch import stats` is all a caller needs. Nothing here knows the register, the
database or what may be published (`disclosure` decides that). What is random takes a seed and repeats exactly.
"""

from .advice import (
    ADVICE_LEVEL,
    ADVISED_FROM,
    WIDEST,
    Advised,
    Strength,
    advise,
    fit_strength,
)
from .burst import burst_tail
from .exposure import (
    LEAST_CLUSTERS,
    Exposure,
    Filing,
    Slope,
    dose_response,
    exposure_bin,
    exposure_bins,
    prior_counts,
)
from .funnel import ALARM, LOOK, between_variance, funnel_limits, funnel_zones, overdispersion
from .incidence import Curve, States, at_risk, incidence, states
from .judging import brier_skill, calibration_slope, coverage, foreseen
from .matching import matching_size
from .proportions import CONFIDENCE, Bounds, Column, Interval, bounds, share, wilson, wilson_many
from .reasons import (
    COUNTED_FROM,
    Disproportion,
    GammaMixture,
    disproportion,
    expected_counts,
    fit_gamma_mixture,
    shrunken_ratios,
)
from .shrinkage import (
    Prior,
    PriorFit,
    Shrunken,
    bootstrap_prior,
    fit_beta_binomial,
    shrunken,
    shrunken_interval,
    shrunken_many,
)
from .trend import COMPARED_FROM, Change, first_late, rolling_mean, year_on_year

__all__ = [
    "ADVICE_LEVEL",
    "ADVISED_FROM",
    "ALARM",
    "COMPARED_FROM",
    "CONFIDENCE",
    "COUNTED_FROM",
    "LEAST_CLUSTERS",
    "LOOK",
    "WIDEST",
    "Advised",
    "Bounds",
    "Change",
    "Column",
    "Curve",
    "Disproportion",
    "Exposure",
    "Filing",
    "GammaMixture",
    "Interval",
    "Prior",
    "PriorFit",
    "Shrunken",
    "Slope",
    "States",
    "Strength",
    "advise",
    "at_risk",
    "between_variance",
    "bootstrap_prior",
    "bounds",
    "brier_skill",
    "burst_tail",
    "calibration_slope",
    "coverage",
    "disproportion",
    "dose_response",
    "expected_counts",
    "exposure_bin",
    "exposure_bins",
    "first_late",
    "fit_beta_binomial",
    "fit_gamma_mixture",
    "fit_strength",
    "foreseen",
    "funnel_limits",
    "funnel_zones",
    "incidence",
    "matching_size",
    "overdispersion",
    "prior_counts",
    "rolling_mean",
    "share",
    "shrunken",
    "shrunken_interval",
    "shrunken_many",
    "shrunken_ratios",
    "states",
    "wilson",
    "wilson_many",
    "year_on_year",
]
