import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { keepTasks, tasksOf } from "../../static/js/sync/tasks.js";
import { AUDIT, Phone } from "./support/device.mjs";

let phone = new Phone();
/** @type {import("../../static/js/vault/vault.js").Vault} */
let vault;
const task = {
  id: "1",
  criterion: "P01",
  what: "ติดป้าย",
  due: "2026-12-15",
  who: { th: "ก", en: "A" },
  state: "open",
};

beforeEach(async () => {
  phone = new Phone();
  vault = await phone.tab();
});
afterEach(() => phone.off());

test("tasks outlive the page and are written once", async () => {
  await keepTasks(vault, AUDIT, { tasks: [task] });
  assert.deepEqual(tasksOf(vault, AUDIT, "P01"), [task]);
  assert.deepEqual(tasksOf(vault, AUDIT, "P02"), []);
  let written = 0;
  vault.addEventListener("records", () => {
    written += 1;
  });
  await keepTasks(vault, AUDIT, { tasks: [{ ...task }] });
  assert.equal(written, 0);
  const again = await phone.tab();
  assert.deepEqual(tasksOf(again, AUDIT, "P01"), [task]);
});

test("a server that says nothing of tasks takes none away, one that says none does", async () => {
  await keepTasks(vault, AUDIT, { tasks: [task] });
  await keepTasks(vault, AUDIT, {});
  assert.equal(tasksOf(vault, AUDIT, "P01").length, 1);
  await keepTasks(vault, AUDIT, { tasks: [] });
  assert.deepEqual(tasksOf(vault, AUDIT, "P01"), []);
});

test("nothing is written where there has never been a task", async () => {
  await keepTasks(vault, AUDIT, { tasks: [] });
  assert.equal(vault.record(`tasks:${AUDIT}`), undefined);
});
