#include "access/identity.hpp"

#include "access/identity_map.hpp"
#include "access/ownership.hpp"
#include "access/rate_levels.hpp"
#include "access/rights.hpp"
#include "pg/job_log.hpp"
#include "pg/memory.hpp"

namespace ea::access {

namespace {

char* user_id_text = nullptr;

// Before the library is loaded anybody can give the setting a value, which the server refuses when it is
// loaded. By then it has covered what an administrator had set for the role: such a session sees nothing.
// The setting then has this value, which parallel workers inherit and nobody can give it by hand.
constexpr const char* kRefused = "refused";
bool identity_accepted = false;

int dedup_horizon = 30 * MINS_PER_HOUR * HOURS_PER_DAY;

bool identity_refused() { return user_id_text && strcmp(user_id_text, kRefused) == 0; }

// Text of the setting -> id; empty text is nobody.
bool parse_user_id(const char* text, pg::Optional<int64>* id) {
  if (!text || !*text) return true;
  errno = 0;
  char* end;
  long long value = strtoll(text, &end, 10);
  if (errno || *end || end == text || value <= 0) return false;
  *id = {true, value};
  return true;
}

bool check_user_id(char** text, void**, GucSource source) {
  if (source == PGC_S_OVERRIDE && *text && strcmp(*text, kRefused) == 0) return true;
  pg::Optional<int64> ignored;
  if (parse_user_id(*text, &ignored)) {
    // The server asks here only after it has seen that whoever sets may set.
    if (source > PGC_S_DYNAMIC_DEFAULT) identity_accepted = true;
    return true;
  }
  GUC_check_errdetail("It must be a positive bigint, or empty for nobody.");
  return false;
}

[[noreturn]] void no_identity() {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied without an identity"),
                  identity_refused() ? "The session brought an identity that it may not set. Connect without explore_analytics.user_id."
                                     : "A gateway sets explore_analytics.user_id; a login is given one by explore_analytics.set_identity(). "
                                       "Roles with grant_access(role, 'analyse') see everything."));
}

}  // namespace

void define_settings() {
  const bool set_before = pg::has_text("explore_analytics.user_id");
  DefineCustomStringVariable("explore_analytics.user_id",
                             "Id of the user on whose behalf this session asks and records.",
                             "Empty: nobody. Only a superuser, or a role with GRANT SET ON PARAMETER, may set it.",
                             &user_id_text, "", PGC_SUSET, GUC_NOT_IN_SAMPLE, check_user_id, nullptr,
                             nullptr);
  // As a default, and so without a stack entry, which makes it safe in any transaction and parallel operation.
  if (set_before && !identity_accepted)
    set_config_option("explore_analytics.user_id", kRefused, PGC_SUSET, PGC_S_OVERRIDE, GUC_ACTION_SAVE, true, ERROR, false);
  DefineCustomIntVariable("explore_analytics.dedup_horizon",
                          "How long a repeated event id, or a second completion of a viewing, is recognised.",
                          "Keys older than this are removed by explore_analytics.prune_keys().",
                          &dedup_horizon, dedup_horizon, MINS_PER_HOUR, INT_MAX / 60, PGC_SIGHUP, GUC_UNIT_MIN,
                          nullptr, nullptr, nullptr);
  prepare_rate_limits();
  DefineCustomBoolVariable("explore_analytics.log_jobs", "Whether every refresh and job writes a line into the server's log.",
                           nullptr, &pg::log_jobs, pg::log_jobs, PGC_SUSET, 0, nullptr, nullptr, nullptr);
#ifdef EA_FAULT_INJECTION
  DefineCustomIntVariable("explore_analytics.fail_allocation", "Lets the n-th allocation from now on fail; 0: none.",
                          nullptr, &pg::fail_allocation, 0, 0, INT_MAX, PGC_SUSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
#endif
  MarkGUCPrefixReserved("explore_analytics");
}

int dedup_horizon_minutes() { return dedup_horizon; }

pg::Optional<int64> current_identity() {
  if (identity_refused()) return {};
  pg::Optional<int64> id;
  parse_user_id(user_id_text, &id);
  return id.given ? id : mapped_identity();
}

Caller caller() {
  pg::Optional<int64> id;
  parse_user_id(user_id_text, &id);
  return {GetUserId(), identity_refused() ? -1 : id.value};
}

pg::Optional<int64> held_to(const pg::Home& home) {
  constexpr pg::Optional<int64> nobody{true, 0};
  if (superuser() || (OidIsValid(home.owner) && has_privs_of_role(GetUserId(), home.owner)) || sees_every_creator())
    return {};
  if (identity_refused()) return nobody;
  const pg::Optional<int64> me = current_identity();
  return me.given ? me : nobody;
}

pg::Optional<int64> restricted_to(const pg::Home& home) {
  const pg::Optional<int64> me = held_to(home);
  if (me.given && me.value == 0) no_identity();
  return me;
}

void not_yours(const char* what, int64 id) {
  pg::raise(pg::with_hint(pg::failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for %s %lld", what, (long long)id),
                  "Only the content of the session's own creator is visible, see current_creator_id()."));
}

void authorize_creator(const pg::Home& home, int64 creator) {
  const pg::Optional<int64> me = restricted_to(home);
  if (me.given && me.value != creator) not_yours("creator", creator);
}

int64 creator_or_me(const pg::Home& home, pg::Optional<int64> creator) {
  if (!creator.given) creator = current_identity();
  if (!creator.given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_NULL_VALUE_NOT_ALLOWED, "no creator given and no current creator"),
                            "Pass creator_id, or set explore_analytics.user_id."));
  authorize_creator(home, creator.value);
  return creator.value;
}

void authorize_content(const pg::Home& home, int64 content) {
  const pg::Optional<int64> me = restricted_to(home);
  if (me.given && me.value != creator_of_content(home, content)) not_yours("content", content);
}

void authorize_video(const pg::Home& home, int64 video) {
  const pg::Optional<int64> me = restricted_to(home);
  if (me.given && me.value != creator_of_video(home, video)) not_yours("video", video);
}

void authorize_platform(const pg::Home& home) {
  if (restricted_to(home).given)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for platform-wide numbers"),
                    "Pass creator_id => %s.current_creator_id().", quote_identifier(home.name)));
}

}  // namespace ea::access
