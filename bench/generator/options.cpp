#include "options.hpp"

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <stdexcept>
#include <string_view>

#include "writer.hpp"

namespace feed {

const char* const usage =
    R"(feed_generator: a seeded Explore feed of a real-estate portal

  feed_generator --out DIR [option value]...

  --out DIR           where the files go (an existing directory)
  --seed N            names the feed: the same options and seed give the same bytes (1)
  --videos N          videos, each with its content row (600)
  --creators N        agents and developers, users 1 to N (45)
  --viewers N         registered users, ids from 1 without gaps (25000)
  --events N          rows of engagements.csv (300000)
  --sessions N        visits, about (a sixth of the events)
  --days N            length of the history (60)
  --end TIME          its last instant: 2026-11-01T00:00:00Z (the default) or now
  --batch-events N    events of the last hours that arrive as requests (6000)
  --event-ids PERCENT rows of engagements.csv with an event_id (0)
  --id-bits 32|62     scatter user ids over that many bits instead of 1, 2, 3 ...

Writes content.csv, videos.csv, viewers.csv, sessions.csv, engagements.csv and batches.jsonl.
)";

namespace {

std::uint64_t number(std::string_view name, const char* text, std::uint64_t low,
                     std::uint64_t high) {
    std::uint64_t value = 0;
    const char* const end = text + std::strlen(text);
    const auto [stop, error] = std::from_chars(text, end, value);
    if (error != std::errc() || stop != end || value < low || value > high)
        throw std::invalid_argument(std::string(name) + " wants a number from " +
                                    std::to_string(low) + " to " + std::to_string(high) +
                                    ", not \"" + text + "\"");
    return value;
}

std::int64_t instant(const char* text) {
    if (std::strcmp(text, "now") == 0)
        return std::chrono::duration_cast<std::chrono::milliseconds>(
                   std::chrono::system_clock::now().time_since_epoch())
            .count();
    Date date{};
    int hour = 0;
    int minute = 0;
    int second = 0;
    int used = 0;
    const int fields = std::sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &date.year, &date.month,
                                   &date.day, &hour, &minute, &second, &used);
    if (fields != 6 || text[used] != '\0' || date.year < 1990 || date.month < 1 ||
        date.month > 12 || date.day < 1 || date.day > 31 || hour > 23 || minute > 59 || second > 59)
        throw std::invalid_argument(std::string("--end wants a time like 2026-11-01T00:00:00Z, not \"") +
                                    text + "\"");
    return days_of_date(date) * day_ms + hour * hour_ms + minute * minute_ms + second * second_ms;
}

}  // namespace

Options parse_options(int argc, char** argv) {
    constexpr std::uint64_t many = 4'000'000'000ULL;
    Options options;
    options.end_ms = instant("2026-11-01T00:00:00Z");
    for (int i = 1; i < argc; ++i) {
        const std::string_view name = argv[i];
        if (name == "--help" || name == "-h") {
            options.help = true;
            return options;
        }
        if (i + 1 == argc) throw std::invalid_argument(std::string(name) + " wants a value");
        const char* const value = argv[++i];
        if (name == "--seed") options.seed = number(name, value, 0, UINT64_MAX);
        else if (name == "--videos") options.videos = number(name, value, 1, 10'000'000);
        else if (name == "--creators") options.creators = number(name, value, 1, 10'000'000);
        else if (name == "--viewers") options.viewers = number(name, value, 1, many);
        else if (name == "--events") options.events = number(name, value, 0, many);
        else if (name == "--sessions") options.sessions = number(name, value, 1, many);
        else if (name == "--days") options.days = number(name, value, 1, 9000);
        else if (name == "--batch-events") options.batch_events = number(name, value, 0, 10'000'000);
        else if (name == "--event-ids") options.event_ids = number(name, value, 0, 100);
        else if (name == "--id-bits") {
            options.id_bits = number(name, value, 32, 62);
            if (options.id_bits != 32 && options.id_bits != 62)
                throw std::invalid_argument("--id-bits wants 32 or 62");
        } else if (name == "--end") options.end_ms = instant(value);
        else if (name == "--out") options.out = value;
        else throw std::invalid_argument("unknown option " + std::string(name));
    }
    if (options.out.empty()) throw std::invalid_argument("--out DIR is needed");
    if (options.creators > options.viewers)
        throw std::invalid_argument("creators are users: --viewers must not be below --creators");
    if (options.videos < options.creators)
        throw std::invalid_argument("every creator has a video: --videos must not be below --creators");
    if (options.sessions == 0) options.sessions = options.events / 6 + 1;
    return options;
}

}  // namespace feed
