#include <chrono>
#include <stdexcept>
#include <vector>

#include "ways.hpp"

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

// What an app's driver would prepare.
bool is_question(const Statements& statements) {
    return statements.size() == 1 &&
           (statements[0].rfind("SELECT", 0) == 0 || statements[0].rfind("WITH", 0) == 0);
}

}  // namespace

Server::Server() : connection_(PQconnectdb("")) {
    if (PQstatus(connection_) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(connection_));
    PQsetNoticeProcessor(connection_, [](void*, const char*) {}, nullptr);
}

Server::~Server() { PQfinish(connection_); }

Answer Server::taken(PGresult* result) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        PQclear(result);
        throw std::runtime_error(PQerrorMessage(connection_));
    }
    Answer answer(static_cast<std::size_t>(PQntuples(result)));
    for (int row = 0; row < PQntuples(result); ++row)
        for (int field = 0; field < PQnfields(result); ++field)
            answer[static_cast<std::size_t>(row)].emplace_back(
                PQgetisnull(result, row, field) ? "\\N" : PQgetvalue(result, row, field));
    PQclear(result);
    return answer;
}

Answer Server::run(const std::string& statement) {
    return taken(PQexec(connection_, statement.c_str()));
}

Timed Server::ask(const std::string& name, const Statements& statements, const Values& values) {
    if (is_question(statements)) return ask_prepared(name, filled(statements[0], values), values);
    Timed timed;
    for (const std::string& statement : statements) {
        const std::string text = filled(statement, values);
        const auto start = Clock::now();
        PGresult* const result = PQexec(connection_, text.c_str());
        timed.ms += milliseconds_since(start);
        timed.answer = taken(result);
    }
    return timed;
}

Timed Server::ask_prepared(const std::string& name, const std::string& statement, const Values& values) {
    const Parametrised question = parametrised(statement, values);
    if (prepared_.find("/" + name + "/") == std::string::npos) {
        taken(PQprepare(connection_, name.c_str(), question.text.c_str(), 0, nullptr));
        prepared_ += "/" + name + "/";
    }
    std::vector<const char*> parameters;
    for (const std::string& value : question.values) parameters.push_back(value.c_str());
    const auto start = Clock::now();
    PGresult* const result = PQexecPrepared(connection_, name.c_str(), static_cast<int>(parameters.size()),
                                            parameters.data(), nullptr, nullptr, 0);
    const double ms = milliseconds_since(start);
    return {ms, taken(result)};
}

}  // namespace bench
