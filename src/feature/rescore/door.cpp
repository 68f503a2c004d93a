// batch_update_engagement_scores: what rollups say of each content, written back to its rows.
#include "access/home.hpp"
#include "access/identity.hpp"
#include "ask/many_contents.hpp"
#include "core/value/metric.hpp"
#include "feature/rescore/write_straight.hpp"
#include "pg/barrier.hpp"
#include "pg/job_log.hpp"
#include "store/epoch.hpp"
#include "store/tables.hpp"

namespace {

using namespace ea;
using rescore::Numbers;

// Milliseconds to wait for each lock of a table where lock_timeout is off.
constexpr int kLockTimeout = 10000;
// Contents that one statement writes.
constexpr int kPortion = 5000;

// One rescore at a time: the second counts only what is left to change. Nothing is held while it waits.
pg::Statement rescore_lock(
    "/* explore_analytics: batch_update_engagement_scores */ "
    "SELECT pg_advisory_xact_lock('explore_analytics.rescores'::regclass::oid::bigint)",
    {});

// Contents without new events that are looked at: left out the last time, or with a video never scored.
#define EA_UNSCORED \
  "/* explore_analytics: batch_update_engagement_scores */ SELECT v.content_id FROM {s}.explore_discovery_videos v WHERE v.scored_at IS NULL"
pg::Statement left_behind(EA_UNSCORED " UNION ALL SELECT pg_catalog.unnest(r.busy) FROM explore_analytics.rescores r", {});

// Which stored numbers differ, of the contents from above $1 up to $2: of those in the arrays, or of all, where the others
// have had no event. `place` is that in the arrays.
pg::Statement compare(
    "/* explore_analytics: batch_update_engagement_scores */ "
    "SELECT d.content_id, d.place, d.content_differs, d.video_differs FROM ("
    "  SELECT w.content_id, w.place, (w.view_count, w.engagement_score) IS DISTINCT FROM (w.views, w.score) AS content_differs,"
    "    w.video_id IS NOT NULL AND (w.total_views, w.total_watch_time_ms, w.video_rate, w.save_count, w.share_count, w.click_count)"
    "      IS DISTINCT FROM (w.views, w.watch_time_ms, w.completion_rate, w.saves, w.shares, w.clicks) AS video_differs"
    "  FROM (SELECT c.id AS content_id, c.view_count, c.engagement_score, v.id AS video_id, v.total_views, v.total_watch_time_ms,"
    "      v.completion_rate AS video_rate, v.save_count, v.share_count, v.click_count, coalesce(n.place, 0) AS place,"
    "      coalesce(n.views, 0) AS views, coalesce(n.watch_time_ms, 0) AS watch_time_ms, coalesce(n.completion_rate, 0) AS completion_rate,"
    "      coalesce(n.score, 0) AS score, coalesce(n.saves, 0) AS saves, coalesce(n.shares, 0) AS shares, coalesce(n.clicks, 0) AS clicks"
    "    FROM {s}.explore_content c"
    "    LEFT JOIN unnest($4, $5, $6, $7, $8, $9, $10, $11) WITH ORDINALITY"
    "      AS n(content_id, views, watch_time_ms, completion_rate, score, saves, shares, clicks, place) ON n.content_id = c.id"
    "    LEFT JOIN {s}.explore_discovery_videos v ON v.content_id = c.id AND v.content_id > $1 AND v.content_id <= $2"
    "    WHERE c.id > $1 AND c.id <= $2 AND (n.content_id IS NOT NULL OR $3)) w) d"
    " WHERE d.content_differs OR d.video_differs ORDER BY d.content_id LIMIT $12",
    {INT8OID, INT8OID, BOOLOID, INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, INT8OID},
    CURSOR_OPT_CUSTOM_PLAN);

// Rows that somebody else is changing are left out: whoever waits for one row with others in hand can be part of a
// deadlock, and of no use to the app.
#define EA_LOCK(table, id)                                                                                           \
  "/* explore_analytics: batch_update_engagement_scores */ SELECT t." id " FROM {s}." table " t"                     \
  " WHERE t." id " >= $1 AND t." id " <= $2 AND t." id " = ANY ($3) ORDER BY t." id " FOR NO KEY UPDATE SKIP LOCKED"
pg::Statement lock_contents(EA_LOCK("explore_content", "id"), {INT8OID, INT8OID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement lock_videos(EA_LOCK("explore_discovery_videos", "content_id"), {INT8OID, INT8OID, INT8ARRAYOID}, CURSOR_OPT_CUSTOM_PLAN);

// The numbers are those of Numbers, in its order.
#define EA_WRITE(table, id, columns)                                                                                 \
  "/* explore_analytics: batch_update_engagement_scores */ UPDATE {s}." table " t SET " columns                      \
  " FROM unnest($3, $4, $5, $6, $7, $8, $9, $10) AS n(id, views, watch_time_ms, completion_rate, score, saves, shares, clicks)" \
  " WHERE t." id " >= $1 AND t." id " <= $2 AND t." id " = n.id RETURNING t." id
constexpr std::initializer_list<Oid> kWriteTypes = {INT8OID, INT8OID, INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, FLOAT8ARRAYOID, FLOAT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID, INT8ARRAYOID};
pg::Statement write_contents(EA_WRITE("explore_content", "id", "view_count = n.views, engagement_score = n.score"), kWriteTypes, CURSOR_OPT_CUSTOM_PLAN);
pg::Statement write_videos(
    EA_WRITE("explore_discovery_videos", "content_id",
             "total_views = n.views, total_watch_time_ms = n.watch_time_ms, completion_rate = n.completion_rate,"
             " save_count = n.saves, share_count = n.shares, click_count = n.clicks, scored_at = now()"),
    kWriteTypes, CURSOR_OPT_CUSTOM_PLAN);

pg::Statement note_rescore(
    "/* explore_analytics: batch_update_engagement_scores */ INSERT INTO explore_analytics.rescores (low, rescored_at, changed, busy)"
    " VALUES ($1, now(), $2, $3) ON CONFLICT (only_row) DO UPDATE"
    " SET low = excluded.low, rescored_at = excluded.rescored_at, changed = excluded.changed, busy = excluded.busy",
    {INT8OID, INT8OID, INT8ARRAYOID});

// Tables that install() has not brought over know no contents that were left out: then the rescore before this one stays
// the last, and the next one looks at all that has come since. Their leaderboard stores its ranks.
pg::Statement older_left_behind(EA_UNSCORED, {});
pg::Statement older_note_rescore(
    "/* explore_analytics: batch_update_engagement_scores */ WITH gone AS (DELETE FROM explore_analytics.rescores WHERE $3 = '{}')"
    " INSERT INTO explore_analytics.rescores (low, rescored_at, changed) SELECT $1, now(), $2 WHERE $3 = '{}'",
    {INT8OID, INT8OID, INT8ARRAYOID});
pg::Statement refresh_older_leaderboard(
    "/* explore_analytics: leaderboard */ REFRESH MATERIALIZED VIEW CONCURRENTLY explore_analytics.leaderboard", {});

// Gathers the numbers of contents, in ascending order, and writes a portion of them at a time.
class Rescore final : public rollup::ContentVisitor {
 public:
  // `expected`: contents that are looked at even if they have no events any more, as under another id.
  Rescore(const pg::Home& home, bool everything, const rollup::AscendingIds& expected)
      : home_(home), everything_(everything), expected_(expected), context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics rescore", ALLOCSET_DEFAULT_SIZES)) {
    for (int i = 0; i < Numbers::kColumns; i++) {
      numbers_.columns[i] = static_cast<Datum*>(palloc(sizeof(Datum) * (kPortion + 1)));
      numbers_.columns[i][0] = Numbers::is_float(i) ? Float8GetDatum(0) : Int64GetDatum(0);
    }
  }

  rollup::Sink& begin() override { return *new (&sink_) rollup::CounterSink(); }
  void end(int64 content) override {
    pass_expected(content);
    add(content, sink_.counters());
  }
  // What is left; of all contents, up to the last there can be.
  void finish() {
    pass_expected(PG_INT64_MAX);
    if (everything_ || numbers_.count > 0) write(everything_ ? PG_INT64_MAX : numbers_.content_at(numbers_.count));
    if (way_ == Way::straight) straight_.close();
  }

  const rescore::Written& done() const { return done_; }

 private:
  void pass_expected(int64 before) {
    for (; next_ < expected_.size() && expected_[next_] <= before; next_++)
      if (expected_[next_] < before) add(expected_[next_], {});
  }
  void add(int64 content, const core::Counters& c) {
    const Datum row[Numbers::kColumns] = {Int64GetDatum(content), Int64GetDatum(c.views), Int64GetDatum(c.watch_time_ms),
                                          Float8GetDatum(core::rate(c.completions, c.views)), Float8GetDatum(core::engagement_score(c)),
                                          Int64GetDatum(c.saves), Int64GetDatum(c.shares), Int64GetDatum(c.clicks)};
    numbers_.count++;
    for (int i = 0; i < Numbers::kColumns; i++) numbers_.columns[i][numbers_.count] = row[i];
    if (numbers_.count == kPortion) write(content);
  }

  struct Row {
    int64 content, place;
  };
  using Rows = pg::Array<Row>;

  void write(int64 upto) {
    // By now the events have been read, which come before contents in the order of locks.
    MemoryContext outside = MemoryContextSwitchTo(outside_);
    if (way_ == Way::unknown) way_ = straight_.open(home_) ? Way::straight : Way::statements;
    MemoryContextSwitchTo(context_);
    if (way_ == Way::straight) {
      rescore::Written written;
      straight_.write(numbers_, written_, upto, everything_, &written);
      take(written);
    } else {
      while (write_some(upto)) MemoryContextReset(context_);
    }
    MemoryContextSwitchTo(outside);
    MemoryContextReset(context_);
    written_ = upto;
    numbers_.count = 0;
  }

  // False when nothing is left. The query is one of its own, since what is being visited may lie in the rows of another.
  bool write_some(int64 upto) {
    pg::Query query(home_);
    query.limit_lock_waits(kLockTimeout);
    pg::Parameters asked = pg::Parameters().id(written_).id(upto).add(BoolGetDatum(everything_));
    for (int i = 0; i < Numbers::kColumns; i++) asked.add(array(numbers_.columns[i] + 1, (uint64)numbers_.count, Numbers::is_float(i)));
    const uint64 found = query.write(compare, asked.id(kPortion));
    Rows contents, videos;
    for (uint64 i = 0; i < found; i++) {
      const Row row{query.int64_at(i, 1), query.int64_at(i, 2)};
      if (DatumGetBool(query.value(i, 3))) contents.append(row);
      if (DatumGetBool(query.value(i, 4))) videos.append(row);
      written_ = row.content;
    }
    rollup::AscendingIds changed;
    rescore::Written written;
    update(query, contents, lock_contents, write_contents, &changed, &written.busy);
    update(query, videos, lock_videos, write_videos, &changed, &written.busy);
    rollup::make_ascending(&changed);
    rollup::make_ascending(&written.busy);
    written.changed = changed.size();
    take(written);
    query.finish();
    return found == kPortion;
  }

  void update(pg::Query& query, const Rows& rows, pg::Statement& lock, pg::Statement& write, rollup::AscendingIds* changed, rollup::AscendingIds* busy) {
    if (rows.empty()) return;
    const int64 first = rows[0].content, last = rows[rows.size() - 1].content;
    Datum* columns[Numbers::kColumns];
    for (Datum*& column : columns) column = static_cast<Datum*>(palloc(sizeof(Datum) * rows.size()));
    for (int64 i = 0; i < rows.size(); i++) columns[0][i] = Int64GetDatum(rows[i].content);
    const uint64 locked = query.write(lock, pg::Parameters().id(first).id(last).add(array(columns[0], rows.size(), false)));
    uint64 free = 0;
    for (int64 i = 0; i < rows.size(); i++) {
      if (free == locked || query.int64_at(free, 1) != rows[i].content) {
        busy->append(rows[i].content);
        continue;
      }
      for (int column = 0; column < Numbers::kColumns; column++) columns[column][free] = numbers_.columns[column][rows[i].place];
      columns[0][free++] = Int64GetDatum(rows[i].content);
    }
    if (free == 0) return;
    pg::Parameters parameters = pg::Parameters().id(first).id(last);
    for (int i = 0; i < Numbers::kColumns; i++) parameters.add(array(columns[i], free, Numbers::is_float(i)));
    const uint64 written = query.write(write, parameters);
    for (uint64 i = 0; i < written; i++) changed->append(query.int64_at(i, 1));
  }

  static Datum array(Datum* values, uint64 count, bool is_float) {
    return PointerGetDatum(construct_array(values, (int)count, is_float ? FLOAT8OID : INT8OID, 8, FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
  }

  void take(const rescore::Written& written) {
    MemoryContext inside = MemoryContextSwitchTo(outside_);
    done_.changed += written.changed;
    for (const int64 id : written.busy) done_.busy.append(id);
    MemoryContextSwitchTo(inside);
  }

  const pg::Home& home_;
  bool everything_;
  const rollup::AscendingIds& expected_;
  int64 next_ = 0;
  MemoryContext outside_ = CurrentMemoryContext;
  MemoryContext context_;          // of a portion
  enum class Way { unknown, straight, statements } way_ = Way::unknown;
  rescore::StraightWriter straight_;
  Numbers numbers_;
  int64 written_ = 0;
  rollup::CounterSink sink_;
  rescore::Written done_;
};

}  // namespace

EA_FUNCTION(ea_batch_update_engagement_scores) {
  const pg::Home home = access::installed_home(fcinfo);
  const pg::JobLog log;
  pg::Query query(home);
  query.write(rescore_lock, pg::Parameters());
  query.limit_lock_waits(kLockTimeout);
  bool everything = pg::bool_argument(fcinfo, 0, false);
  const bool older = get_attnum(rollup::tables().rescores.oid, "busy") == InvalidAttrNumber;
  // All numbers are as of now, after the wait.
  PushActiveSnapshot(GetTransactionSnapshot());
  const int64 low = rollup::watermark(GetActiveSnapshot());
  rollup::AscendingIds wanted;
  everything = everything || !rollup::contents_to_rescore(home, &wanted);
  rollup::AscendingIds expected;
  if (!everything) {
    for (const int64 content : wanted) expected.append(content);
    const uint64 behind = query.read(older ? older_left_behind : left_behind, pg::Parameters());
    for (uint64 i = 0; i < behind; i++) wanted.append(query.int64_at(i, 1));
    rollup::make_ascending(&wanted);
  }
  Rescore rescore(home, everything, expected);
  rollup::visit_contents(home, everything ? nullptr : &wanted, {}, rescore, rollup::Order::ascending);
  rescore.finish();
  PopActiveSnapshot();
  const rescore::Written& done = rescore.done();
  const int64 left_out = done.busy.size();
  query.write(older ? older_note_rescore : note_rescore, pg::Parameters().id(low).id(done.changed).add(rollup::id_array(done.busy)));
  if (older) query.write(refresh_older_leaderboard, pg::Parameters());
  query.finish();
  if (left_out > 0)
    pg::notice(pg::with_hint(pg::failure(0, "%lld contents were left out, because somebody is changing them", (long long)left_out),
                             "The next call looks at them again."));
  log.write("batch_update_engagement_scores low=%lld everything=%s changed=%lld busy=%lld", (long long)low, everything ? "true" : "false",
            (long long)done.changed, (long long)left_out);
  PG_RETURN_INT64(done.changed);
}
