#include "access/writer_limits.hpp"

#include <algorithm>

#include "access/rate_levels.hpp"
#include "pg/error.hpp"
#include "pg/index_scan.hpp"
#include "pg/relation_changes.hpp"

namespace ea::access {

namespace {

struct RoleRule {
  NameData role;
  RateRule rule;
};

// What the table says, read again only after it has changed.
struct {
  bool current = false;
  uint64 changes = 0;      // heard of
  bool watched = false;
  Oid table = InvalidOid;
  MemoryContext context = nullptr;
  RoleRule* roles = nullptr;
  int role_count = 0;
  RateRule any_role, session;
  // The rule of the role that called last.
  Oid last_role = InvalidOid;
  RateRule last_rule;
} known;

// Where the table is not there, any relation may be the one that install() makes.
void forget_table(Datum, Oid relation) {
  if (!OidIsValid(relation) || !OidIsValid(known.table) || relation == known.table) {
    known.current = false;
    known.changes++;
  }
}

void forget_role(Datum, int, uint32) { known.last_role = InvalidOid; }

constexpr int kScope = 1, kName = 2, kRate = 3, kBurst = 4;
constexpr pg::Column kColumns[] = {{"scope", TEXTOID, false}, {"name", TEXTOID, false}, {"events_per_second", FLOAT8OID, false}, {"burst", INT8OID, false}};

void read_rows(Oid table, Snapshot snapshot) {
  int room = 0;
  pg::IndexScan scan;
  scan.open(pg::Table{table, kColumns}, snapshot);
  scan.start();
  while (scan.next()) {
    bool null[4];
    const Datum scope_value = scan.value(kScope, &null[0]), name_value = scan.value(kName, &null[1]);
    const RateRule rule{true, DatumGetFloat8(scan.value(kRate, &null[2])), DatumGetInt64(scan.value(kBurst, &null[3]))};
    if (null[0] || null[1] || null[2] || null[3]) continue;
    const char* owner = TextDatumGetCString(name_value);
    const bool everybody = strcmp(owner, "*") == 0;
    if (strcmp(TextDatumGetCString(scope_value), "session") == 0) {
      if (everybody) known.session = rule;
    } else if (everybody) {
      known.any_role = rule;
    } else {
      if (known.role_count == room) {
        room = room ? room * 2 : 16;
        const Size bytes = sizeof(RoleRule) * (Size)room;
        known.roles = static_cast<RoleRule*>(known.roles ? repalloc(known.roles, bytes) : MemoryContextAlloc(known.context, bytes));
      }
      RoleRule& row = known.roles[known.role_count++];
      namestrcpy(&row.role, owner);
      row.rule = rule;
    }
  }
  scan.close();
}

// Neither the caller's privileges nor the caller's snapshot matter: a transaction that began long ago must
// not keep what has been changed since.
void read_table() {
  if (!known.watched) {
    known.context = AllocSetContextCreate(TopMemoryContext, "explore_analytics rate limits", ALLOCSET_SMALL_SIZES);
    pg::on_relation_change(forget_table);
    CacheRegisterSyscacheCallback(AUTHOID, forget_role, (Datum)0);
    known.watched = true;
  }
  known.roles = nullptr;
  known.role_count = 0;
  known.any_role = known.session = RateRule{};
  known.last_role = InvalidOid;
  MemoryContextReset(known.context);
  known.table = get_relname_relid("rate_limits", get_namespace_oid("explore_analytics", false));
  const uint64 changes = known.changes;
  if (OidIsValid(known.table)) {
    Snapshot snapshot = RegisterSnapshot(GetLatestSnapshot());
    read_rows(known.table, snapshot);
    UnregisterSnapshot(snapshot);
  }
  // What changed while it was read is read the next time.
  known.current = changes == known.changes;
}

// The row of that name, else '*', which holds everybody but superusers.
void find_rule(Oid role) {
  known.last_role = role;    // first: meanwhile it may be forgotten again
  known.last_rule = RateRule{};
  const char* name = GetUserNameFromId(role, true);
  bool named = false;
  for (int i = 0; i < known.role_count && name && !named; i++) {
    named = strcmp(NameStr(known.roles[i].role), name) == 0;
    if (named) known.last_rule = known.roles[i].rule;
  }
  if (!named && known.any_role.given && !superuser_arg(role)) known.last_rule = known.any_role;
}

core::RateLimit limit_of(const RateRule& rule) { return core::make_rate_limit(rule.per_second, rule.burst, rate_limit_share()); }

// One of those that a batch is charged to.
struct Payer {
  RateKey key;
  const RateRule* rule;
  core::RateLimit limit;
  int64 events;
};

[[noreturn]] void refuse(const Payer& payer, int64 wait_ns) {
  char whose[NAMEDATALEN + 16];
  if (payer.key.scope == core::RateScope::role) {
    const char* name = GetUserNameFromId((Oid)payer.key.id, true);
    snprintf(whose, sizeof whose, "role \"%s\"", name ? name : "?");
  } else {
    snprintf(whose, sizeof whose, "session %lld", (long long)payer.key.id);
  }
  pg::Failure failure = pg::failure(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED, "rate limit of %s exceeded: %lld event%s, %.10g a second allowed",
                                    whose, (long long)payer.events, payer.events == 1 ? "" : "s", payer.rule->per_second);
  if (wait_ns == core::kNever) {
    strlcpy(failure.detail, "retry_after_ms=never", sizeof failure.detail);
    failure = pg::with_hint(failure, "Nothing was recorded. So many events never pass at once: send at most %lld.",
                            (long long)payer.limit.largest);
  } else {
    snprintf(failure.detail, sizeof failure.detail, "retry_after_ms=%lld", (long long)((wait_ns + 999999) / 1000000));
    failure = pg::with_hint(failure, "Nothing was recorded. Send the same again after that many milliseconds.");
  }
  pg::raise(failure);
}

// Sessions of the rows, one payer each, in ascending order.
int session_payers(const core::EventRow* rows, int row_count, const RateRule& rule, Payer* payers) {
  auto* ids = static_cast<int64*>(palloc(sizeof(int64) * (Size)Max(row_count, 1)));
  const core::RateLimit limit = limit_of(rule);
  int id_count = 0, count = 0;
  for (int i = 0; i < row_count; i++)
    if (rows[i].session_id > 0) ids[id_count++] = rows[i].session_id;
  std::sort(ids, ids + id_count);
  for (int i = 0; i < id_count; i++) {
    if (count == 0 || payers[count - 1].key.id != (uint64)ids[i])
      payers[count++] = {{core::RateScope::session, (uint64)ids[i]}, &rule, limit, 0};
    payers[count - 1].events++;
  }
  pfree(ids);
  return count;
}

}  // namespace

WriterLimits::WriterLimits() : role_(GetUserId()) {
  AcceptInvalidationMessages();    // a long transaction hears of changes, too
  if (!known.current) read_table();
  if (known.last_role != role_) find_rule(role_);
  role_rule_ = known.last_rule;
  session_rule_ = known.session;
}

void WriterLimits::charge(int64 received, const core::EventRow* rows, int row_count) const {
  if (!(role_rule_.given || session_rule_.given) || received == 0) return;
  auto* payers = static_cast<Payer*>(palloc(sizeof(Payer) * (Size)(row_count + 1)));
  int count = session_rule_.given ? session_payers(rows, row_count, session_rule_, payers) : 0;
  // The role last: a session that has had enough must not take the role's share from others, not even for
  // the moment until it is given back.
  if (role_rule_.given) payers[count++] = {{core::RateScope::role, role_}, &role_rule_, limit_of(role_rule_), received};
  const int64 now = rate_clock();
  int64 longest = 0;
  int slowest = -1, charged = 0;
  for (int i = 0; i < count; i++) {
    const Payer& payer = payers[i];
    // After the first refusal the others are only asked how long it would take.
    const int64 wait = slowest < 0 ? charge_rate(payer.key, payer.limit, now, payer.events)
                                   : look_at_rate(payer.key, payer.limit, now, payer.events);
    if (wait > longest) {
      longest = wait;
      slowest = i;
    }
    if (slowest < 0) charged++;
  }
  if (slowest >= 0)
    for (int i = 0; i < charged; i++) refund_rate(payers[i].key, payers[i].limit, payers[i].events);
  if (count > 0) count_batch(received, slowest < 0);
  if (slowest >= 0) refuse(payers[slowest], longest);
  pfree(payers);
}

}  // namespace ea::access
