// Who asks, and what they may ask: the one door in front of every answer.
#pragma once

#include "pg/args.hpp"
#include "pg/statement.hpp"

namespace ea::pg {

void define_settings();   // explore_analytics.*; called once when the library is loaded

int dedup_horizon_minutes();   // how long keys of recorded events are kept

// The setting explore_analytics.user_id: who "I" am.
Optional<int64> current_identity();

// A caller without an identity, a superuser and the owner of the tables see everything; a role
// with an identity sees that creator's content.
bool sees_all(const Home& home);

// The identity a caller is held to, if any.
Optional<int64> restricted_to(const Home& home);

// 42501 unless the caller may ask; the words do not tell whether the object exists.
void authorize_creator(const Home& home, int64 creator);
void authorize_content(const Home& home, int64 content);
void authorize_video(const Home& home, int64 video);
void authorize_platform(const Home& home);
[[noreturn]] void not_yours(const char* what, int64 id);

}  // namespace ea::pg
