#include "world.hpp"

#include <algorithm>
#include <numeric>

#include "writer.hpp"

namespace feed {

namespace {

// Content ids and video ids are told apart: a mix-up must not go unnoticed.
constexpr std::uint64_t first_content_id = 1001;

// A bijection of the numbers below 2^bits that keeps 0 in its place.
std::uint64_t scatter(std::uint64_t x, unsigned bits) {
    const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
    for (const std::uint64_t factor : {0x9e3779b97f4a7c15ULL, 0xbf58476d1ce4e5b9ULL}) {
        x = (x * factor) & mask;
        x ^= x >> (bits / 2);
    }
    return x;
}

}  // namespace

World::World(const Options& options) : options_(options), videos_(options.videos) {
    Prng random(mix(options.seed ^ 0x766964656f73ULL));
    const std::int64_t start_ms =
        options.end_ms - static_cast<std::int64_t>(options.days) * day_ms;

    // Two thirds were there before the history begins, the rest came day by day.
    std::vector<std::int64_t> published(options.videos);
    for (auto& time : published)
        time = random.chance(0.66)
                   ? start_ms - static_cast<std::int64_t>(random.between(0.01, 150.0) * day_ms)
                   : start_ms + static_cast<std::int64_t>(
                                    random.unit() * 0.98 *
                                    static_cast<double>(options.end_ms - start_ms));
    std::sort(published.begin(), published.end());
    published[0] = std::min(published[0], start_ms - hour_ms);  // never an empty feed

    std::vector<std::uint32_t> ranks(options.videos);
    std::iota(ranks.begin(), ranks.end(), 0U);
    for (std::size_t i = ranks.size(); i > 1; --i) std::swap(ranks[i - 1], ranks[random.below(i)]);

    for (std::uint64_t i = 0; i < options.videos; ++i) {
        Video& video = videos_[i];
        video.content_id = first_content_id + i;
        // Everybody has one video; of the others, early creators have more.
        const double skew = random.unit();
        video.creator = 1 + (i < options.creators
                                 ? i
                                 : static_cast<std::uint64_t>(
                                       skew * skew * static_cast<double>(options.creators)));
        video.published_ms = published[i];
        video.duration_ms = 8000 + static_cast<std::uint32_t>(random.below(521) * 100);
        video.quality =
            static_cast<float>((random.unit() + random.unit() + random.unit()) / 3.0);
        video.popularity = (0.5F + video.quality) / static_cast<float>(ranks[i] + 8);
        const std::uint64_t home = mix(video.creator * 7919 + options.seed);
        video.market = static_cast<std::uint16_t>(
            market_of(random.chance(0.8) ? home : random.next() >> 1));
        video.area =
            static_cast<std::uint16_t>(random.below(markets()[video.market].areas.size()));
        video.random = random.next();
    }
}

User World::user(std::uint64_t number) const {
    std::uint64_t random = mix(number ^ mix(options_.seed));
    const auto draw = [&random](unsigned bound) {
        random = mix(random);
        return static_cast<unsigned>((random >> 32) * bound >> 32);
    };
    User user{};
    user.market = market_of(random);
    // More in their thirties than at either end.
    user.birth_year = draw(100) < 12 ? 0 : 1950 + draw(21) + draw(21) + draw(21);
    const unsigned gender = draw(100);
    user.gender = gender < 44 ? "female" : gender < 90 ? "male" : gender < 92 ? "other" : "";
    user.language = draw(100) < 55 ? markets()[user.market].language
                    : draw(100) < 92 ? "en" : "";
    user.device = draw(100);
    user.has_profile = draw(100) < 90;
    return user;
}

std::uint64_t World::user_id(std::uint64_t number) const {
    return options_.id_bits == 0 ? number
                                 : scatter(number, static_cast<unsigned>(options_.id_bits));
}

void World::write_content(const std::string& path) const {
    Writer file(path);
    TimeText time(' ', "+00");
    TimeText changed(' ', "+00");
    file << "id,creator_id,content_type,title,category,area,country,tags,created_at,updated_at,"
            "is_active\n";
    for (const Video& video : videos_) {
        const Text text = describe(video);
        const Market& market = markets()[video.market];
        file << video.content_id << ',' << user_id(video.creator) << ",video,";
        file.quoted(text.title) << ',' << text.category << ',';
        file.quoted(market.areas[video.area]) << ',' << market.country << ',';
        file.quoted(text.tags) << ',' << time.format(video.published_ms) << ','
                               << changed.format(video.published_ms +
                                                 static_cast<std::int64_t>(video.random % 3600000))
                               << ',' << (video.random % 25 == 0 ? 'f' : 't') << '\n';
    }
    file.close();
}

void World::write_videos(const std::string& path) const {
    Writer file(path);
    TimeText time(' ', "+00");
    file << "id,content_id,duration_ms,video_url,thumbnail_url,created_at\n";
    std::uint64_t id = 0;
    for (const Video& video : videos_) {
        ++id;
        file << id << ',' << video.content_id << ',' << std::uint64_t{video.duration_ms}
             << ",https://media.example.com/v/" << video.content_id
             << "/720p.mp4,https://media.example.com/v/" << video.content_id << "/cover.jpg,"
             << time.format(video.published_ms) << '\n';
    }
    file.close();
}

void World::write_viewers(const std::string& path) const {
    Writer file(path);
    TimeText time(' ', "+00");
    file << "user_id,birth_year,gender,country,region,city,language,created_at\n";
    const std::int64_t founded_ms =
        options_.end_ms - static_cast<std::int64_t>(options_.days + 150) * day_ms;
    const double span = static_cast<double>(options_.end_ms - founded_ms);
    for (std::uint64_t number = 1; number <= options_.viewers; ++number) {
        const User user = this->user(number);
        if (!user.has_profile) continue;
        const Market& market = markets()[user.market];
        file << user_id(number) << ',';
        file.id_or_null(user.birth_year) << ',' << user.gender << ',' << market.country << ',';
        file.quoted(market.region) << ',';
        file.quoted(market.city)
            << ',' << user.language << ','
            << time.format(founded_ms +
                           static_cast<std::int64_t>(span * static_cast<double>(number) /
                                                     static_cast<double>(options_.viewers + 1)))
            << '\n';
    }
    file.close();
}

}  // namespace feed
