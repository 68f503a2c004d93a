#include "visits.hpp"

#include <algorithm>

namespace feed {

namespace {

constexpr double anonymous_share = 0.20;
constexpr double active_share = 0.84;  // of the registered users; the others never watch
constexpr double events_per_video = 1.59;
constexpr std::int64_t idle_ms = 30 * minute_ms;

// Visits by hour (UTC; most viewers live three to four hours ahead) and by weekday from Sunday.
constexpr double by_hour[24] = {0.35, 0.25, 0.25, 0.35, 0.55, 0.75, 0.85, 0.95, 1.00, 1.00, 1.00, 0.95,
                                0.95, 1.00, 1.15, 1.35, 1.60, 1.85, 1.95, 1.80, 1.45, 1.10, 0.80, 0.55};
constexpr double by_weekday[7] = {1.10, 0.92, 0.90, 0.92, 0.98, 1.15, 1.20};

struct Device {
    const char* type;
    const char* platform;
    unsigned share;
    const char* versions[3];
};
constexpr Device devices[] = {{"mobile", "ios", 41, {"5.4.1", "5.4.0", "5.3.2"}},
                              {"mobile", "android", 39, {"5.4.1", "5.3.2", "5.2.0"}},
                              {"tablet", "ios", 6, {"5.4.1", "5.4.0", "5.3.2"}},
                              {"desktop", "web", 14, {"2026.10", "2026.9", "2026.8"}}};
constexpr const char* sources[] = {"for_you", "for_you", "for_you", "search", "search",
                                   "push",    "social",  "social",  "email",  "direct"};

}  // namespace

void Shelf::rebuild(const std::vector<Video>& videos, std::int64_t now_ms) {
    videos_ = &videos;
    size_ = videos.size();
    keep_.resize(size_);
    other_.resize(size_);
    std::vector<double> weights(size_);
    double sum = 0;
    for (std::size_t i = 0; i < size_; ++i) {
        const double age = static_cast<double>(now_ms - videos[i].published_ms) / day_ms;
        if (age >= 0) weights[i] = videos[i].popularity * (0.2 + 0.8 / (1.0 + age * age / 50.0));
        sum += weights[i];
    }
    if (sum == 0) weights[0] = sum = 1;  // a feed needs something to show
    // Vose's alias method.
    std::vector<std::uint32_t> small;
    std::vector<std::uint32_t> large;
    for (std::size_t i = 0; i < size_; ++i) {
        weights[i] *= static_cast<double>(size_) / sum;
        (weights[i] < 1 ? small : large).push_back(static_cast<std::uint32_t>(i));
    }
    while (!small.empty() && !large.empty()) {
        const std::uint32_t poor = small.back();
        const std::uint32_t rich = large.back();
        small.pop_back();
        keep_[poor] = static_cast<float>(weights[poor]);
        other_[poor] = rich;
        weights[rich] -= 1 - weights[poor];
        if (weights[rich] < 1) {
            large.pop_back();
            small.push_back(rich);
        }
    }
    for (const auto* rest : {&small, &large})
        for (const std::uint32_t i : *rest) keep_[i] = 2, other_[i] = i;
}

void Timeline::release_until(std::int64_t ms) {
    for (; second_ < ms / second_ms; ++second_) {
        auto& slot = slots_[static_cast<std::size_t>(second_) % span];
        if (slot.empty()) continue;
        // Few at a time, and the events of a visit must not change places.
        for (std::size_t i = 1; i < slot.size(); ++i) {
            const Event event = slot[i];
            std::size_t at = i;
            for (; at > 0 && slot[at - 1].at_ms > event.at_ms; --at) slot[at] = slot[at - 1];
            slot[at] = event;
        }
        for (const Event& event : slot) sink_(event);
        slot.clear();
    }
}

Visits::Visits(const World& world, const Options& options, Timeline::Sink history,
               Timeline::Sink recent, Writer& sessions)
    : world_(world),
      options_(options),
      history_(std::move(history)),
      recent_(std::move(recent)),
      sessions_(sessions),
      random_(mix(options.seed ^ 0x766973697473ULL)),
      timeline_(options.end_ms - static_cast<std::int64_t>(options.days) * day_ms,
                [this](const Event& event) { (event.at_ms < split_ms_ ? history_ : recent_)(event); }),
      start_ms_(options.end_ms - static_cast<std::int64_t>(options.days) * day_ms) {
    plan();
    const auto sessions_count = static_cast<double>(options.sessions);
    videos_per_visit_ = std::max(
        1.0, static_cast<double>(options.events) / sessions_count / events_per_video);
    newcomer_share_ = std::min(
        1.0, static_cast<double>(options.viewers) * active_share * 0.985 / (sessions_count * (1 - anonymous_share)));
}

// Running sums of the minutes' weights, and the point from which events arrive as requests.
void Visits::plan() {
    const auto minutes = static_cast<std::size_t>(options_.days * 24 * 60);
    weights_.resize(minutes + 1);
    for (std::size_t i = 0; i < minutes; ++i) {
        const std::int64_t at = start_ms_ + static_cast<std::int64_t>(i) * minute_ms;
        const double growth = 0.7 + 0.6 * static_cast<double>(i) / static_cast<double>(minutes);
        weights_[i + 1] = weights_[i] + growth * by_hour[at % day_ms / hour_ms] *
                                            by_weekday[(at / day_ms + 4) % 7];
    }
    split_ms_ = options_.end_ms;
    if (options_.batch_events == 0) return;
    const auto recent = static_cast<double>(options_.batch_events);
    const double share = recent / (recent + static_cast<double>(options_.events));
    std::size_t split = minutes;
    while (split > 0 && minutes - split < 12 * 60 &&
           weights_[minutes] - weights_[split] < share * weights_[minutes])
        --split;
    split_ms_ = start_ms_ + static_cast<std::int64_t>(split) * minute_ms;
}

Counts Visits::run() {
    const auto minutes = static_cast<std::int64_t>(weights_.size() - 1);
    const auto split = (split_ms_ - start_ms_) / minute_ms;
    const double before = weights_[static_cast<std::size_t>(split)];
    const double after = weights_.back() - before;
    for (std::int64_t minute = 0; minute < minutes; ++minute) {
        const std::int64_t at = start_ms_ + minute * minute_ms;
        timeline_.release_until(at);
        if (minute % 1440 == 0) shelf_.rebuild(world_.videos(), at);
        const double sum = weights_[static_cast<std::size_t>(minute) + 1];
        const bool recent = minute >= split;
        const std::uint64_t target =
            recent ? static_cast<std::uint64_t>(static_cast<double>(options_.batch_events) *
                                                (sum - before) / after + 0.5)
                   : static_cast<std::uint64_t>(static_cast<double>(options_.events) * sum / before + 0.5);
        const std::uint64_t& count = recent ? counts_.batch_engagements : counts_.engagements;
        while (count < target) visit(at);
    }
    timeline_.release_until(options_.end_ms + second_ms);
    return counts_;
}

// Newcomers take the next number; the others come back, the latest and the loyal most of all.
std::uint64_t Visits::pick_user() {
    const auto known = static_cast<double>(next_user_ - 1);
    if (known < 1 || (next_user_ <= options_.viewers && random_.chance(newcomer_share_))) {
        while (random_.chance(1 - active_share) && next_user_ < options_.viewers) ++next_user_;
        return next_user_++;
    }
    const double u = random_.unit();
    if (random_.chance(0.55)) return next_user_ - 1 - static_cast<std::uint64_t>(u * u * u * known);
    const auto any = 1 + static_cast<std::uint64_t>(u * known);
    return any - any % 8 > 0 ? any - any % 8 : any;
}

bool Visits::keep(const Event& event) {
    if (event.at_ms >= options_.end_ms) return false;
    const bool recent = event.at_ms >= split_ms_;
    std::uint64_t& count = recent ? counts_.batch_engagements : counts_.engagements;
    if (count == (recent ? options_.batch_events : options_.events)) return false;
    ++count;
    timeline_.add(event);
    return true;
}

// One video of a visit; returns the time at which the viewer moves on.
std::int64_t Visits::watch(const Video& video, std::int64_t at_ms, Event event) {
    event.content_id = video.content_id;
    const double quality = video.quality;
    const auto add = [&](Type type, std::int64_t at, std::int64_t watched = 0, bool completed = false) {
        event.type = type;
        event.at_ms = at;
        event.watch_ms = static_cast<std::uint32_t>(watched);
        event.completed = completed;
        keep(event);
    };
    if (random_.chance(0.30)) add(Type::impression, at_ms);

    const double duration = video.duration_ms;
    const double mood = random_.unit();
    const double finishing = 0.08 + 0.40 * quality;
    const double leaving = 0.52 - 0.35 * quality;
    double watched = 0;
    bool skipped = false;
    if (mood < finishing) {
        watched = duration;
        while (random_.chance(0.12) && watched < 4 * duration) watched += duration;  // it loops
        if (random_.chance(0.3)) watched += duration * random_.unit() * 0.8;
    } else if (mood < finishing + leaving) {
        const double u = random_.unit();
        watched = 300 + u * u * 0.3 * duration;
        skipped = random_.chance(0.30);
    } else {
        watched = duration * random_.between(0.15, 0.98);
    }
    const bool finished = mood < finishing;
    const bool reports_apart = finished && random_.chance(0.25);  // view and complete, two events
    const std::int64_t seen = static_cast<std::int64_t>(watched);
    std::int64_t now = at_ms + seen;
    add(Type::view, now, seen, finished && !reports_apart);
    if (reports_apart) add(Type::complete, now += 40);
    const double pull = quality * quality * (finished ? 2.0 : 0.8);
    if (skipped) add(Type::skip, now += 20);
    else {
        if (random_.chance(0.008 + 0.11 * pull)) add(Type::save, now += 600 + static_cast<std::int64_t>(random_.below(900)));
        if (random_.chance(0.004 + 0.04 * pull)) add(Type::share, now += 900 + static_cast<std::int64_t>(random_.below(2500)));
        if (random_.chance(0.015 + 0.13 * pull)) add(Type::click, now += 500 + static_cast<std::int64_t>(random_.below(1500)));
    }
    return now + 150 + static_cast<std::int64_t>(random_.below(2600));
}

void Visits::visit(std::int64_t minute_start_ms) {
    const std::int64_t start = minute_start_ms + static_cast<std::int64_t>(random_.below(minute_ms));
    const bool known = !random_.chance(anonymous_share);
    const std::uint64_t number = known ? pick_user() : random_.next() | (std::uint64_t{1} << 63);
    const User user = world_.user(number);
    Event event{};
    event.user = known ? world_.user_id(number) : 0;

    // A few clients send neither visit nor user, or the user alone.
    const double nameless = random_.unit();
    if (nameless < 0.008) {
        if (nameless < 0.005) event.user = 0;
        watch(shelf_.draw(random_), start, event);
        return;
    }
    event.session = ++counts_.sessions;
    std::int64_t now = start;
    do {
        const Video* video = &shelf_.draw(random_);
        // Viewers are shown a little more from where they live, and nothing from the future.
        for (int again = 0; again < 4 && (video->published_ms > now ||
                                          (video->market != user.market && again == 0 && random_.chance(0.4)));
             ++again)
            video = &shelf_.draw(random_);
        if (video->published_ms > now) continue;
        ++event.position;
        now = watch(*video, now, event);
    } while (random_.chance(1 - 1 / videos_per_visit_) && now < options_.end_ms &&
             now - start < Timeline::reach_ms - 10 * minute_ms);
    write_session(event.session, number, known, start, now);
}

void Visits::write_session(std::uint64_t id, std::uint64_t number, bool known,
                           std::int64_t start_ms, std::int64_t last_ms) {
    const User user = world_.user(number);
    const Market& market = markets()[user.market];
    unsigned rest = user.device;
    const Device* device = devices;
    while (rest >= device->share) rest -= (device++)->share;
    const std::uint64_t version = random_.below(10);

    sessions_ << id << ',';
    sessions_.id_or_null(known ? world_.user_id(number) : 0) << ',' << start_text_.format(start_ms) << ',';
    const bool open = last_ms + idle_ms > options_.end_ms || random_.chance(0.004);
    if (!open) sessions_ << end_text_.format(last_ms + static_cast<std::int64_t>(random_.below(4000)));
    sessions_ << ',' << device->type << ',' << device->platform << ','
              << device->versions[version < 6 ? 0 : version < 9 ? 1 : 2] << ',' << market.country << ',';
    sessions_.quoted(market.region) << ',';
    sessions_.quoted(market.city) << ',' << sources[random_.below(10)];
    if (random_.chance(0.1)) sessions_ << ",\"{\"\"experiment\"\": \"\"autoplay\"\"}\"\n";
    else sessions_ << ",{}\n";
}

}  // namespace feed
