// Writes the feed of a real-estate portal: see --help.
#include <cstdio>
#include <exception>
#include <memory>
#include <stdexcept>

#include "batches.hpp"
#include "options.hpp"
#include "visits.hpp"
#include "world.hpp"
#include "writer.hpp"

namespace {

// Rows of engagements.csv, numbered as they come.
class EngagementFile {
public:
    EngagementFile(const std::string& path, const feed::Options& options)
        : file_(path), options_(options), random_(feed::mix(options.seed ^ 0x65766964ULL)) {
        file_ << "id,content_id,user_id,session_id,engagement_type,watch_time_ms,completed,created_at,"
                 "event_id,metadata\n";
    }

    void add(const feed::Event& event) {
        file_ << ++id_ << ',' << event.content_id << ',';
        file_.id_or_null(event.user) << ',';
        file_.id_or_null(event.session)
            << ',' << feed::name_of(event.type) << ',' << std::uint64_t{event.watch_ms}
            << (event.completed ? ",t," : ",f,") << time_.format(event.at_ms) << ',';
        if (options_.event_ids && random_.below(100) < options_.event_ids)
            file_ << feed::make_uuid(random_);
        if (id_ % 32 == 0)
            file_ << ",\"{\"\"feed\"\": \"\"for_you\"\", \"\"position\"\": " << std::uint64_t{event.position}
                  << "}\"\n";
        else file_ << ",\n";
    }

    void close() { file_.close(); }

private:
    feed::Writer file_;
    feed::TimeText time_{' ', "+00"};
    const feed::Options& options_;
    feed::Prng random_;
    std::uint64_t id_ = 0;
};

void generate(const feed::Options& options) {
    const std::string base = options.out + "/";
    const feed::World world(options);
    world.write_content(base + "content.csv");
    world.write_videos(base + "videos.csv");
    world.write_viewers(base + "viewers.csv");

    feed::Writer sessions(base + "sessions.csv");
    sessions << "id,user_id,session_start,session_end,device_type,platform,app_version,country,region,city,"
                "traffic_source,attributes\n";
    EngagementFile history(base + "engagements.csv", options);
    feed::Batches batches(base + "batches.jsonl", options.seed);
    feed::Visits visits(
        world, options, [&](const feed::Event& event) { history.add(event); },
        [&](const feed::Event& event) { batches.add(event); }, sessions);
    visits.run();
    sessions.close();
    history.close();
    batches.close();
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const feed::Options options = feed::parse_options(argc, argv);
        if (options.help) {
            std::fputs(feed::usage, stdout);
            return 0;
        }
        generate(options);
        return 0;
    } catch (const std::invalid_argument& error) {
        std::fprintf(stderr, "feed_generator: %s\n\n%s", error.what(), feed::usage);
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "feed_generator: %s\n", error.what());
        return 1;
    }
}
