// Summaries of many contents at once, or of all creators, from the same parts as the read path.
#pragma once

#include "ask/read_path.hpp"
#include "pg/home.hpp"
#include "store/contents.hpp"

namespace ea::rollup {

// What is made of each content, or creator; called in a memory context that lasts for this one.
class ContentVisitor {
 public:
  virtual Sink& begin() = 0;
  virtual void end(int64 id) = 0;    // only of those with anything stored in the range

 protected:
  ~ContentVisitor() = default;
};

enum class Order { any, ascending };    // any: as they are stored

// Contents with events in the range, whether or not they have a row. `wanted`: ascending ids, or null for all.
void visit_contents(const pg::Home& home, const AscendingIds* wanted, const core::Span& range, ContentVisitor& visitor,
                    Order order = Order::any);

// Creators with events in the range, by the contents that they have now; in no order.
void visit_creators(const pg::Home& home, const core::Span& range, ContentVisitor& visitor);

// Contents with events that the last rescore has not seen; false when it has to look at all.
bool contents_to_rescore(const pg::Home& home, AscendingIds* contents);

}  // namespace ea::rollup
