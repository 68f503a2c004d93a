#include "ask/cohort_members.hpp"

#include "ask/cohort_conditions.hpp"
#include "ask/cohort_doers.hpp"
#include "ask/read_path.hpp"
#include "ask/viewer_sets.hpp"

namespace ea::rollup {

namespace {

// In the order of kProfileTexts, then the year of birth.
pg::Statement profiles(
    "/* explore_analytics: cohort */ SELECT v.user_id::bigint, v.gender::text, v.country::text, v.region::text, v.city::text, v.language::text,"
    " v.birth_year::bigint FROM {s}.explore_viewers v",
    {});

// Made where they outlive the frames of whoever asks the server; the context frees them.
template <class Made, class... Arguments>
Made* make(MemoryContext context, Arguments&&... arguments) {
  return new (MemoryContextAlloc(context, sizeof(Made))) Made(std::forward<Arguments>(arguments)...);
}

MemoryContext new_context() { return AllocSetContextCreate(CurrentMemoryContext, "explore_analytics cohort", ALLOCSET_DEFAULT_SIZES); }

// A set of the rollups that is wanted: of viewers since a time.
struct Wanted {
  Key of;
  TimestampTz from;
  int64 number;

  // Of a key the shortest first.
  bool operator<(const Wanted& other) const {
    return std::tie(of.scope, of.id, other.from) < std::tie(other.of.scope, other.of.id, from);
  }
};

// Those of a key are read one after the other, each going on from the one before, so that every event is read once.
void find_viewers(const pg::Home& home, pg::Array<Wanted>& wanted, ViewerSets& sets) {
  std::sort(wanted.begin(), wanted.end());
  const Wanted* end = wanted.end();
  for (const Wanted* first = wanted.begin(); first != end;) {
    const Wanted* last = std::find_if(first, end, [&](const Wanted& w) { return w.of.scope != first->of.scope || w.of.id != first->of.id; });
    MemoryContext context = new_context(), outside = MemoryContextSwitchTo(context);
    SummarySink* sink = make<SummarySink>(context);
    Question question(home, first->of, {last[-1].from, DT_NOEND}, last - first);
    for (TimestampTz to = DT_NOEND; first != last; to = first++->from) {
      CHECK_FOR_INTERRUPTS();
      question.add_to(*sink, {first->from, to});
      sets.merge(first->number, sink->opened().viewers());
    }
    question.close();
    MemoryContextSwitchTo(outside);
    MemoryContextDelete(context);
  }
}

// One look at every profile, whatever the conditions.
void find_profiles(const pg::Home& home, const CohortRule& rule, ViewerSets& sets) {
  if (std::all_of(rule.conditions.begin(), rule.conditions.end(), [](const CohortCondition& c) { return c.did; })) return;
  pg::Query query(home);
  query.each_row(profiles, pg::Parameters(), [&](TupleTableSlot* row) {
    slot_getallattrs(row);
    if (row->tts_isnull[0]) return;    // of an adopted table
    const int64 viewer = DatumGetInt64(row->tts_values[0]);
    std::string_view texts[lengthof(kProfileTexts)];
    for (int i = 0; i < (int)lengthof(texts); i++)
      if (!row->tts_isnull[1 + i]) {
        const text* value = DatumGetTextPP(row->tts_values[1 + i]);
        texts[i] = {VARDATA_ANY(value), (size_t)VARSIZE_ANY_EXHDR(value)};
      }
    const bool known = !row->tts_isnull[1 + kBirthYear];
    for (int64 i = 0; i < rule.conditions.size(); i++) {
      const CohortCondition& condition = rule.conditions[i];
      if (condition.did) continue;
      if (condition.column == kBirthYear ? meets(condition, known, DatumGetInt64(row->tts_values[1 + kBirthYear])) : meets(condition, texts[condition.column]))
        sets.insert(i, viewer);
    }
  });
  query.finish();
}

// A set, or all but it, and the context that it is in.
struct Part {
  const core::ViewerSet* set;
  bool others;
  MemoryContext context;

  operator core::RulePart() const { return {set, others}; }
};

// In a context of its own.
template <class Find>
Part part(Find&& find) {
  CHECK_FOR_INTERRUPTS();
  Part result{};
  result.context = new_context();
  MemoryContext outside = MemoryContextSwitchTo(result.context);
  result.set = find(make<pg::Resource>(result.context, result.context), &result.others);
  MemoryContextSwitchTo(outside);
  return result;
}

// What is joined is freed, so that there are as many sets at a time as a rule is deep.
Part join(core::RuleKind kind, const Part& a, const Part& b) {
  const Part result = part([&](pg::Resource* memory, bool* others) {
    void* place = palloc(sizeof(core::ViewerSet));
    return new (place) core::ViewerSet(core::joined(kind, a, b, others, memory));
  });
  MemoryContextDelete(a.context);
  MemoryContextDelete(b.context);
  return result;
}

}  // namespace

const core::ViewerSet& cohort_members(const pg::Home& home, const CohortRule& rule) {
  MemoryContext context = CurrentMemoryContext;
  const int64 count = rule.conditions.size(), everybody = count;
  pg::Resource* memory = make<pg::Resource>(context, context);
  const bool is_open = core::holds_without_conditions(rule.tree(), memory);
  ViewerSets& sets = *make<ViewerSets>(context, count + 1);
  CohortDoers& doers = *make<CohortDoers>(context, home, rule, sets);
  pg::Array<Wanted> wanted;
  for (int64 i = 0; i < count; i++) {
    const CohortCondition& condition = rule.conditions[i];
    if (!condition.did) continue;
    if (told_by_rollups(condition)) wanted.append({condition.of, began(condition), i});
    else doers.add((int)i);
  }
  if (is_open) wanted.append({{ScopeKind::platform, 0}, DT_NOBEGIN, everybody});
  find_viewers(home, wanted, sets);
  doers.find();
  find_profiles(home, rule, sets);

  const auto take = [&](int32 number) { return part([&](pg::Resource*, bool*) { return &sets.read(number); }); };
  Part* parts = static_cast<Part*>(palloc(sizeof(Part) * core::parts_at_once(rule.tree())));
  Part result = core::reduce(rule.tree(), parts, take, join);
  if (result.others) {
    Part known = take((int32)everybody);
    // Whoever a condition holds for; who viewed is among everybody.
    for (int64 i = 0; i < count; i++)
      if (!rule.conditions[i].did || rule.conditions[i].type != core::Engagement::view) known = join(core::RuleKind::any, known, take((int32)i));
    result = join(core::RuleKind::all, known, result);
  }
  sets.close();
  return *result.set;
}

}  // namespace ea::rollup
