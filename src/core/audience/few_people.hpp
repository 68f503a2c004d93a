// Whether two answers about a group of people, one of which is about a part of what the other is about, would by their
// difference tell of a few.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>

namespace ea::core {

// What somebody of the group did on a day. Rows that add neither a view nor watch time nor a completion are none.
struct GroupActivity {
  static constexpr std::uint8_t kViews = 1, kAny = 2;                        // in what is asked about
  static constexpr std::uint8_t kViewsElsewhere = 4, kAnyElsewhere = 8;      // in the rest of the whole that it is a part of

  std::int32_t person;    // numbered from 0, in order
  std::int32_t day;
  std::uint8_t did;
};

// Each person and day once, in order of persons. True where
// - for some run of days those who did something on other days, or who have views on other days, or whose views are all on
//   other days, are some but fewer than `fewest`;
// - those who did something elsewhere, or have views there, or have views only there, are.
bool tells_of_few(std::span<const GroupActivity> activities, std::int64_t fewest, std::pmr::memory_resource* memory);

}  // namespace ea::core
