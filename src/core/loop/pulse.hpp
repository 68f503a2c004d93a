// Loops of many short steps that can be ended from outside.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

namespace ea::core {

// Called at each step, it calls poll() at one of many; what that throws ends the loop.
class Pulse {
 public:
  explicit Pulse(void (*poll)()) : poll_(poll) {}
  void operator()() {
    if ((++steps_ & 0xFFFF) == 0) poll_();
  }
  void at_once() { poll_(); }

 private:
  void (*poll_)();
  std::uint32_t steps_ = 0;
};

// When it is ended, some of the items are lost.
template <class T, class Less>
void sort(std::span<T> items, Pulse& pulse, Less less) {
  std::sort(items.begin(), items.end(), [&](const T& a, const T& b) {
    pulse();
    return less(a, b);
  });
}

}  // namespace ea::core
