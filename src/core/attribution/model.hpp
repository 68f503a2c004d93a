// Who gets the credit for a conversion: the ways to share one among the touches before it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ea::core {

enum class AttributionModel { first, last, linear, position, time_decay, shapley, markov };
std::optional<AttributionModel> find_attribution_model(std::string_view name);

// Whether a touch's share follows from the journey alone; shapley and markov ask for keys, too.
inline bool shares_by_touch(AttributionModel model) { return model < AttributionModel::shapley; }

// Position based: to the first and to the last of three touches or more; the others share the rest.
inline constexpr double kAtEitherEnd = 0.4, kBetween = 0.2;

// What counts of a touch for time_decay, so much older than the newest one.
double decayed(std::uint64_t older, double half_life);

// The shares of touches in the order of their times, which add up to 1; ages in any unit, as the half-life is.
void weigh_touches(AttributionModel model, std::span<const std::uint64_t> ages, double half_life, std::span<double> weights);

}  // namespace ea::core
