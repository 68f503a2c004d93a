// Chargers of boost campaigns, and a journal of what the server has acknowledged to them, which lies outside of it.
//
// boost_charger DIRECTORY CYCLE SECONDS KILLS CHARGE DAY_COUNTED REPLAY
//
// Eight sessions charge five campaigns, alone and several at a time; some take theirs back, some turn charges round, raise
// budgets and stop campaigns; KILLS is 1 where they end each other's sessions. The server is expected to die under them:
// whoever cannot connect again ends. CHARGE is the function to call. What was sent and not answered goes to
// DIRECTORY/unanswered, and is sent again, with the same ids, by the next call, before anything else; the journal is
// DIRECTORY/journal.CYCLE, lines of word, id, campaign, kind, amount, user, age. With REPLAY 1 nothing is done but sending again what
// DIRECTORY/again lists, as a client would that does not know what its server has lost.
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;
using Text = std::string;
constexpr int kChargers = 8, kSlots = 5;

struct Charge {
  Text id = {}, campaign = {}, kind = {}, user = {}, age = {};    // age: seconds before now
  int slot = 3;
};

struct Answer {
  enum Outcome { good, refused, unknown } outcome = unknown;    // unknown: nobody can tell what became of it
  Text state;                                         // SQLSTATE of a refusal
  std::vector<Text> values;
};

// What all sessions write: in the memory of this process, which outlives the server, and in the file before the next step.
class Journal {
 public:
  explicit Journal(const Text& file) : file_(file, std::ios::app) {}
  void tell(const Text& word, const Charge& charge, const Text& amount = "") {
    const std::lock_guard lock(mutex_);
    file_ << word << '\t' << charge.id << '\t' << charge.campaign << '\t' << charge.kind << '\t' << amount << '\t' << charge.user << '\t' << charge.age << std::endl;
  }

 private:
  std::mutex mutex_;
  std::ofstream file_;
};

class Session {
 public:
  Session() : connection_(PQconnectdb("")) { PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr); }
  ~Session() { PQfinish(connection_); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  bool up() const { return PQstatus(connection_) == CONNECTION_OK; }
  bool again() { return PQreset(connection_), up(); }

  Answer ask(const char* statement, const std::vector<Text>& values = {}) {
    std::vector<const char*> given;
    for (const Text& value : values) given.push_back(value.c_str());
    PGresult* const result = PQexecParams(connection_, statement, static_cast<int>(given.size()), nullptr, given.data(), nullptr, nullptr, 0);
    Answer answer;
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      answer.outcome = Answer::good;
      if (PQntuples(result) > 0)
        for (int field = 0; field < PQnfields(result); ++field) answer.values.emplace_back(PQgetvalue(result, 0, field));
      // COMMIT of a transaction that has failed says ROLLBACK.
      if (std::strcmp(statement, "COMMIT") == 0 && std::strcmp(PQcmdStatus(result), "COMMIT") != 0) answer.outcome = Answer::refused;
    } else if (const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE); up() && state != nullptr && std::strncmp(state, "57P", 3) != 0) {
      answer.outcome = Answer::refused;
      answer.state = state;
      message = PQresultErrorMessage(result);
    }
    PQclear(result);
    return answer;
  }

  Text message;

 private:
  PGconn* connection_;
};

struct Slot {
  Text campaign;
  bool stopped = false;
};

// What the sessions share.
struct World {
  World(const Text& directory, const Text& cycle) : journal(directory + "/journal." + cycle) {}
  Journal journal;
  std::mutex mutex;
  std::array<Slot, kSlots> slots;
  std::vector<Charge> unanswered;    // for the next call
  std::atomic<bool> over{false};
  std::atomic<int> late{0}, complaints{0}, snapshots{0}, torn{0};
  Text call;
  Text days;    // how a campaign's days are looked at
  bool kills = false;

  Slot slot(int number) {
    const std::lock_guard lock(mutex);
    return slots[static_cast<std::size_t>(number)];
  }
  void complain(const Text& what) {
    complaints += 1;
    std::fprintf(stderr, "complaint: %s\n", what.c_str());
  }
};

