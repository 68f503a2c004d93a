// Answers questions about a DuckDB file: node answer.mjs FILE. A question is a line of standard input, the
// statement and its parameters between tabs; the answer "ok MS ROWS" and a line for each row, or an error.
import { createInterface } from "node:readline";
import { DuckDBInstance } from "@duckdb/node-api";

const instance = await DuckDBInstance.create(process.argv[2], { access_mode: "READ_ONLY" });
const connection = await instance.connect();
await connection.run("SET TimeZone = 'UTC'");

const prepared = new Map();
const prepare = async (statement) => {
  if (!prepared.has(statement)) prepared.set(statement, await connection.prepare(statement));
  return prepared.get(statement);
};
const text = (value) => (value === null ? "\\N" : String(value));

for await (const line of createInterface({ input: process.stdin })) {
  try {
    const [statement, ...parameters] = line.split("\t");
    const question = await prepare(statement);
    const since = performance.now();
    parameters.forEach((parameter, i) => question.bindVarchar(i + 1, parameter));
    const rows = (await question.runAndReadAll()).getRows();
    const ms = performance.now() - since;
    const lines = [`ok ${ms.toFixed(4)} ${rows.length}`, ...rows.map((row) => row.map(text).join("\t"))];
    process.stdout.write(lines.join("\n") + "\n");
  } catch (error) {
    process.stdout.write("error " + String(error.message).replaceAll("\n", " ") + "\n");
  }
}
