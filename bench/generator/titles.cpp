// Titles, categories and tags of videos.
#include <array>
#include <string_view>

#include "world.hpp"

namespace feed {

const std::vector<Market>& markets() {
    static const std::vector<Market> all = {
        {"AE", "Dubai", "Dubai", "ar",
         {"Al Barsha", "Dubai Marina", "Palm Jumeirah", "Business Bay", "Jumeirah Village Circle",
          "Arabian Ranches", "Downtown", "Emirates Hills"}, 30},
        {"AE", "Abu Dhabi", "Abu Dhabi", "ar",
         {"Yas Island", "Al Reem Island", "Saadiyat Island", "Khalifa City"}, 12},
        {"SA", "Riyadh", "Riyadh", "ar", {"Al Olaya", "Al Malqa", "Diriyah"}, 9},
        {"EG", "Cairo", "Cairo", "ar", {"New Cairo", "Zamalek", "Sheikh Zayed"}, 8},
        {"IN", "Maharashtra", "Mumbai", "hi", {"Bandra West", "Powai", "Worli"}, 9},
        {"GB", "England", "London", "en", {"Canary Wharf", "Battersea", "Hackney"}, 8},
        {"TR", "İstanbul", "İstanbul", "tr", {"Kadıköy", "Beşiktaş", "Üsküdar"}, 7},
        {"ES", "Andalucía", "Málaga", "es", {"Marbella", "El Limonar", "Pedregalejo"}, 6},
        {"DE", "Berlin", "Berlin", "de", {"Prenzlauer Berg", "Köpenick", "Schöneberg"}, 5},
        {"BR", "São Paulo", "São Paulo", "pt", {"Vila Mariana", "Jardim Europa", "Itaim Bibi"}, 4},
        {"CN", "Guangdong", "Shenzhen", "zh", {"Nanshan", "Futian"}, 2},
    };
    return all;
}

unsigned market_of(std::uint64_t random) {
    unsigned rest = static_cast<unsigned>(random % 100);
    const auto& all = markets();
    for (unsigned i = 0; i < all.size(); ++i) {
        if (rest < all[i].weight) return i;
        rest -= all[i].weight;
    }
    return 0;
}

namespace {

using Words = std::vector<std::string_view>;

const std::array<const char*, 8> categories = {"villa",     "apartment", "penthouse", "townhouse",
                                               "studio",    "off_plan",  "office",    "land"};
const std::array<std::string_view, 8> nouns = {"villa",  "apartment",      "penthouse", "townhouse",
                                               "studio", "off-plan home",  "office",    "plot"};
const Words features = {"pool", "private garden", "sea view", "rooftop terrace", "home cinema",
                        "maid's room", "walk-in wardrobe", "skyline view", "covered parking",
                        "floor-to-ceiling windows"};
const Words office_features = {"meeting rooms", "skyline view", "covered parking", "own reception"};
const Words land_features = {"sea frontage", "building permit", "road access", "mountain view"};
const Words tags = {"pool", "garden", "sea_view", "rooftop", "cinema", "family", "luxury",
                    "skyline", "parking", "bright"};
const Words adjectives = {"Bright", "Quiet", "Spacious", "Renovated", "Corner", "Furnished",
                          "Brand-new", "Family"};
const Words projects = {"The Orchard", "Marina Heights", "Palm Grove Residences", "Sunrise Towers",
                        "Canal Walk", "Olive Gardens"};

// Titles in the language of the market: {n} is the number of rooms, {a} the area.
const std::vector<std::pair<std::string_view, Words>> local_titles = {
    {"ar", {"فيلا {n} غرف مع مسبح في {a}", "شقة فاخرة بإطلالة بحرية، {a}"}},
    {"tr", {"{a}'de {n}+1 daire, deniz manzaralı", "{a}: bahçeli müstakil ev"}},
    {"es", {"Ático de {n} habitaciones en {a}", "Casa con jardín y piscina, {a}"}},
    {"de", {"{n}-Zimmer-Altbau mit Balkon, {a}", "Ruhige Wohnung für Familien in {a}"}},
    {"pt", {"Cobertura com {n} suítes em {a}", "Apartamento à venda, {a}"}},
    {"hi", {"{a} में {n} कमरों का फ्लैट"}},
    {"zh", {"{a} {n}室公寓，带阳台", "{a} 海景房"}},
};

std::string fill(std::string_view pattern, unsigned rooms, std::string_view area) {
    std::string text;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const std::string_view three = pattern.substr(i, 3);
        if (three == "{n}") text += std::to_string(rooms), i += 2;
        else if (three == "{a}") text += area, i += 2;
        else text += pattern[i];
    }
    return text;
}

std::string english(Prng& random, unsigned category, unsigned rooms, const Market& market,
                    std::string_view area) {
    const std::string noun(nouns[category]);
    const Words& words = category == 6 ? office_features : category == 7 ? land_features : features;
    const std::string feature(words[random.below(words.size())]);
    const std::string adjective(category == 7 ? "Corner" : adjectives[random.below(adjectives.size())]);
    const std::string place(area);
    const bool has_rooms = category < 4;
    switch (random.below(6)) {
        case 0:
        case 1:
            return (has_rooms ? std::to_string(rooms) + "-bed " : adjective + " ") + noun +
                   " with " + feature + ", " + place;
        case 2: return adjective + " " + noun + " in " + place + ", " + market.city;
        case 3:
            return category == 5 ? "Launch day: " + std::string(projects[random.below(6)]) + ", " + place
                                 : "Inside a \"" + feature + "\" " + noun + " in " + place;
        case 4: return "Tour: " + noun + " with " + feature + " in " + place;
        default: return "Why buyers pick " + place + " (" + noun + ", 60 seconds)";
    }
}

}  // namespace

Text describe(const Video& video) {
    Prng random(video.random);
    const Market& market = markets()[video.market];
    const std::string_view area = market.areas[video.area];
    const auto category = static_cast<unsigned>(random.below(20));
    const unsigned kind = category < 6 ? 1 : category < 10 ? 0 : category < 18 ? category - 10 : 5;
    const auto rooms = static_cast<unsigned>(1 + random.below(kind == 0 ? 6 : 4));
    Text text{"", categories[kind], ""};
    if (random.chance(0.10))
        for (const auto& [language, patterns] : local_titles)
            if (language == market.language)
                text.title = fill(patterns[random.below(patterns.size())], rooms, area);
    if (text.title.empty()) text.title = english(random, kind, rooms, market, area);
    const std::uint64_t first = random.below(tags.size());
    text.tags = "{" + std::string(tags[first]);
    if (random.chance(0.7))
        text.tags += "," + std::string(tags[(first + 1 + random.below(tags.size() - 1)) % tags.size()]);
    text.tags += "}";
    return text;
}

}  // namespace feed
