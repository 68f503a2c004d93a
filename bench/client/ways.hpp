// Who can be asked: a PostgreSQL server over one connection, and DuckDB in a process beside.
#pragma once

#include <libpq-fe.h>
#include <sys/types.h>

#include <cstdio>
#include <string>

#include "answer.hpp"
#include "question.hpp"

namespace bench {

struct Timed {
    double ms = 0;
    Answer answer;
};

class Server {
public:
    Server();  // connects as the PG variables of the environment say
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    Answer run(const std::string& statement);
    // A single SELECT is prepared once under that name and then executed; anything else is sent as it is.
    Timed ask(const std::string& name, const Statements& statements, const Values& values);

private:
    Answer taken(PGresult* result);
    Timed ask_prepared(const std::string& name, const std::string& statement, const Values& values);

    PGconn* connection_;
    std::string prepared_;
};

class DuckDb {
public:
    // The command reads questions and answers them: see bench/duckdb/answer.mjs.
    explicit DuckDb(const std::string& command);
    ~DuckDb();
    DuckDb(const DuckDb&) = delete;
    DuckDb& operator=(const DuckDb&) = delete;

    Timed ask(const Statements& statements, const Values& values);

private:
    std::string line();

    pid_t process_ = 0;
    std::FILE* to_ = nullptr;
    std::FILE* from_ = nullptr;
};

}  // namespace bench