// hot: two prices; daily: a limit for each day of a zone, charged late, too; holdout; small: thirty-three fit, nothing else
// is done to it; all: everything at once, stopped now and then.
constexpr std::array<const char*, kSlots> kCreate = {
    "budget => 40, cost_per_impression => 0.01, cost_per_click => 0.1",
    "budget => 30, cost_per_impression => 0.03, daily_budget => 0.3, time_zone => 'Asia/Kolkata', starts_at => now() - interval '9 days'",
    "budget => 10, cost_per_impression => 0.02, cost_per_click => 0.05, holdout_percent => 30",
    "budget => 1, cost_per_impression => 0.03",
    "budget => 5, cost_per_impression => 0.01, cost_per_click => 0.025, daily_budget => 0.1, holdout_percent => 20, time_zone => 'America/New_York', starts_at => now() - interval '9 days'"};

// One session's work.
class Charger {
 public:
  Charger(World& world, unsigned seed, int number) : world_(world), dice_(seed), number_(number), snapshot_(number == kChargers - 1) {}

  void work(const std::vector<Charge>& first, bool replay) {
    for (const Charge& charge : first) single(charge, true);
    while (!replay && !world_.over && session_.up()) {
      step_ += 1;
      switch (die(40)) {
        case 0: several(true); break;
        case 1: case 2: case 3: several(false); break;
        case 4: case 5: turn_round(); break;
        case 6: money(); break;
        case 7: if (step_ % 3 == 0) budget(); break;
        case 8: if (step_ % 4 == 0) renew(3); break;
        case 9: if (step_ % 8 == 0) stop(); break;
        case 10: if (world_.kills && step_ % 4 == 0) kill(); break;
        default: single(invent());
      }
      if (!session_.up()) (void)session_.again();
    }
  }

  bool renew(int number) {
    const Answer made = session_.ask(("SELECT create_boost_campaign(1, currency => 'ZAR', " + Text(kCreate[static_cast<std::size_t>(number)]) + ")").c_str());
    if (made.outcome != Answer::good) return refuse(made), false;
    world_.journal.tell(number == 3 ? "small" : "campaign", {.campaign = made.values[0]});
    const std::lock_guard lock(world_.mutex);
    world_.slots[static_cast<std::size_t>(number)] = {made.values[0], false};
    return true;
  }

 private:
  int die(int sides) { return static_cast<int>(dice_() % static_cast<unsigned>(sides)); }

  // Every eighth id is one that all sessions send, to the same campaign; what one has sent, another may send at the same time.
  Charge invent(bool may_share = true) {
    const int number = std::array{0, 0, 0, 0, 0, 1, 1, 2, 3, 4}[static_cast<std::size_t>(die(10))];
    Charge charge;
    const Text campaign = world_.slot(number).campaign;
    const bool shared = may_share && die(8) == 0;
    std::mt19937_64 bits(shared ? std::hash<Text>()(campaign) + static_cast<unsigned>(step_ / 16) : dice_() * 4294967296ULL + dice_());
    char id[40];
    const unsigned long long high = bits(), low = bits();
    std::snprintf(id, sizeof id, "%08llx-%04llx-4%03llx-8%03llx-%012llx", high >> 32, high >> 16 & 0xffff, high & 0xfff, low >> 48 & 0xfff, low & 0xffffffffffffULL);
    const bool priced = number == 1 || number == 3;    // impressions only
    charge.id = id;
    charge.slot = number;
    charge.campaign = campaign;
    charge.kind = !priced && bits() % 5 == 0 ? "click" : "impression";
    charge.user = std::to_string(1 + bits() % 2000);
    charge.age = number == 1 || number == 4 ? std::to_string(bits() % 600000) : "0";
    return charge;
  }

  Answer send(const Charge& charge) {
    return session_.ask(world_.call.c_str(), {charge.campaign, charge.id, charge.kind, charge.user, charge.age});
  }

  // Sent again, at once where that is possible, until there is an answer.
  void single(const Charge& charge, bool again = false) {
    Answer answer;
    for (int turn = 0; turn < 40; ++turn) {
      // A stop that was acknowledged before this is sent comes before it.
      const bool stopped = is_stopped(charge.campaign);
      if (snapshot_) (void)session_.ask("SET default_transaction_isolation = 'repeatable read'");
      answer = send(charge);
      if (answer.outcome == Answer::good) {
        took(charge, answer, stopped);
        if (!again && answer.values[0] == "charged") last_ = charge;
        return;
      }
      if (again && answer.state == "P0002") return world_.journal.tell("gone", charge);
      if (answer.outcome == Answer::unknown && turn == 0) world_.journal.tell("unknown", charge);
      if (answer.outcome == Answer::unknown ? !session_.again() : answer.state != "40001") break;
    }
    keep(charge);
    refuse(answer);
  }

