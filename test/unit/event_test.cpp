// One recorded event: fields as apps send them, checked and converted.
#include "core/intake/event.hpp"

#include <cstring>

#include "support.hpp"

namespace ea::core {
namespace {

constexpr std::int64_t kNow = 1'000'000'000'000'000;
constexpr std::int64_t kDay = 86'400'000'000;

Field number(std::string_view text) { return {Field::Kind::number, text, false}; }
Field string(std::string_view text) { return {Field::Kind::string, text, false}; }
Field boolean(bool truth) { return {Field::Kind::boolean, {}, truth}; }
Field nested() { return {Field::Kind::other, {}, false}; }

struct Item {
  Field fields[kFields];

  Item() {
    set(FieldName::content_id, number("42"));
    set(FieldName::engagement_type, string("view"));
  }
  Item& set(FieldName name, Field field) {
    fields[static_cast<int>(name)] = field;
    return *this;
  }
  ItemFault read(EventRow* row) const { return read_event(fields, kNow, test::clip_utf8, row); }
  EventRow good() const {
    EventRow row;
    const ItemFault fault = read(&row);
    EXPECT_EQ(fault.fault, Fault::none) << fault.message;
    return row;
  }
  ItemFault bad(Fault expected, const char* field) const {
    EventRow row;
    const ItemFault fault = read(&row);
    EXPECT_EQ(fault.fault, expected) << fault_code(fault.fault);
    EXPECT_STREQ(fault.field, field);
    EXPECT_STRNE(fault.message, "");
    return fault;
  }
};

TEST(Event, DefaultsOfTheShortestItem) {
  const EventRow row = Item().good();
  EXPECT_EQ(row.content_id, 42);
  EXPECT_EQ(row.user_id, 0);
  EXPECT_EQ(row.session_id, 0);
  EXPECT_EQ(row.type, Engagement::view);
  EXPECT_EQ(row.watch_time_ms, 0);
  EXPECT_FALSE(row.completed);
  EXPECT_EQ(row.created_at, kNow);
  EXPECT_FALSE(row.has_event_id);
}

TEST(Event, IdsAsNumbersOrStrings) {
  EXPECT_EQ(Item().set(FieldName::content_id, string("9223372036854775807")).good().content_id, INT64_MAX);
  EXPECT_EQ(Item().set(FieldName::user_id, string("7")).good().user_id, 7);
  for (const Field& field : {number("0"), number("-1"), number("1.5"), number("9223372036854775808"), string(""),
                             string(" 1"), string("1 "), string("abc"), string("0x10"), boolean(true), nested()}) {
    Item().set(FieldName::content_id, field).bad(Fault::invalid_value, "contentId");
    Item().set(FieldName::user_id, field).bad(Fault::invalid_value, "userId");
    Item().set(FieldName::session_id, field).bad(Fault::invalid_value, "sessionId");
  }
}

TEST(Event, MissingFieldsAndUnknownTypes) {
  Item().set(FieldName::content_id, {}).bad(Fault::missing_field, "contentId");
  Item().set(FieldName::engagement_type, {}).bad(Fault::missing_field, "engagementType");
  Item().set(FieldName::engagement_type, string("zap")).bad(Fault::unknown_type, "engagementType");
  Item().set(FieldName::engagement_type, string("View")).bad(Fault::unknown_type, "engagementType");
  Item().set(FieldName::engagement_type, number("1")).bad(Fault::invalid_value, "engagementType");
}

TEST(Event, CompletedBelongsToViews) {
  EXPECT_TRUE(Item().set(FieldName::completed, boolean(true)).good().completed);
  for (const char* type : {"save", "share", "click", "skip", "complete", "impression", "progress"})
    EXPECT_FALSE(
        Item().set(FieldName::engagement_type, string(type)).set(FieldName::completed, boolean(true)).good().completed);
  Item().set(FieldName::completed, string("true")).bad(Fault::invalid_value, "completed");
  Item().set(FieldName::completed, number("1")).bad(Fault::invalid_value, "completed");
}

TEST(Event, CreatedAtFrom2000UpToOneDayAhead) {
  const auto at = [](const char* text) { return Item().set(FieldName::created_at, string(text)); };
  EXPECT_EQ(at("2000-01-01T00:00:00.000005Z").good().created_at, 5);
  EXPECT_EQ(at("2031-09-10T01:46:40Z").good().created_at, kNow + kDay);
  EXPECT_EQ(at("2000-01-01T00:00:00Z").good().created_at, 0);
  EXPECT_EQ(at("1999-12-31T19:00:00-05:00").good().created_at, 0);
  for (const char* text : {"1999-12-31T23:59:59.999999Z", "2000-01-01T00:59:59+01:00", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z"})
    EXPECT_FALSE(at(text).bad(Fault::invalid_value, "createdAt").infinite);
  at("2031-09-10T01:46:40.000001Z").bad(Fault::created_at_in_future, "createdAt");
  at("294276-12-31T23:59:59Z").bad(Fault::created_at_in_future, "createdAt");
  at("yesterday").bad(Fault::invalid_value, "createdAt");
  Item().set(FieldName::created_at, number("1700000000")).bad(Fault::invalid_value, "createdAt");
}

TEST(Event, EventIdIsAUuid) {
  const std::uint8_t expected[16] = {0xa0, 0xee, 0xbc, 0x99, 0x9c, 0x0b, 0x4e, 0xf8,
                                     0xbb, 0x6d, 0x6b, 0xb9, 0xbd, 0x38, 0x0a, 0x11};
  for (const char* text : {"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "A0EEBC999C0B4EF8BB6D6BB9BD380A11"}) {
    const EventRow row = Item().set(FieldName::event_id, string(text)).good();
    EXPECT_TRUE(row.has_event_id);
    EXPECT_EQ(0, std::memcmp(row.event_id, expected, 16));
  }
  for (const char* text : {"", "a0eebc99", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1g",
                           "a0eebc999-c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99_9c0b_4ef8_bb6d_6bb9bd380a11"})
    Item().set(FieldName::event_id, string(text)).bad(Fault::invalid_value, "eventId");
  Item().set(FieldName::event_id, number("1")).bad(Fault::invalid_value, "eventId");
}

TEST(Event, WatchTimeInSecondsRoundsHalfAwayFromZero) {
  const std::pair<const char*, std::int32_t> cases[] = {
      {"0", 0},        {"12", 12000},     {"0.5", 500},          {"12.3456", 12346},    {"1.0005", 1001},
      {"1.0004999", 1000}, {"0.0005", 1}, {"0.00049999999", 0},  {"-0", 0},             {"-0.000", 0},
      {"007", 7000},   {"1.", 1000},      {"2147483.647", INT32_MAX}, {"2147483.6474", INT32_MAX}};
  for (const auto& [text, expected] : cases) {
    std::int32_t ms = -1;
    EXPECT_EQ(milliseconds_from_seconds(text, &ms), Parse::ok) << text;
    EXPECT_EQ(ms, expected) << text;
  }
  std::int32_t ms;
  for (const char* text : {"2147483.6475", "2147483.648", "2147484", "1000000000000000000000000000000000000"})
    EXPECT_EQ(milliseconds_from_seconds(text, &ms), Parse::out_of_range) << text;
  for (const char* text : {"-1", "-0.0001"}) EXPECT_EQ(milliseconds_from_seconds(text, &ms), Parse::negative) << text;
  for (const char* text : {"", ".", "-", "1e3", "1.2.3", " 1", "NaN", "+1"})
    EXPECT_EQ(milliseconds_from_seconds(text, &ms), Parse::malformed) << text;
}

TEST(Event, FaultsOfWatchTimeSayWhich) {
  EXPECT_TRUE(Item().set(FieldName::watch_time, number("1000000000")).bad(Fault::invalid_value, "watchTime").out_of_range);
  EXPECT_FALSE(Item().set(FieldName::watch_time, number("-1")).bad(Fault::invalid_value, "watchTime").out_of_range);
  Item().set(FieldName::watch_time, string("12")).bad(Fault::invalid_value, "watchTime");
}

TEST(Event, KeysInBothSpellings) {
  EXPECT_EQ(find_field("contentId"), 0);
  EXPECT_EQ(find_field("content_id"), 0);
  EXPECT_EQ(find_field("metadata"), 8);
  EXPECT_EQ(find_field("contentid"), -1);
  EXPECT_EQ(find_field(""), -1);
}

// A long hostile value is cut at a character in the message.
TEST(Event, MessagesStayShortAndValidUtf8) {
  std::string hostile;
  for (int i = 0; i < 1000; i++) hostile += "\xC3\xA9";
  for (std::size_t shift = 0; shift < 3; shift++) {
    const std::string text = std::string(shift, 'x') + hostile;
    const ItemFault fault = Item().set(FieldName::user_id, string(text)).bad(Fault::invalid_value, "userId");
    const std::string message = fault.message;
    ASSERT_LT(message.size(), 150u);
    for (std::size_t i = 0; i < message.size(); i++)
      if (static_cast<unsigned char>(message[i]) == 0xC3) {
        ASSERT_EQ(static_cast<unsigned char>(message[i + 1]), 0xA9);
        i++;
      } else {
        ASSERT_LT(static_cast<unsigned char>(message[i]), 0x80);
      }
  }
}

// Where a character ends is for the server to say.
TEST(Event, MessagesAreCutInTheServersEncoding) {
  const std::string text(50, '\xC6');
  EventRow row;
  const Item item = Item().set(FieldName::user_id, string(text));
  for (int kept = 39; kept <= 40; kept++) {
    const ItemFault fault = read_event(item.fields, kNow, kept == 39 ? Clip([](const char*, int, int limit) { return limit - 1; }) : [](const char*, int, int limit) { return limit; }, &row);
    EXPECT_EQ(fault.message, "userId must be a positive integer, not \"" + text.substr(0, static_cast<std::size_t>(kept)) + "...\"");
  }
}

TEST(Event, LabelsRoundTrip) {
  for (int i = 0; i < kEngagements; i++) {
    Engagement type;
    ASSERT_TRUE(find_engagement(engagement_label(static_cast<Engagement>(i)), &type));
    EXPECT_EQ(static_cast<int>(type), i);
  }
}

}  // namespace
}  // namespace ea::core
