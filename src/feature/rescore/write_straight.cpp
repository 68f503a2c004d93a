#include "feature/rescore/write_straight.hpp"

#include "access/raw_tables.hpp"
#include "pg/ascending.hpp"

namespace ea::rescore {

namespace {

constexpr pg::Column kContentNumbers[] = {{"id", INT8OID}, {"view_count", INT8OID}, {"engagement_score", FLOAT8OID}};
constexpr pg::Column kVideoNumbers[] = {{"content_id", INT8OID}, {"total_views", INT8OID}, {"total_watch_time_ms", INT8OID}, {"completion_rate", FLOAT8OID},
                                        {"save_count", INT8OID}, {"share_count", INT8OID}, {"click_count", INT8OID}, {"scored_at", TIMESTAMPTZOID}};
constexpr int kScoredAt = 6;    // of a video's values: is written, but not compared

Oid noting_trigger() { return LookupFuncName(list_make2(makeString(pstrdup("explore_analytics")), makeString(pstrdup("note_creators"))), 0, nullptr, true); }

}  // namespace

struct StraightWriter::Rows {
  Rows(const pg::Table& table, Oid index, int column) : ascending(scan, column) { scan.open_found(table, index, GetActiveSnapshot()); }
  pg::IndexScan scan;
  pg::Ascending ascending;
};

bool StraightWriter::open(const pg::Home& home) {
  content_table_ = access::content_table(home);
  videos_table_ = access::videos_table(home);
  if (!contents_.open({content_table_.oid, kContentNumbers}, noting_trigger())) return false;
  const bool open = videos_.open({videos_table_.oid, kVideoNumbers}, InvalidOid);
  if (open) {
    contents_index_ = contents_.index();
    videos_index_ = videos_.index();
    if (OidIsValid(contents_index_) && OidIsValid(videos_index_)) return true;
  }
  contents_.close();
  if (open) videos_.close();
  return false;
}

void StraightWriter::write(const Numbers& numbers, int64 after, int64 upto, bool everything, Written* written) {
  PushActiveSnapshot(GetTransactionSnapshot());
  Rows contents(content_table_, contents_index_, access::content::id), videos(videos_table_, videos_index_, access::videos::content_id);
  int place = 1;
  if (!everything) {
    for (; place <= numbers.count; place++) {
      const int64 content = numbers.content_at(place);
      if (contents.ascending.seek(content) && contents.ascending.at(content)) look_at(contents, videos, content, numbers, place, written);
    }
  } else if (after < upto) {
    pg::Ascending& each = contents.ascending;
    for (bool more = each.seek(after + 1); more && each.value() <= upto; more = each.next()) {
      while (place <= numbers.count && numbers.content_at(place) < each.value()) place++;
      const bool known = place <= numbers.count && numbers.content_at(place) == each.value();
      look_at(contents, videos, each.value(), numbers, known ? place : 0, written);
    }
  }
  contents.scan.close();
  videos.scan.close();
  contents_.flush();
  videos_.flush();
  PopActiveSnapshot();
}

void StraightWriter::look_at(Rows& contents, Rows& videos, int64 content, const Numbers& numbers, int place, Written* written) {
  CHECK_FOR_INTERRUPTS();
  const auto value = [&](Numbers::Column column) { return numbers.columns[column][place]; };
  bool changed = false, busy = false;
  const auto write = [&](pg::RowUpdate& update, Rows& rows, const Datum* values, int compared) {
    if (!update.differs(rows.scan.row(), values, compared)) return;
    (update.write(rows.scan.row(), values) ? changed : busy) = true;
  };
  const Datum of_content[] = {value(Numbers::views), value(Numbers::score)};
  write(contents_, contents, of_content, lengthof(of_content));
  const Datum of_video[] = {value(Numbers::views), value(Numbers::watch_time_ms), value(Numbers::completion_rate), value(Numbers::saves), value(Numbers::shares),
                            value(Numbers::clicks), TimestampTzGetDatum(GetCurrentTransactionStartTimestamp())};
  for (videos.ascending.seek(content); videos.ascending.at(content); videos.ascending.next()) write(videos_, videos, of_video, kScoredAt);
  if (changed) written->changed++;
  if (busy) written->busy.append(content);
}

void StraightWriter::close() {
  contents_.close();
  videos_.close();
}

}  // namespace ea::rescore
