// Visits to the feed, minute by minute, and the events they leave behind.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "event.hpp"
#include "world.hpp"
#include "writer.hpp"

namespace feed {

// Draws a video in constant time; rebuilt once a day, as freshness fades.
class Shelf {
public:
    void rebuild(const std::vector<Video>& videos, std::int64_t now_ms);
    const Video& draw(Prng& random) const {
        const std::uint64_t slot = random.below(size_);
        return (*videos_)[random.unit() < keep_[slot] ? slot : other_[slot]];
    }

private:
    const std::vector<Video>* videos_ = nullptr;
    std::uint64_t size_ = 0;
    std::vector<float> keep_;
    std::vector<std::uint32_t> other_;
};

// Holds the events of the running visits and lets them go in order of time.
class Timeline {
public:
    using Sink = std::function<void(const Event&)>;

    Timeline(std::int64_t start_ms, Sink sink)
        : second_(start_ms / second_ms), sink_(std::move(sink)), slots_(span) {}

    // At most an hour and a half ahead of the last release.
    static constexpr std::int64_t reach_ms = 5400 * second_ms;

    void add(const Event& event) {
        slots_[static_cast<std::size_t>(event.at_ms / second_ms) % span].push_back(event);
    }
    void release_until(std::int64_t ms);

private:
    static constexpr std::size_t span = 8192;
    std::int64_t second_;
    Sink sink_;
    std::vector<std::vector<Event>> slots_;
};

struct Counts {
    std::uint64_t sessions = 0;
    std::uint64_t engagements = 0;
    std::uint64_t batch_engagements = 0;
};

class Visits {
public:
    // `history` gets the events up to the last hours, `recent` those of the last
    // hours; both in order of time.
    Visits(const World& world, const Options& options, Timeline::Sink history,
           Timeline::Sink recent, Writer& sessions);

    Counts run();

private:
    void plan();
    void visit(std::int64_t minute_start_ms);
    std::int64_t watch(const Video& video, std::int64_t at_ms, Event event);
    bool keep(const Event& event);
    std::uint64_t pick_user();
    void write_session(std::uint64_t id, std::uint64_t user_number, bool known,
                       std::int64_t start_ms, std::int64_t last_ms);

    const World& world_;
    const Options& options_;
    Timeline::Sink history_;
    Timeline::Sink recent_;
    Writer& sessions_;
    Prng random_;
    Shelf shelf_;
    Timeline timeline_;
    TimeText start_text_{' ', "+00"};
    TimeText end_text_{' ', "+00"};

    std::int64_t start_ms_;
    std::int64_t split_ms_;  // where history ends and the last hours begin
    std::vector<double> weights_;  // of the minutes, running sums
    double videos_per_visit_;
    double newcomer_share_;
    std::uint64_t next_user_ = 1;
    unsigned viewer_market_ = 0;
    Counts counts_;
};

}  // namespace feed
