#include "feature/viewer_retention/question.hpp"

namespace ea::viewers {

namespace {

constexpr core::Span kEver{};

// So much may be held even where work_mem is less: a passage of few cohorts reads as many buckets behind them as one of many.
constexpr Size kLeastMemory = 1024 * 1024;

// Each bucket is read once, in order of time, and counted against the cohorts that are still followed. Where their sets take
// more than work_mem, those that come later are left for another passage, which goes on with everybody seen so far. All that a
// passage holds goes with it.
class Passage {
 public:
  Passage(rollup::Question& question, Matrix& matrix, int periods, Cohorts kind, const rollup::Moment& as_of, Everybody& everybody)
      : question_(question), matrix_(matrix), buckets_(matrix.buckets), periods_(periods), kind_(kind), as_of_(as_of), everybody_(everybody),
        context_(AllocSetContextCreate(CurrentMemoryContext, "explore_analytics passage", ALLOCSET_DEFAULT_SIZES)),
        held_context_(AllocSetContextCreate(context_, "explore_analytics cohorts", ALLOCSET_DEFAULT_SIZES)),
        held_(static_cast<Viewers*>(MemoryContextAllocZero(context_, sizeof(Viewers) * periods))) {}

  // From one cohort on; the first one that is left.
  int run(int first) {
    int end = buckets_.count;    // of the cohorts of this passage
    for (int i = first; i < buckets_.known() && i < end + periods_ - 1; i++) {
      if (i < end) {
        take(first, i);
        if (MemoryContextMemAllocated(held_context_, true) > Max((Size)work_mem * 1024, kLeastMemory)) end = i + 1;
      } else if (is_over(i)) {
        Viewers viewers = viewers_in(question_, buckets_.whole(i), context_);
        follow(first, end, i, viewers);
        viewers.release();
      } else {
        break;
      }
      if (i - periods_ + 1 >= first) held(i - periods_ + 1).release();
    }
    MemoryContextDelete(context_);
    return end;
  }

 private:
  bool is_over(int i) const { return i < buckets_.known() && buckets_.start(i + 1) <= as_of_.at; }
  Viewers& held(int cohort) { return held_[cohort % periods_]; }
  int64& cell(int cohort, int period) { return matrix_.retained[(int64)cohort * periods_ + period]; }

  // A bucket that has a cohort of its own, of a passage that began with the first one.
  void take(int first, int i) {
    Viewers viewers = viewers_in(question_, buckets_.cut(i), held_context_);
    if (buckets_.is_cut(i)) {
      if (is_over(i) && i > first) {
        Viewers all = viewers_in(question_, buckets_.whole(i), context_);
        follow(first, i, i, all);
        all.release();
      }
    } else {
      follow(first, i, i, viewers);
    }
    if (kind_ == Cohorts::first_time) {
      held(i) = without(viewers, everybody_.set(), held_context_);
      viewers.release();
      everybody_.add(held(i));
    } else {
      held(i) = viewers;
    }
    matrix_.sizes[i] = (int64)held(i).count();
    if (is_over(i)) cell(i, 0) = matrix_.sizes[i];
  }

  // Who of the cohorts [first, end) is among the viewers of bucket i.
  void follow(int first, int end, int i, const Viewers& viewers) {
    if (!is_over(i)) return;
    for (int cohort = Max(first, i - periods_ + 1); cohort < end; cohort++) cell(cohort, i - cohort) = (int64)shared(held(cohort), viewers);
  }

  rollup::Question& question_;
  Matrix& matrix_;
  const Buckets& buckets_;
  int periods_;
  Cohorts kind_;
  rollup::Moment as_of_;
  Everybody& everybody_;
  MemoryContext context_, held_context_;
  Viewers* held_;              // of the cohorts that are followed: no more than there are periods
};

}  // namespace

Matrix retention_matrix(const pg::Home& home, const BucketQuestion& asked, int periods, Cohorts kind) {
  constexpr int64 kMostCells = 1000000;
  Matrix matrix;
  Buckets& buckets = matrix.buckets = buckets_of(home, asked, periods - 1);
  if (buckets.count == 0) return matrix;
  if (buckets.count * (int64)periods > kMostCells)
    pg::raise(pg::with_hint(pg::failure(ERRCODE_PROGRAM_LIMIT_EXCEEDED, "%d cohorts of %d periods are more than %lld cells", buckets.count, periods,
                                        (long long)kMostCells),
                            "Ask for a shorter range, a larger bucket or fewer periods."));
  const int64 cells = buckets.count * (int64)periods;
  matrix.sizes = static_cast<int64*>(palloc0(sizeof(int64) * buckets.count));
  matrix.retained = static_cast<int64*>(palloc(sizeof(int64) * cells));
  std::fill_n(matrix.retained, cells, Matrix::kNotOver);
  const core::Span whole{kind == Cohorts::first_time ? kEver.from : buckets.start(0), buckets.start(buckets.known())};
  rollup::Question question(home, asked.key, whole, buckets.known());
  Everybody everybody(CurrentMemoryContext);
  if (kind == Cohorts::first_time) {
    Viewers before = viewers_in(question, {kEver.from, buckets.cut(0).from}, CurrentMemoryContext);
    everybody.add(before);
    before.release();
  }
  for (int cohort = 0; cohort < buckets.count;) cohort = Passage(question, matrix, periods, kind, asked.as_of, everybody).run(cohort);
  question.close();
  return matrix;
}

}  // namespace ea::viewers
