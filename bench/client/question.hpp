// A question file: SQL under lines that begin with --@ and say what it is for.
//
//   --@setup           once, before the first turn, not timed
//   --@before WAY      before each turn of that way, not timed
//   --@ask WAY...      what is timed
//   --@check           after each round, not timed: must answer t
//   --@after           once, after the last turn, not timed
//   --@rounds N        at most so many rounds
//   --@wal             count the WAL of what is timed, too
//
// {name} stands for text, :name for a parameter; both are given on the command line. Statements end with a
// semicolon at the end of a line.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace bench {

using Values = std::map<std::string, std::string>;
using Statements = std::vector<std::string>;

struct Question {
    Statements setup;
    std::map<std::string, Statements> before;
    std::map<std::string, Statements> ask;
    Statements check;
    Statements after;
    int rounds = 1000;
    bool wal = false;
};

Question read_question(const std::string& path);

// Puts values in the place of {name}.
std::string filled(const std::string& text, const Values& values);

// A statement with $1, $2 ... in the place of :name, and the values they stand for.
struct Parametrised {
    std::string text;
    std::vector<std::string> values;
};
Parametrised parametrised(const std::string& text, const Values& values);

}  // namespace bench
