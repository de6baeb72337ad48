// Folds one JSON list of changes per line of input; answers with canonical JSON, one line each.
import { createInterface } from "node:readline";
import { answersOf } from "../../../static/js/domain/answers.js";
import { canonical } from "../../../static/js/domain/canonical.js";
import { fold } from "../../../static/js/domain/fold.js";

for await (const line of createInterface({ input: process.stdin })) {
  const state = fold(JSON.parse(line));
  process.stdout.write(`${canonical([state, answersOf(state)])}\n`);
}