  // A few in one transaction, in the order of campaigns, so that two such never wait for each other.
  void several(bool back) {
    std::vector<Charge> charges;
    for (int i = 2 + die(3); i > 0; --i) charges.push_back(invent());
    std::sort(charges.begin(), charges.end(), [](const Charge& a, const Charge& b) { return std::pair(a.campaign.size(), a.campaign) < std::pair(b.campaign.size(), b.campaign); });
    std::vector<Answer> answers;
    std::vector<bool> stopped;
    Answer answer = session_.ask("BEGIN");
    for (const Charge& charge : charges) {
      if (answer.outcome != Answer::good) break;
      stopped.push_back(is_stopped(charge.campaign));
      answers.push_back(answer = send(charge));
    }
    const bool whole = answer.outcome == Answer::good;
    if (whole && !back) answer = session_.ask("COMMIT");
    else if (answer.outcome != Answer::unknown) {
      const Answer ended = session_.ask("ROLLBACK");
      if (whole) answer = ended;
    }
    for (std::size_t i = 0; i < charges.size(); ++i) {
      if (answer.outcome != Answer::good) keep(charges[i]);
      else if (!back) took(charges[i], answers[i], stopped[i]);
      // Somebody else may have sent it; what this one has charged must not be there.
      else if (answers[i].values[0] == "charged" || answers[i].values[0] == "held_out") world_.journal.tell("undone", charges[i]);
    }
    refuse(answer);
  }

  void turn_round() {
    if (!last_ || last_->slot == 3) return;
    const Answer answer = session_.ask("SELECT credit_boost($1, event_id => $2, reason => 'torture')", {last_->campaign, last_->id});
    if (answer.outcome == Answer::good) {
      world_.journal.tell("credit", *last_, answer.values[0]);
      if (die(3) > 0) last_.reset();    // or again: it is turned round once
    } else if (answer.outcome == Answer::unknown) {
      world_.journal.tell("credit_unknown", *last_);
    } else if (answer.state != "22023") {    // more than is left of what was spent
      refuse(answer);
    }
  }

  void money() {
    Charge what = invent(false);
    if (what.slot == 3) return;
    what.kind = "";
    what.id[14] = '5';    // of no charge
    const Answer answer = session_.ask("SELECT credit_boost($1, amount => 0.01, reason => $2)", {what.campaign, what.id});
    if (answer.outcome == Answer::good) world_.journal.tell("money", what, answer.values[0]);
    else if (answer.outcome == Answer::unknown) world_.journal.tell("money_unknown", what, "0.01");
    else if (answer.state != "22023") refuse(answer);    // more than was spent
  }

  // Up, or down to what is spent.
  void budget() {
    const Text campaign = world_.slot(std::array{0, 1, 2, 4}[static_cast<std::size_t>(die(4))]).campaign;
    const char* const up = "SELECT set_boost_budget(campaign_id, budget + 1.5) FROM explore_boost_campaigns WHERE campaign_id = $1";
    const char* const down = "SELECT set_boost_budget(campaign_id, greatest(spend, budget - 0.7)) FROM explore_boost_campaigns WHERE campaign_id = $1";
    const Answer answer = session_.ask(die(3) > 0 ? up : down, {campaign});
    if (answer.state != "22023") refuse(answer);    // somebody charged in between
  }

  void stop() {
    const Text campaign = world_.slot(4).campaign;
    const Answer answer = session_.ask("SELECT stop_boost_campaign($1)", {campaign});
    if (answer.outcome == Answer::good) {
      world_.journal.tell("stop", {.campaign = campaign});
      const std::lock_guard lock(world_.mutex);
      if (world_.slots[4].campaign == campaign) world_.slots[4].stopped = true;
    }
    refuse(answer);
    // A while later another takes its place.
    if (answer.outcome == Answer::good && die(2) == 0) renew(4);
  }

