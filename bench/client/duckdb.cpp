#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "ways.hpp"

namespace bench {

DuckDb::DuckDb(const std::string& command) {
    int question[2];
    int reply[2];
    if (pipe2(question, O_CLOEXEC) != 0 || pipe2(reply, O_CLOEXEC) != 0)
        throw std::runtime_error(std::string("no pipe: ") + std::strerror(errno));
    std::signal(SIGPIPE, SIG_IGN);
    process_ = fork();
    if (process_ < 0) throw std::runtime_error(std::string("no process: ") + std::strerror(errno));
    if (process_ == 0) {
        dup2(question[0], STDIN_FILENO);
        dup2(reply[1], STDOUT_FILENO);
        execl("/bin/sh", "sh", "-c", ("exec " + command).c_str(), nullptr);
        _exit(127);
    }
    close(question[0]);
    close(reply[1]);
    to_ = fdopen(question[1], "w");
    from_ = fdopen(reply[0], "r");
}

DuckDb::~DuckDb() {
    std::fclose(to_);
    std::fclose(from_);
    waitpid(process_, nullptr, 0);
}

std::string DuckDb::line() {
    std::string text;
    for (int c; (c = std::fgetc(from_)) != '\n'; text += static_cast<char>(c))
        if (c == EOF) throw std::runtime_error("DuckDB has stopped");
    return text;
}

// One line to it, the statement and its parameters between tabs; back come "ok MS ROWS" and the rows.
Timed DuckDb::ask(const Statements& statements, const Values& values) {
    if (statements.size() != 1) throw std::runtime_error("DuckDB is asked one statement at a time");
    const Parametrised question = parametrised(filled(statements[0], values), values);
    std::fputs(question.text.c_str(), to_);
    for (const std::string& value : question.values) std::fprintf(to_, "\t%s", value.c_str());
    std::fputc('\n', to_);
    std::fflush(to_);

    const std::string head = line();
    std::istringstream words(head);
    std::string verdict;
    Timed timed;
    std::size_t rows = 0;
    if (!(words >> verdict >> timed.ms >> rows) || verdict != "ok") throw std::runtime_error("DuckDB: " + head);
    for (std::size_t i = 0; i < rows; ++i) {
        std::istringstream fields(line());
        timed.answer.emplace_back();
        for (std::string field; std::getline(fields, field, '\t');) timed.answer.back().push_back(field);
    }
    return timed;
}

}  // namespace bench
