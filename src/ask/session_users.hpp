// Whose the anonymous events of sessions are: the user's whom the session's row names, else the only user's that its events
// name, whenever they happened; nobody's otherwise.
#pragma once

#include "ask/marks.hpp"
#include "pg/args.hpp"
#include "pg/index_scan.hpp"
#include "pg/numbering.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

struct SessionUser {
  int64 session;
  bool anonymous;       // it is asked whose it is
  int64 user = 0;       // 0: nobody's
  uint32 source = 0;    // number of where it came from
};

class SessionUsers {
 public:
  // Of events on some contents (null: on any) whose range has been seen. `sources`: where sessions came from is wanted, too;
  // its number 0 is of those that do not say so.
  SessionUsers(const pg::Home& home, const pg::Range& seen, const AscendingIds* contents, pg::Numbering<std::string_view>* sources);

  // Of each event of the range that names a user.
  void saw_user(int64 session) { with_user_.add(session); }

  // When all are seen: of sessions in ascending order, each once.
  void find(std::span<SessionUser> sessions);
  void release() { with_user_.release(); }

 private:
  // A session whose user its row does not name.
  struct Open {
    SessionUser* session;
    bool several = false;    // users
  };
  // A partition, its index of sessions, and whether it has been seen which sessions have events with a user there.
  struct Place {
    Oid partition, index;
    bool seen;
  };

  void read_rows(std::span<SessionUser> sessions);
  void take_row(const pg::IndexScan& scan, SessionUser& session);
  void find_places();
  void find_places(Relation relation, bool seen, bool beyond);
  void see_users(Relation partition, const pg::Range& range);
  void look_up(const Place& place, std::span<Open*> open);
  bool take_event(const pg::IndexScan& scan, Open& open) const;

  const pg::Home& home_;
  pg::Range seen_;
  const AscendingIds* contents_;
  pg::Numbering<std::string_view>* sources_;
  MemoryContext context_;
  TimestampTz horizon_;
  Marks with_user_;
  bool looked_ = false;
  pg::Array<Place> places_;
};

}  // namespace ea::rollup
