#include "question.hpp"

#include <cctype>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace bench {

namespace {

const std::string& value_of(const std::string& name, const Values& values) {
    const auto found = values.find(name);
    if (found == values.end()) throw std::runtime_error("nobody gave a value for " + name);
    return found->second;
}

bool in_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// The lists that the SQL below a heading belongs to.
std::vector<Statements*> opened(Question& question, const std::string& heading) {
    std::istringstream words(heading.substr(3));
    std::string verb;
    words >> verb;
    if (verb == "rounds") words >> question.rounds;
    if (verb == "rounds") return {};
    if (verb == "wal") question.wal = true;
    if (verb == "wal") return {};
    if (verb == "setup") return {&question.setup};
    if (verb == "check") return {&question.check};
    if (verb == "after") return {&question.after};
    if (verb != "before" && verb != "ask") throw std::runtime_error("unknown heading " + heading);
    std::vector<Statements*> lists;
    for (std::string way; words >> way;)
        lists.push_back(verb == "ask" ? &question.ask[way] : &question.before[way]);
    return lists;
}

}  // namespace

Question read_question(const std::string& path) {
    std::ifstream file(path);
    if (!file) throw std::runtime_error("cannot read " + path);
    Question question;
    std::vector<Statements*> lists;
    std::string statement;
    for (std::string line; std::getline(file, line);) {
        if (line.rfind("--@", 0) == 0) {
            lists = opened(question, line);
            continue;
        }
        if (line.empty() || line.rfind("--", 0) == 0) continue;
        statement += (statement.empty() ? "" : " ") + line;
        if (line.back() != ';') continue;
        statement.pop_back();
        for (Statements* const list : lists) list->push_back(statement);
        statement.clear();
    }
    if (!statement.empty()) throw std::runtime_error(path + " ends inside a statement");
    return question;
}

std::string filled(const std::string& text, const Values& values) {
    std::string result;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const std::size_t end = text[at] == '{' ? text.find('}', at) : std::string::npos;
        if (end == std::string::npos) {
            result += text[at];
            continue;
        }
        result += value_of(text.substr(at + 1, end - at - 1), values);
        at = end;
    }
    return result;
}

Parametrised parametrised(const std::string& text, const Values& values) {
    Parametrised result;
    std::map<std::string, std::size_t> numbers;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool begins = text[at] == ':' && at + 1 < text.size() &&
                            std::isalpha(static_cast<unsigned char>(text[at + 1])) &&
                            (at == 0 || text[at - 1] != ':');
        if (!begins) {
            result.text += text[at];
            continue;
        }
        std::size_t end = at + 1;
        while (end < text.size() && in_name(text[end])) ++end;
        const std::string name = text.substr(at + 1, end - at - 1);
        const auto [entry, is_new] = numbers.emplace(name, numbers.size() + 1);
        if (is_new) result.values.push_back(value_of(name, values));
        result.text += "$" + std::to_string(entry->second);
        at = end - 1;
    }
    return result;
}

}  // namespace bench
