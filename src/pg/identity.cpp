#include "pg/identity.hpp"

#include "pg/job_log.hpp"
#include "pg/memory.hpp"
#include "pg/rate_limit.hpp"

namespace ea::pg {

namespace {

char* user_id_text = nullptr;

// Before the library is loaded anybody can give the setting a value, which the server refuses when it is
// loaded. By then it has covered what an administrator set for the role: such a session sees nothing.
bool identity_accepted = false;
bool identity_refused = false;

int dedup_horizon = 30 * MINS_PER_HOUR * HOURS_PER_DAY;

// Text of the setting -> id; empty text is nobody.
bool parse_user_id(const char* text, Optional<int64>* id) {
  if (!text || !*text) return true;
  errno = 0;
  char* end;
  long long value = strtoll(text, &end, 10);
  if (errno || *end || end == text || value <= 0) return false;
  *id = {true, value};
  return true;
}

bool check_user_id(char** text, void**, GucSource source) {
  Optional<int64> ignored;
  if (parse_user_id(*text, &ignored)) {
    // The server asks here only after it has seen that whoever sets may set.
    if (source > PGC_S_DYNAMIC_DEFAULT) {
      identity_accepted = true;
      identity_refused = false;
    }
    return true;
  }
  GUC_check_errdetail("It must be a positive bigint, or empty for nobody.");
  return false;
}

Statement content_creator(
    "/* explore_analytics: door */ "
    "SELECT 1 FROM {s}.explore_content WHERE id = $1 AND creator_id = $2",
    {INT8OID, INT8OID});

Statement video_creator(
    "/* explore_analytics: door */ "
    "SELECT 1 FROM {s}.explore_discovery_videos v JOIN {s}.explore_content c ON c.id = v.content_id "
    "WHERE v.id = $1 AND c.creator_id = $2",
    {INT8OID, INT8OID});

void authorize_by(Statement& owned, const Home& home, const char* what, int64 id) {
  Optional<int64> me = restricted_to(home);
  if (!me.given) return;
  Query query(home);
  bool mine = query.read(owned, Parameters().id(id).id(me)) > 0;
  query.finish();
  if (!mine) not_yours(what, id);
}

}  // namespace

void define_settings() {
  const bool set_before = GetConfigOption("explore_analytics.user_id", true, false) != nullptr;
  DefineCustomStringVariable("explore_analytics.user_id",
                             "Id of the user on whose behalf this session asks and records.",
                             "Empty: nobody. Only a superuser, or a role with GRANT SET ON PARAMETER, may set it.",
                             &user_id_text, "", PGC_SUSET, GUC_NOT_IN_SAMPLE, check_user_id, nullptr,
                             nullptr);
  identity_refused = set_before && !identity_accepted;
  DefineCustomIntVariable("explore_analytics.dedup_horizon",
                          "How long a repeated event id, or a second completion of a viewing, is recognised.",
                          "Keys older than this are removed by explore_analytics.prune_keys().",
                          &dedup_horizon, dedup_horizon, MINS_PER_HOUR, INT_MAX / 60, PGC_SIGHUP, GUC_UNIT_MIN,
                          nullptr, nullptr, nullptr);
  prepare_rate_limits();
  DefineCustomBoolVariable("explore_analytics.log_jobs", "Whether every refresh and job writes a line into the server's log.",
                           nullptr, &log_jobs, log_jobs, PGC_SUSET, 0, nullptr, nullptr, nullptr);
#ifdef EA_FAULT_INJECTION
  DefineCustomIntVariable("explore_analytics.fail_allocation", "Lets the n-th allocation from now on fail; 0: none.",
                          nullptr, &fail_allocation, 0, 0, INT_MAX, PGC_SUSET, GUC_NOT_IN_SAMPLE, nullptr, nullptr, nullptr);
#endif
  MarkGUCPrefixReserved("explore_analytics");
}

int dedup_horizon_minutes() { return dedup_horizon; }

Optional<int64> current_identity() {
  Optional<int64> id;
  parse_user_id(user_id_text, &id);
  return id;
}

bool sees_all(const Home& home) {
  return (!current_identity().given && !identity_refused) || superuser() ||
         (OidIsValid(home.owner) && has_privs_of_role(GetUserId(), home.owner));
}

Optional<int64> restricted_to(const Home& home) {
  if (sees_all(home)) return {};
  const Optional<int64> me = current_identity();
  return me.given ? me : Optional<int64>{true, 0};   // nobody has id 0
}

void not_yours(const char* what, int64 id) {
  raise(with_hint(failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for %s %lld", what,
                          (long long)id),
                  "With explore_analytics.user_id set, only that creator's own content is visible."));
}

void authorize_creator(const Home& home, int64 creator) {
  Optional<int64> me = restricted_to(home);
  if (me.given && me.value != creator) not_yours("creator", creator);
}

void authorize_content(const Home& home, int64 content) {
  authorize_by(content_creator, home, "content", content);
}

void authorize_video(const Home& home, int64 video) {
  authorize_by(video_creator, home, "video", video);
}

void authorize_platform(const Home& home) {
  if (restricted_to(home).given)
    raise(with_hint(failure(ERRCODE_INSUFFICIENT_PRIVILEGE, "permission denied for platform-wide numbers"),
                    "Pass creator_id => %s.current_creator_id().", quote_identifier(home.name)));
}

}  // namespace ea::pg