  void kill() {
    refuse(session_.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'charger' AND pid <> pg_backend_pid() ORDER BY random() LIMIT 1"));
  }

  bool is_stopped(const Text& campaign) {
    const Slot slot = world_.slot(4);
    return slot.campaign == campaign && slot.stopped;
  }

  void took(const Charge& charge, const Answer& answer, bool stopped) {
    const Text& status = answer.values[0];
    // Of refusals the journal has those of campaigns of which nothing is taken back.
    if (status == "charged" || status == "held_out" || status == "duplicate" || (status == "budget" && charge.slot == 3)) world_.journal.tell(status, charge, answer.values[1]);
    if (stopped && (status == "charged" || status == "held_out")) world_.late += 1;
  }

  void keep(const Charge& charge) {
    world_.journal.tell("unknown", charge);
    const std::lock_guard lock(world_.mutex);
    world_.unanswered.push_back(charge);
  }

  // What may happen beside the death of a session: a row that has changed since a snapshot of repeatable read.
  void refuse(const Answer& answer) {
    if (answer.outcome == Answer::refused && answer.state != "40001" && answer.state != "40P01")
      world_.complain(std::to_string(number_) + ": " + answer.state + " " + session_.message);
  }

  World& world_;
  std::mt19937 dice_;
  const int number_;
  const bool snapshot_;    // repeatable read
  Session session_;
  std::optional<Charge> last_;
  int step_ = 0;
};

// In one snapshot each, while the others work: no campaign is beyond its budget, on no day, and none spends what it does not tell.
void watch(World& world) {
  Session session;
  while (!world.over && session.up()) {
    const Answer answer = session.ask(world.days.c_str(), {world.slot(static_cast<int>(world.snapshots) % kSlots).campaign});
    if (answer.outcome == Answer::good) {
      world.snapshots += 1;
      if (answer.values.at(0) != "0") world.torn += 1;
    } else if (answer.outcome == Answer::refused) {
      world.complain("watcher: " + answer.state + " " + session.message);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    if (!session.up()) (void)session.again();
  }
}

std::vector<Charge> read_charges(const Text& name) {
  std::vector<Charge> charges;
  std::ifstream file(name);
  Charge charge;
  while (file >> charge.id >> charge.campaign >> charge.kind >> charge.user >> charge.age) charges.push_back(charge);
  return charges;
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 8) return std::fprintf(stderr, "see the head of boost_charger.cpp\n"), 2;
  const Text directory = arguments[1], cycle = arguments[2];
  const bool replay = Text(arguments[7]) == "1";
  setenv("PGAPPNAME", "charger", 1);
  World world(directory, cycle);
  world.kills = Text(arguments[4]) == "1";
  world.call = Text("SELECT status, amount FROM ") + arguments[5] + "($1, $2::uuid, $3, user_id => $4, charged_at => now() - make_interval(secs => $5))";
  world.days = Text("SELECT ") + arguments[6] + "($1)";

  std::vector<Charge> before = read_charges(directory + (replay ? "/again" : "/unanswered"));
  Charger maker(world, 1, -1);
  if (!replay)
    for (int i = 0; i < kSlots; ++i)
      if (!maker.renew(i)) return std::fprintf(stderr, "no campaigns\n"), 1;

  std::vector<std::thread> threads;
  for (int i = 0; i < kChargers; ++i)
    threads.emplace_back([&, i] {
      std::vector<Charge> first;
      // The whole list twice, by two sessions: what was not answered may be sent by more than one.
      for (std::size_t k = 0; k < before.size(); ++k)
        if (k % kChargers == static_cast<std::size_t>(i) || (k + 1) % kChargers == static_cast<std::size_t>(i)) first.push_back(before[k]);
      Charger(world, static_cast<unsigned>(std::stoul(cycle) * 100 + static_cast<unsigned>(i)), i).work(first, replay);
    });
  std::thread watcher;
  if (!replay) watcher = std::thread([&] { watch(world); });
  // Without a death in time all end by themselves.
  std::thread timer([&] {
    const auto end = Clock::now() + std::chrono::milliseconds(static_cast<long>(1000 * std::stod(arguments[3])));
    while (!world.over && Clock::now() < end) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    world.over = true;
  });
  for (std::thread& thread : threads) thread.join();
  world.over = true;
  timer.join();
  if (watcher.joinable()) watcher.join();

  std::ofstream left(directory + "/unanswered", std::ios::trunc);
  for (const Charge& charge : world.unanswered)
    left << charge.id << '\t' << charge.campaign << '\t' << charge.kind << '\t' << charge.user << '\t' << charge.age << '\n';
  std::printf("%d %d %d %d\n", world.late.load(), world.complaints.load(), world.snapshots.load(), world.torn.load());
  return 0;
}
