// Folds the changes of a schedule in each replica's order of arrival; answers with the SHA-256
// of what each comes to. Input: {"lines": [line, …], "orders": [[index, …], …]}, one per line.
// With --wrong it believes the clock: the planted mistake that the comparison must find.
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
import { answersOf } from "../../../static/js/domain/answers.js";
import { canonical } from "../../../static/js/domain/canonical.js";
import { fold } from "../../../static/js/domain/fold.js";

const wrong = process.argv.includes("--wrong");

/** @param {any[]} changes only the latest by its device's clock may supersede */
const byClock = (changes) => {
  const latest = changes.reduce((a, b) => (a.made_at < b.made_at ? b : a), changes[0]);
  return changes.map((one) => (one === latest ? one : { ...one, supersedes: [] }));
};

for await (const text of createInterface({ input: process.stdin })) {
  const { lines, orders } = JSON.parse(text);
  const changes = lines.map((/** @type {string} */ line) => JSON.parse(line));
  const said = orders.map((/** @type {number[]} */ order) => {
    const arrived = order.map((at) => changes[at]);
    const state = fold(wrong ? byClock(arrived) : arrived);
    return createHash("sha256")
      .update(canonical([state, answersOf(state)]))
      .digest("hex");
  });
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
