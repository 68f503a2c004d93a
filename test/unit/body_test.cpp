// Request bodies in text: items, faults, metadata, keys that come twice; memory that fails or is large.
#include "core/intake/body.hpp"

#include "core/intake/json_tokens.hpp"
#include "failing_memory.hpp"
#include "support.hpp"

namespace ea::core {
namespace {

constexpr std::int64_t kNow = 800'000'000'000'000;

Reading reading(std::size_t limit, bool utf8 = true, void (*poll)() = [] {}) { return {utf8, limit, kNow, test::clip_utf8, poll}; }

// Keeps the text for as long as what points into it.
struct Read {
  std::string text;
  std::pmr::monotonic_buffer_resource memory{test::memory()};
  Body body;

  explicit Read(std::string_view json, std::size_t limit = 100, bool utf8 = true) : text(json) {
    text.append(kJsonPadding, '"');
    body = read_body(std::string_view(text).substr(0, json.size()), reading(limit, utf8), &memory);
  }
  const EventRow& row(std::size_t i) const {
    EXPECT_EQ(body.items[i].fault, 0U) << (body.items[i].fault ? body.faults[body.items[i].fault - 1].message : "");
    return body.items[i].row;
  }
  std::string fault(std::size_t i) const {
    const std::uint32_t place = body.items[i].fault;
    return place == 0 ? "none" : std::string(fault_code(body.faults[place - 1].fault)) + ": " + body.faults[place - 1].message;
  }
};

TEST(Body, AnArrayOrAnObjectWithOne) {
  for (const char* json : {"[]", " [ ] ", "{\"engagements\":[]}", "{\"a\":{\"engagements\":1},\"engagements\":[],\"b\":[1,{}]}", "{\"engag\\u0065ments\" : [ ] }"}) {
    const Read read(json);
    EXPECT_EQ(read.body.shape, Body::Shape::array) << json;
    EXPECT_EQ(read.body.received, 0U);
  }
  for (const char* json : {"{}", "1", "null", "\"[]\"", "{\"engagements\":{}}", "{\"engagements\":[],\"engagements\":null}", "{\"items\":[]}"})
    EXPECT_EQ(Read(json).body.shape, Body::Shape::no_array) << json;
  EXPECT_EQ(Read("{\"engagements\":null,\"engagements\":[1,2]}").body.received, 2U);
  EXPECT_EQ(Read("{\"engagements\":[1,{}],\"engagements\":[{}]}").body.faults.size(), 1U);
}

TEST(Body, NotJson) {
  const auto at = [](std::string_view json) {
    const Read read(json);
    EXPECT_EQ(read.body.shape, Body::Shape::not_json) << json;
    return read.body.at;
  };
  EXPECT_EQ(at(""), Body::kNowhere);
  EXPECT_EQ(at("  "), Body::kNowhere);
  EXPECT_EQ(at("[\"x]"), Body::kNowhere);
  EXPECT_EQ(at("[1,2"), 4U);
  EXPECT_EQ(at("[1 2]"), 3U);
  EXPECT_EQ(at("[] x"), 3U);
  EXPECT_EQ(at("[1,]"), 3U);
  EXPECT_EQ(at("[{\"a\" 1}]"), 6U);
  EXPECT_EQ(at("[tru\xC3\xA9]"), 1U);
  EXPECT_EQ(at(std::string(100'000, '[')), 100'000U);
  EXPECT_EQ(at(std::string("[1\0]", 4)), 2U);
}

TEST(Body, AnItemWithEveryField) {
  const Read read(R"([{"contentId": "42", "engagement_type": "v\u0069ew", "userId": 7.0, "session_id": 8e0, "watchTime": 15e-1, "completed": true,
    "createdAt": "2000-01-01T00:00:01Z", "eventId": "000102030405060708090a0b0c0d0e0f", "metadata": {"a": [1, "]"]} , "other": [{}]}])");
  const EventRow& row = read.row(0);
  EXPECT_EQ(row.content_id, 42);
  EXPECT_EQ(row.type, Engagement::view);
  EXPECT_EQ(row.user_id, 7);
  EXPECT_EQ(row.session_id, 8);
  EXPECT_EQ(row.watch_time_ms, 1500);
  EXPECT_TRUE(row.completed && row.has_event_id);
  EXPECT_EQ(row.created_at, 1'000'000);
  EXPECT_EQ(row.event_id[15], 15);
  EXPECT_EQ(read.body.items[0].metadata, R"({"a": [1, "]"]})");
  EXPECT_FALSE(read.body.items[0].metadata_is_unusual);
}

TEST(Body, TheLastOfEqualKeysAndTheCamelCaseOne) {
  const auto content = [](const char* keys) { return Read("[{\"engagementType\":\"view\"," + std::string(keys) + "}]"); };
  EXPECT_EQ(content(R"("contentId":1,"contentId":2)").row(0).content_id, 2);
  EXPECT_EQ(content(R"("contentId":1,"content_id":2)").row(0).content_id, 1);
  EXPECT_EQ(content(R"("content_id":2,"contentId":1,"content_id":3)").row(0).content_id, 1);
  EXPECT_EQ(content(R"("content_id":2,"content_id":"3")").row(0).content_id, 3);
  EXPECT_EQ(content(R"("contentId":null,"content_id":2)").fault(0), "missing_field: contentId is missing");
  EXPECT_EQ(content(R"("contentId":1,"contentId":null)").fault(0), "missing_field: contentId is missing");
  EXPECT_TRUE(content(R"("contentId":1,"metadata":{},"metadata":null)").body.items[0].metadata.empty());
  EXPECT_EQ(content(R"("contentId":1,"metadata":null,"metadata": [ ] )").body.items[0].metadata, "[ ]");
}

TEST(Body, OneBadItem) {
  const Read read(R"([{"contentId":1,"engagementType":"view"}, {"contentId":1,"engagementType":"view","metadata":{"q":"\ud83d"}}, 7, {"contentId":1,"engagementType":"view","x":["\u0000"]},
    {"contentId":1e131072}, {"\ud83d":1}, {"contentId":"\u0000","metadata":"\ud83d"}, {"contentId":"a\tb"}, {"contentId":1,"engagementType":"view","watchTime":1e40}])");
  EXPECT_EQ(read.body.received, 9U);
  EXPECT_EQ(read.body.faults.size(), 8U);
  read.row(0);
  EXPECT_EQ(read.fault(1), "invalid_value: metadata holds half of a surrogate pair");
  EXPECT_EQ(read.fault(2), "not_an_object: item is not an object");
  EXPECT_EQ(read.fault(3), "invalid_value: item holds \\u0000, which no text can");
  EXPECT_EQ(read.fault(4), "invalid_value: contentId holds a number that is out of range");
  EXPECT_TRUE(read.body.faults[3].out_of_range);
  EXPECT_EQ(read.fault(5), "invalid_value: item holds half of a surrogate pair");
  EXPECT_EQ(read.fault(6), "invalid_value: contentId holds \\u0000, which no text can");
  EXPECT_EQ(read.fault(7), "invalid_value: contentId must be a positive integer, not \"a\tb\"");
  EXPECT_TRUE(read.body.faults[7].out_of_range);
}

TEST(Body, MoreItemsThanAreKept) {
  std::string json = "[{}";
  for (int i = 1; i < 1000; i++) json += ",1";
  const Read read(json + "]", 10);
  EXPECT_EQ(read.body.received, 1000U);
  EXPECT_EQ(read.body.items.size(), 10U);
  EXPECT_EQ(read.body.faults.size(), 10U);
  EXPECT_EQ(Read(json, 10).body.shape, Body::Shape::not_json);
}

// What lies beyond the limit costs a walk over it: nothing is unescaped, no number written out, no fault noted.
TEST(Body, MoreItemsAreOnlyCounted) {
  const std::string item = R"(,{"contentId":")" + std::string(100'000, 'x') + R"(\n","userId":1e131071,"watchTime":1e131071})";
  std::string text = "[{}";
  for (int i = 0; i < 100; i++) text += item;
  text += ",{\"a\":[1,";
  for (const char* end : {"2]},3]", "2]},3"}) {
    std::string json = text + end;
    const std::size_t size = json.size();
    json.append(kJsonPadding, '1');
    test::Meter meter;
    std::pmr::monotonic_buffer_resource memory(&meter);
    const Body body = read_body(std::string_view(json).substr(0, size), reading(1), &memory);
    EXPECT_EQ(body.shape == Body::Shape::array ? body.received : body.at, end[5] == ']' ? 103U : size);
    EXPECT_LT(meter.peak(), 20'000U);
  }
}

// The server may want to end it: in the middle of items, of one item, and of what is only counted.
TEST(Body, ReadingThatIsEnded) {
  static int polls;
  polls = 0;
  std::string items = "[{}";
  for (int i = 0; i < 5'000; i++) items += ",{\"contentId\":1,\"metadata\":[1]}";
  std::string item = "[{\"metadata\":[1";
  for (int i = 0; i < 50'000; i++) item += ",1";
  for (const std::string& json : {items + "]", item + "]}]"})
    for (const std::size_t limit : {std::size_t{100'000}, std::size_t{1}, std::size_t{0}}) {
      const std::string text = json + std::string(kJsonPadding, ' ');
      const std::string_view view = std::string_view(text).substr(0, json.size());
      test::Meter meter;
      {
        std::pmr::monotonic_buffer_resource memory(&meter);
        polls = 0;
        EXPECT_EQ(read_body(view, reading(limit, true, [] { polls++; }), &memory).shape, Body::Shape::array);
        EXPECT_GT(polls, 5);
        polls = 0;
        EXPECT_THROW(read_body(view, reading(limit, true, [] { if (++polls == 3) throw 57014; }), &memory), int);
        EXPECT_EQ(polls, 3);
      }
      EXPECT_EQ(meter.held(), 0U);
    }
}

// More than the server could take into one array or object, however it is arranged.
TEST(Body, MetadataOfTooManyValues) {
  const auto fault = [](std::size_t values, std::string_view before, std::string_view after) {
    std::string json = "[{\"contentId\":1,\"engagementType\":\"view\",\"metadata\":[";
    for (std::size_t i = 2; i < values; i++) json += "1,";
    const Read read(json + "1]" + std::string(before) + "}" + std::string(after) + "]");
    EXPECT_EQ(read.body.faults.size(), read.body.items[0].fault + (after.empty() ? 0 : 1));
    return read.fault(0);
  };
  EXPECT_EQ(fault(8'388'608, "", ",{}"), "none");
  EXPECT_EQ(fault(8'388'609, "", ",{}"), "invalid_value: metadata holds more than 8388608 values");
  EXPECT_EQ(fault(8'388'609, ",\"metadata\":[]", ""), "none");
  EXPECT_EQ(fault(8'388'609, ",\"userId\":0", ""), "invalid_value: userId must be a positive integer, not 0");
}

TEST(Body, UnusualMetadata) {
  const auto unusual = [](const std::string& metadata, bool utf8 = true) {
    const Read read("[{\"contentId\":1,\"engagementType\":\"view\",\"metadata\":" + metadata + "}]", 100, utf8);
    EXPECT_EQ(read.body.items[0].metadata, metadata);
    return read.body.items[0].metadata_is_unusual;
  };
  EXPECT_FALSE(unusual(std::string(100, '[') + std::string(100, ']')));
  EXPECT_TRUE(unusual(std::string(101, '[') + std::string(101, ']')));
  EXPECT_FALSE(unusual("\"\\u00e9\""));
  EXPECT_TRUE(unusual("\"\\u00e9\"", false));
  EXPECT_FALSE(unusual("\"\\u0065\"", false));
}

// Bytes that are no UTF-8, in a database of another encoding.
TEST(Body, AnyEncodingOfASuperset) {
  const Read read("[{\"contentId\":1,\"engagementType\":\"view\",\"x\":\"\xE9\xFF\x80\",\"metadata\":\"\xE9\"}, {\"contentId\":\"\xE9\\u00e9\"}]", 100, false);
  EXPECT_EQ(read.body.items[0].metadata, "\"\xE9\"");
  EXPECT_EQ(read.fault(1), "invalid_value: contentId must be a positive integer, not \"\xE9?\"");
}

TEST(Body, MemoryThatFails) {
  std::string json = "[";
  for (int i = 0; i < 200; i++) json += R"({"contentId":1e0,"engagementType":"v\u0069ew","metadata":[[{"a":1}]]},{"x":[]},)";
  json += "1]";
  std::string text = json;
  text.append(kJsonPadding, '\0');
  const std::string_view view = std::string_view(text).substr(0, json.size());
  std::size_t n = 0;
  for (;; n++) {
    test::FailingMemory failing(n);
    std::pmr::monotonic_buffer_resource memory(&failing);
    try {
      EXPECT_EQ(read_body(view, reading(1000), &memory).received, 401U);
    } catch (const std::bad_alloc&) {
      EXPECT_TRUE(failing.failed());
      continue;
    }
    break;
  }
  EXPECT_GT(n, 3U);
}

TEST(JsonTokens, LargeAndSmallTextsInTurn) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{2}, std::size_t{300'000}, std::size_t{1}, std::size_t{5'000'000}, std::size_t{64}}) {
    std::string text(size, '[');
    text.append(kJsonPadding, ' ');
    const JsonTokens tokens(std::string_view(text).substr(0, size));
    EXPECT_EQ(tokens.starts().size(), size);
  }
}

}  // namespace
}  // namespace ea::core
