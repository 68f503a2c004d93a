#include "batches.hpp"

#include <cstdio>

namespace feed {

namespace {

constexpr std::size_t remembered_bodies = 8;
constexpr std::size_t remembered_items = 200;

std::string id_text(std::uint64_t id, bool as_string) {
    const std::string digits = std::to_string(id);
    return as_string ? "\"" + digits + "\"" : digits;
}

// Seconds with up to three decimals, as a player would report them.
std::string seconds_text(std::uint32_t ms) {
    std::string text = std::to_string(ms / 1000);
    if (ms % 1000 == 0) return text;
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03u", ms % 1000);
    text += fraction;
    while (text.back() == '0') text.pop_back();
    return text;
}

}  // namespace

std::string make_uuid(Prng& random) {
    std::uint64_t high = random.next();
    std::uint64_t low = random.next();
    high = (high & ~0xf000ULL) | 0x4000ULL;                           // version 4
    low = (low & 0x3fffffffffffffffULL) | 0x8000000000000000ULL;      // variant 1
    constexpr char digits[] = "0123456789abcdef";
    std::string text(36, '-');
    std::size_t at = 0;
    for (int nibble = 0; nibble < 32; ++nibble) {
        if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
        std::uint64_t& word = nibble < 16 ? high : low;
        text[at++] = digits[word >> 60];
        word <<= 4;
    }
    return text;
}

Batches::Batches(const std::string& path, std::uint64_t seed)
    : file_(path), random_(mix(seed ^ 0x62617463686573ULL)) {
    start_body();
}

void Batches::start_body() {
    items_.clear();
    size_ = 20 + random_.below(31);
    with_event_ids_ = !random_.chance(0.08);
}

std::string Batches::item_of(const Event& event) {
    const bool snake = random_.chance(0.06);
    const bool strings = random_.chance(0.08);
    const auto key = [snake](const char* camel, const char* lower) {
        return std::string(",\"") + (snake ? lower : camel) + "\":";
    };
    std::string item = "{\"" + std::string(snake ? "content_id" : "contentId") +
                       "\":" + id_text(event.content_id, strings);
    item += key("engagementType", "engagement_type") + "\"" + name_of(event.type) + "\"";
    // Most clients name the user; for the others the session knows.
    if (event.user && (!event.session || !random_.chance(0.07)))
        item += key("userId", "user_id") + id_text(event.user, strings);
    if (event.session) item += key("sessionId", "session_id") + id_text(event.session, strings);
    if (event.type == Type::view) {
        item += key("watchTime", "watch_time") + seconds_text(event.watch_ms);
        item += std::string(",\"completed\":") + (event.completed ? "true" : "false");
    }
    item += key("createdAt", "created_at") + "\"" + std::string(time_.format(event.at_ms)) + "\"";
    if (with_event_ids_) item += key("eventId", "event_id") + "\"" + make_uuid(random_) + "\"";
    if (random_.chance(0.12))
        item += ",\"metadata\":{\"feed\":\"for_you\",\"position\":" + std::to_string(event.position) + "}";
    if (random_.chance(0.02)) item += ",\"sdk\":\"3.1\"";  // a key nobody asked for
    return item + "}";
}

// Every kind of bad item in turn.
std::string Batches::mistake(const Event& event) {
    const std::string content = std::to_string(event.content_id);
    const std::string at = ",\"createdAt\":\"" + std::string(time_.format(event.at_ms)) + "\"";
    const std::string tail = at + ",\"eventId\":\"" + make_uuid(random_) + "\"}";
    switch (mistakes_++ % 10) {
        case 0: return "{\"contentId\":999999999,\"engagementType\":\"view\",\"watchTime\":4.2" + tail;
        case 1: return "{\"engagementType\":\"view\",\"watchTime\":7" + tail;
        case 2: return "{\"contentId\":" + content + ",\"engagementType\":\"view\",\"watchTime\":-3.5" + tail;
        case 3: return "{\"contentId\":" + content + ",\"engagementType\":\"applause\"" + tail;
        case 4: return "{\"contentId\":" + content +
                       ",\"engagementType\":\"view\",\"watchTime\":9,\"createdAt\":\"the day before yesterday\"}";
        case 5: return "{\"contentId\":" + content +
                       ",\"engagementType\":\"view\",\"watchTime\":9,\"createdAt\":\"2999-01-01T00:00:00Z\"}";
        case 6: return random_.chance(0.5) ? "\"view\"" : "17";
        case 7: return "{\"contentId\":" + content + ",\"engagementType\":\"save\",\"sessionId\":888888888" + tail;
        case 8: return "{\"contentId\":\"twelve\",\"engagementType\":\"click\"" + tail;
        default: return "{\"contentId\":" + content + tail;
    }
}

void Batches::add(const Event& event) {
    std::string item = item_of(event);
    if (with_event_ids_) {
        if (repeatable_.size() == remembered_items) repeatable_.erase(repeatable_.begin());
        repeatable_.push_back(item);
    }
    add_item(std::move(item));
    // Some players report the end of a video twice.
    if (event.type == Type::view && event.completed && event.session && random_.chance(0.05)) {
        Event end = event;
        end.type = Type::complete;
        end.at_ms += 25;
        end.watch_ms = 0;
        end.completed = false;
        add_item(item_of(end));
    }
    if (random_.chance(0.012)) add_item(mistake(event));
    if (!repeatable_.empty() && random_.chance(0.012))
        add_item(repeatable_[random_.below(repeatable_.size())]);
}

void Batches::add_item(std::string item) {
    items_.push_back(std::move(item));
    if (items_.size() >= size_) send_body();
}

void Batches::send_body() {
    if (items_.empty()) return;
    Body body;
    body.repeatable = with_event_ids_;
    body.text = "{\"engagements\":[";
    for (std::size_t i = 0; i < items_.size(); ++i) {
        if (i) body.text += ',';
        body.text += items_[i];
    }
    body.text += "]}";
    file_ << body.text << '\n';
    if (sent_.size() == remembered_bodies) sent_.erase(sent_.begin());
    sent_.push_back(std::move(body));
    // No answer in time: the client sends the same body again.
    const Body& again = sent_[random_.below(sent_.size())];
    if (again.repeatable && random_.chance(0.06)) file_ << again.text << '\n';
    start_body();
}

void Batches::close() {
    send_body();
    file_.close();
}

}  // namespace feed
