// Pictures of numbers in characters, one terminal column each.
#pragma once

#include <memory_resource>
#include <optional>
#include <span>
#include <string>

namespace ea::core {

// What the terminal shows: block elements of Unicode, in UTF-8, or nothing beyond ASCII.
enum class Glyphs { blocks, ascii };

// value / max of `width` columns, the rest spaces: to the nearest eighth of a column, half of one in ASCII. Only what is
// not above 0 draws nothing, and only what reaches max fills the bar.
std::pmr::string draw_bar(double value, double max, int width, Glyphs glyphs, std::pmr::memory_resource* memory);

// A column for each point, a space where there is none. Eight heights, the nearest, from the least to the greatest of
// the points and 0.
std::pmr::string draw_sparkline(std::span<const std::optional<double>> series, Glyphs glyphs, std::pmr::memory_resource* memory);

// A cell of `width` columns in one of five shades: empty for what is not above 0, full from max on, and three between, the
// nearest; only what is above 0 is not empty, and only what reaches max is full.
std::pmr::string draw_shade(double value, double max, int width, Glyphs glyphs, std::pmr::memory_resource* memory);

}  // namespace ea::core
