#include "core/picture/text_graphics.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/bytes/error.hpp"

namespace ea::core {

namespace {

constexpr int kWidest = 1000;

// Of one to eight eighths: U+258F to U+2588, from the left.
constexpr std::string_view kBarBlocks[] = {"\u258F", "\u258E", "\u258D", "\u258C", "\u258B", "\u258A", "\u2589", "\u2588"};
constexpr std::string_view kBarAscii[] = {"-", "#"};
// From the ground: U+2581 to U+2588. The lowest is not a space, which is for a point that is missing.
constexpr std::string_view kSparkBlocks[] = {"\u2581", "\u2582", "\u2583", "\u2584", "\u2585", "\u2586", "\u2587", "\u2588"};
constexpr std::string_view kSparkAscii[] = {"_", ".", ":", "-", "=", "+", "*", "#"};
constexpr int kHighest = (int)std::size(kSparkBlocks) - 1;
static_assert(std::size(kSparkAscii) == std::size(kSparkBlocks));
// U+2591 to U+2593 and U+2588.
constexpr std::string_view kShadeBlocks[] = {" ", "\u2591", "\u2592", "\u2593", "\u2588"};
constexpr std::string_view kShadeAscii[] = {" ", ".", "+", "*", "#"};
constexpr int kDarkest = (int)std::size(kShadeBlocks) - 1;
static_assert(std::size(kShadeAscii) == std::size(kShadeBlocks));

double require_finite(double value, const char* name) {
  if (!std::isfinite(value)) throw Error(Errc::invalid_argument, "%s must be finite, not %g", name, value);
  return value;
}

void require_scale(double value, double max, int width) {
  require_finite(value, "value");
  if (require_finite(max, "max") < 0) throw Error(Errc::invalid_argument, "max must not be negative, not %g", max);
  if (width < 1 || width > kWidest) throw Error(Errc::invalid_argument, "width must be from 1 to %d, not %d", kWidest, width);
}

// A value above 0 is seen, and one below max is not taken for it.
int filled(double value, double max, int parts) {
  if (value <= 0) return 0;
  if (value >= max) return parts;
  return std::clamp((int)std::lround(value / max * parts), 1, parts - 1);
}

}  // namespace

std::pmr::string draw_bar(double value, double max, int width, Glyphs glyphs, std::pmr::memory_resource* memory) {
  require_scale(value, max, width);
  const std::span<const std::string_view> parts = glyphs == Glyphs::blocks ? std::span<const std::string_view>(kBarBlocks) : kBarAscii;
  const int fine = (int)parts.size(), steps = filled(value, max, width * fine), columns = (steps + fine - 1) / fine;
  std::pmr::string bar(memory);
  bar.reserve(columns * parts.back().size() + (size_t)(width - columns));
  for (int i = 0; i < steps / fine; i++) bar += parts.back();
  if (steps % fine) bar += parts[steps % fine - 1];
  bar.append((size_t)(width - columns), ' ');
  return bar;
}

std::pmr::string draw_sparkline(std::span<const std::optional<double>> series, Glyphs glyphs, std::pmr::memory_resource* memory) {
  double low = 0, high = 0;
  for (const std::optional<double>& point : series)
    if (point) {
      low = std::min(low, require_finite(*point, "series"));
      high = std::max(high, *point);
    }
  // The ends may be further apart than the greatest double.
  const double unit = std::isfinite(high - low) ? 1 : 0.5, range = high * unit - low * unit;
  const std::string_view* heights = glyphs == Glyphs::blocks ? kSparkBlocks : kSparkAscii;
  std::pmr::string line(memory);
  line.reserve(series.size() * heights[0].size());
  for (const std::optional<double>& point : series) {
    if (!point) line += ' ';
    else line += heights[range > 0 ? std::lround((*point * unit - low * unit) / range * kHighest) : 0];
  }
  return line;
}

std::pmr::string draw_shade(double value, double max, int width, Glyphs glyphs, std::pmr::memory_resource* memory) {
  require_scale(value, max, width);
  const std::string_view shade = (glyphs == Glyphs::blocks ? kShadeBlocks : kShadeAscii)[filled(value, max, kDarkest)];
  std::pmr::string cell(memory);
  cell.reserve(shade.size() * (size_t)width);
  for (int i = 0; i < width; i++) cell += shade;
  return cell;
}

}  // namespace ea::core
