// What viewers did before something else, journey by journey: a journey is a viewer's, and takes in the anonymous events of
// sessions that are found to be the viewer's.
#pragma once

#include "ask/marks.hpp"
#include "ask/session_users.hpp"
#include "ask/viewer_events.hpp"
#include "pg/numbering.hpp"
#include "pg/statement.hpp"

namespace ea::rollup {

enum class JourneyKey { content, creator, source };

struct JourneyQuestion {
  pg::Range range;                  // of conversions
  int64 lookback;
  core::Engagement conversion;
  uint32 touches;                   // bits by core::Engagement
  JourneyKey key;
  bool in_vain;                     // journeys without a conversion of the range are wanted, too
  const AscendingIds* contents;     // null: all

  bool is_touch(core::Engagement type) const { return touches >> (int)type & 1; }
  // Where the events are that conversions of the range may want to know of.
  pg::Range read() const;
};

class Journeys {
 public:
  // Reads what is asked for; nothing in the question is copied.
  Journeys(pg::Query& query, const JourneyQuestion& question);

  // What touches were on, numbered from 0.
  int64 keys() const;
  const char* name_of(uint32 key) const;
  // Conversions of the range that nobody made.
  int64 of_nobody() const { return of_nobody_; }

  // Calls f(events) for each journey; in the active snapshot, in no order, events by (created_at, id), each touch with the number
  // of its key for its content. f is called in the caller's memory context, and may raise. Once.
  template <class F>
  void for_each(F&& f) {
    walk([](void* with, int64, std::span<WalkEvent> events) { (*static_cast<std::remove_reference_t<F>*>(with))(events); }, &f);
  }

 private:
  struct Row {
    bool no_user, no_session;
    int64 user, session;
    Oid type;
    TimestampTz at;
    int64 id, content;
  };
  void find_converting();
  void read_all(const pg::Range& range);
  void read_contents(const pg::Range& range);
  void add(const Row& row);
  void keep(int64 journey, WalkEvent& event);
  void find_creators();
  void find_journeys();
  void wait(std::span<WalkEvent> events);
  void settle(std::span<WalkEvent> events);
  void order_equals(std::span<WalkEvent> events) const;
  void walk(VisitViewer visit, void* with);

  pg::Query& query_;
  const JourneyQuestion& question_;
  pg::Numbering<int64> contents_, creators_;
  pg::Numbering<std::string_view> sources_;
  pg::Array<uint32> creator_of_;    // numbers, by the number of a content
  SessionUsers* users_;
  Marks* converting_ = nullptr;     // journeys; all where there are no marks
  // What is to be known of sessions, by many sessions at once, with the user for the content where sources are the keys. By
  // journey, with the number of a key or a content for it.
  ViewerEvents by_session_, by_journey_;
  bool some_by_session_ = false;
  pg::Array<WalkEvent> waiting_;
  pg::Array<SessionUser> sessions_;    // of those that wait
  int64 of_nobody_ = 0;
};

}  // namespace ea::rollup
