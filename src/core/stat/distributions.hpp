// Probabilities and quantiles of the distributions that tests refer to. Outside of its domain each is NaN. What is an
// upper tail is one from the start, never 1 - the lower one, so that small ones keep their digits.
#pragma once

namespace ea::core {

double normal_density(double z);
double normal_below(double z);
double normal_above(double z);
// P(|Z| > |z|).
double normal_two_sided(double z);
// The z that is exceeded with this probability.
double normal_exceeded(double probability);
// The z between which and -z it lies with this probability: not 1 minus it, so that levels near 0 keep their digits too.
double normal_within(double level);

double t_two_sided(double t, double df);
double t_exceeded(double probability, double df);
double t_within(double level, double df);

double chi_squared_above(double chi2, double df);

}  // namespace ea::core
