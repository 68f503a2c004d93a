// Asks one question in turns of plain SQL, ours and DuckDB (A B C A B C ...), times each at the client, and
// compares the answers.
//
//   turns [--rounds N] [--ways plain,ours,duckdb] [--duckdb COMMAND] [-v name=value]... FILE
//
// A line for each way: its name, the median, the fastest and the slowest in ms, how many times it was asked,
// median WAL bytes and full pages where the question counts them. Then a line "answers equal", "answers
// differ" or "answers unchecked". A way that the file does not ask is left out.
#include <algorithm>
#include <cstdio>
#include <memory>
#include <sstream>
#include <stdexcept>

#include "ways.hpp"

namespace bench {

namespace {

struct Options {
    int rounds = 7;
    std::vector<std::string> ways{"plain", "ours", "duckdb"};
    std::string duckdb;
    Values values{{"plain", "plain"}};
    std::string file;
};

struct Way {
    std::string name;
    std::vector<double> ms;
    std::vector<double> wal;
    std::vector<double> pages;
    Answer answer;
};

double median(std::vector<double> numbers) {
    if (numbers.empty()) return 0;
    std::sort(numbers.begin(), numbers.end());
    const std::size_t half = numbers.size() / 2;
    return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

Options parse(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string name = argv[i];
        if (name.rfind("-", 0) != 0) {
            options.file = name;
            continue;
        }
        if (++i == argc) throw std::runtime_error(name + " wants a value");
        const std::string value = argv[i];
        const std::size_t equals = value.find('=');
        if (name == "--rounds") options.rounds = std::stoi(value);
        else if (name == "--duckdb") options.duckdb = value;
        else if (name == "--ways") {
            options.ways.clear();
            std::istringstream list(value);
            for (std::string way; std::getline(list, way, ',');) options.ways.push_back(way);
        } else if (name == "-v" && equals != std::string::npos)
            options.values[value.substr(0, equals)] = value.substr(equals + 1);
        else throw std::runtime_error("unknown option " + name + " " + value);
    }
    if (options.file.empty()) throw std::runtime_error("which question?");
    return options;
}

class Turns {
public:
    Turns(const Options& options)
        : options_(options), values_(options.values), question_(read_question(options.file)) {
        for (const std::string& name : options.ways) {
            if (!question_.ask.count(name) || (name == "duckdb" && options.duckdb.empty())) continue;
            ways_.push_back({name, {}, {}, {}, {}});
            if (name == "duckdb") duckdb_ = std::make_unique<DuckDb>(options.duckdb);
        }
    }

    bool play() {
        values_["round"] = std::to_string(0);
        run(question_.setup);
        for (Way& way : ways_) warm_up(way);
        const int rounds = std::min(options_.rounds, question_.rounds);
        bool good = true;
        for (int round = 1; round <= rounds; ++round) {
            values_["round"] = std::to_string(round);
            for (Way& way : ways_) turn(way);
            good = agreed(round) && good;
        }
        run(question_.after);
        return good;
    }

    void report(bool good) const {
        for (const Way& way : ways_) {
            const auto [low, high] = std::minmax_element(way.ms.begin(), way.ms.end());
            std::printf("%s\t%.4f\t%.4f\t%.4f\t%zu\t%.0f\t%.0f\n", way.name.c_str(), median(way.ms), *low, *high,
                        way.ms.size(), median(way.wal), median(way.pages));
        }
        const bool compared = !question_.check.empty() || (!writes() && ways_.size() > 1);
        std::printf("answers\t%s\n", !good ? "differ" : compared ? "equal" : "unchecked");
    }

private:
    // What changes tables is compared by its check, never by what it returns.
    bool writes() const { return !question_.before.empty() || !question_.check.empty(); }

    void run(const Statements& statements) {
        for (const std::string& statement : statements) server_.run(filled(statement, values_));
    }

    Timed ask(const Way& way) {
        const Statements& statements = question_.ask.at(way.name);
        return way.name == "duckdb" ? duckdb_->ask(statements, values_)
                                    : server_.ask(way.name, statements, values_);
    }

    // Quick answers are asked for several times in a turn.
    void warm_up(Way& way) {
        times_[way.name] = 1;
        if (writes()) return;
        way.answer = ask(way).answer;
        times_[way.name] = std::clamp(static_cast<int>(40.0 / std::max(ask(way).ms, 0.01)), 1, 20);
    }

    void turn(Way& way) {
        if (const auto before = question_.before.find(way.name); before != question_.before.end())
            run(before->second);
        for (int i = 0; i < times_.at(way.name); ++i) {
            const auto [wal, pages] = written();
            Timed timed = ask(way);
            const auto [wal_after, pages_after] = written();
            way.ms.push_back(timed.ms);
            way.wal.push_back(wal_after - wal);
            way.pages.push_back(pages_after - pages);
            way.answer = std::move(timed.answer);
        }
    }

    // WAL bytes and full pages of the server so far.
    std::pair<double, double> written() {
        if (!question_.wal) return {0, 0};
        server_.run("SELECT pg_stat_force_next_flush()");
        const Answer answer = server_.run("SELECT pg_current_wal_insert_lsn() - '0/0', wal_fpi FROM pg_stat_wal");
        return {std::stod(answer[0][0]), std::stod(answer[0][1])};
    }

    bool agreed(int round) {
        bool good = true;
        for (const std::string& statement : question_.check) {
            const Answer answer = server_.run(filled(statement, values_));
            if (answer == Answer{{"t"}}) continue;
            std::fprintf(stderr, "round %d: not true: %s (%s)\n", round, statement.c_str(), excerpt(answer).c_str());
            good = false;
        }
        for (std::size_t i = 1; i < ways_.size() && !writes(); ++i) {
            if (same(ways_[0].answer, ways_[i].answer)) continue;
            std::fprintf(stderr, "round %d: %s says %s\n         %s says %s\n", round, ways_[0].name.c_str(),
                         excerpt(ways_[0].answer).c_str(), ways_[i].name.c_str(), excerpt(ways_[i].answer).c_str());
            good = false;
        }
        return good;
    }

    const Options& options_;
    Values values_;
    Question question_;
    Server server_;
    std::unique_ptr<DuckDb> duckdb_;
    std::vector<Way> ways_;
    std::map<std::string, int> times_;
};

}  // namespace

}  // namespace bench

int main(int argc, char** argv) {
    try {
        const bench::Options options = bench::parse(argc, argv);
        bench::Turns turns(options);
        const bool good = turns.play();
        turns.report(good);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "turns: %s\n", error.what());
        return 2;
    }
}
