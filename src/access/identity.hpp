// Who asks, and what they may ask: the one door in front of every answer.
#pragma once

#include "pg/args.hpp"
#include "pg/statement.hpp"

namespace ea::access {

void define_settings();   // explore_analytics.*; called once when the library is loaded

int dedup_horizon_minutes();   // how long keys of recorded events are kept

// Who "I" am: the setting explore_analytics.user_id, else what the table of identities says of the login.
pg::Optional<int64> current_identity();

// The creator whose content is all that the caller sees: 0 for a caller who sees nothing. Not given for one
// who sees everything: a superuser, the owner of the tables, an analyst.
pg::Optional<int64> held_to(const pg::Home& home);
inline bool sees_all(const pg::Home& home) { return !held_to(home).given; }

// The same; 42501 for a caller who sees nothing.
pg::Optional<int64> restricted_to(const pg::Home& home);

// What all of this depends on within one query: SET ROLE and the setting.
struct Caller {
  Oid user = InvalidOid;
  int64 setting = 0;   // 0: empty, -1: refused
  bool operator==(const Caller&) const = default;
};
Caller caller();

// 42501 unless the caller may ask; the words do not tell whether the object exists.
void authorize_creator(const pg::Home& home, int64 creator);
void authorize_content(const pg::Home& home, int64 content);
void authorize_video(const pg::Home& home, int64 video);
void authorize_platform(const pg::Home& home);
// The creator who is asked about, who asks where none is given: 22004 without either, 42501 as above.
int64 creator_or_me(const pg::Home& home, pg::Optional<int64> creator);
[[noreturn]] void not_yours(const char* what, int64 id);

}  // namespace ea::access
