import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  cleanName,
  hostOf,
  linkFits,
  linkOf,
  nameFits,
  typeOf,
} from "../../static/js/domain/files.js";

const read = (/** @type {string} */ name) =>
  JSON.parse(readFileSync(new URL(`../cases/evidence/${name}`, import.meta.url), "utf8"));

test("a name is a name and has the ending of its type, as the server says", () => {
  for (const [name, type, fits] of read("names.json"))
    assert.equal(nameFits(name, type), fits, name);
});

test("a link is an address of a website, as the server says", () => {
  for (const [url, host] of read("links.json")) {
    assert.equal(linkFits(url), host !== null, url);
    if (host) assert.equal(hostOf(url), host);
  }
});

test("whatever a file is called, the name it is kept under fits", () => {
  const odd = ["../../a.pdf", "a\u202efdp.PDF", " .pdf", "....pdf", "ก:ข.pdf", "a\u0000.pdf"];
  for (const name of [...odd, `${"ก".repeat(400)}.pdf`, "e\u0301.pdf"]) {
    const clean = cleanName(name);
    assert.equal(nameFits(clean, "application/pdf"), true, JSON.stringify([name, clean]));
    assert.ok([...clean].length <= 200);
    assert.equal(clean, clean.normalize("NFC"));
  }
  assert.equal(cleanName("คำสั่งแต่งตั้ง ๑.PDF"), "คำสั่งแต่งตั้ง ๑.pdf");
});

test("what is not taken has no type", () => {
  for (const name of ["a.exe", "a.docm", "a", "pdf", "a.pdf.exe", "constructor", "a.toString"])
    assert.equal(typeOf(name), null, name);
  assert.equal(typeOf("a.MOV"), "video/quicktime");
});

test("a link that was typed is made whole, and nothing else is made a link", () => {
  assert.equal(linkOf(" example.go.th/ก "), "https://example.go.th/%E0%B8%81");
  assert.equal(linkOf("HTTP://Example.go.th"), "http://example.go.th/");
  assert.match(linkOf("https://เว็บ.ไทย/") ?? "", /^https:\/\/xn--[a-z0-9-]+\.xn--o3cw4h\/$/);
  for (const typed of [
    "",
    "   ",
    "javascript:alert(1)",
    "data:text/html,x",
    "https://a@b.th/",
    "ftp://a.th/",
  ])
    assert.equal(linkOf(typed), null, typed);
});
