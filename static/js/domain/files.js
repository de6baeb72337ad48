// Documents, videos and links as evidence: which there are, and what they may be called. Pure.
// The twin of app/evidence/rules/files.py; tests/cases/evidence/ holds both to the same truth.

const OFFICE = "application/vnd.openxmlformats-officedocument.";
const ODF = "application/vnd.oasis.opendocument.";

/** The media type of each ending that is taken. @type {Record<string, string>} */
export const TYPES = {
  pdf: "application/pdf",
  docx: `${OFFICE}wordprocessingml.document`,
  xlsx: `${OFFICE}spreadsheetml.sheet`,
  pptx: `${OFFICE}presentationml.presentation`,
  odt: `${ODF}text`,
  ods: `${ODF}spreadsheet`,
  odp: `${ODF}presentation`,
  txt: "text/plain",
  csv: "text/csv",
  mp4: "video/mp4",
  m4v: "video/mp4",
  mov: "video/quicktime",
  "3gp": "video/3gpp",
  webm: "video/webm",
};

/** Kinds of change whose values name bytes. @param {string} kind */
export const withBytes = (kind) => kind === "photo" || kind === "attachment";

/** Kinds that name, by its change, what was brought to a criterion. @param {string} kind */
export const aboutBrought = (kind) =>
  kind === "caption" || /^(photo|attachment|link)-removed$/.test(kind);

/** @param {string} type */
export const isVideo = (type) => type.startsWith("video/");

/** What a file is taken as, by the ending of its name; null where it is not taken. @param {string} name */
export const typeOf = (name) => {
  const ending = name.match(/\.([^.]+)$/)?.[1].toLowerCase() ?? "";
  return Object.hasOwn(TYPES, ending) ? TYPES[ending] : null;
};

// No path, nothing a disk takes otherwise, nothing that turns the direction of text.
const BAD = /[/\\:*?"<>|]|\p{Cc}|\p{Cf}/gu;
const MOST_NAME = 200;

/** @param {string} name @param {string} type */
export const nameFits = (name, type) => {
  const dot = name.lastIndexOf(".");
  return (
    dot >= 0 &&
    /[^ .]/.test(name.slice(0, dot)) &&
    name === name.trim() &&
    !name.startsWith(".") &&
    name.search(BAD) < 0 &&
    typeOf(name) === type
  );
};

/** The name a file is kept under: as its person sees it, without what no name may hold. @param {string} name */
export const cleanName = (name) => {
  const [, stem = name, ending = ""] = name.match(/^(.*)\.([^.]*)$/s) ?? [];
  const clean = stem
    .normalize("NFC")
    .replace(BAD, "_")
    .replace(/^[\s.]+|\s+$/g, "");
  const short = [...clean]
    .slice(0, MOST_NAME - ending.length - 1)
    .join("")
    .trim();
  return `${/[^ .]/.test(short) ? short : "file"}.${ending.toLowerCase()}`;
};

const URL_SHAPE = /^https?:\/\/[A-Za-z0-9._-]+(:[0-9]{1,5})?([/?#][!#-;=?-[\]-~]*)?$/;

/** @param {string} url */
export const linkFits = (url) => URL_SHAPE.test(url) && url.length <= 2000;

/**
 * A link as somebody typed it, made whole: `https://` where they left it out, Thai as the web writes it.
 * @param {string} typed @returns {string | null} null where it is no link
 */
export const linkOf = (typed) => {
  const text = typed.trim();
  try {
    const { href } = new URL(/^[a-z][a-z0-9+.-]*:/i.test(text) ? text : `https://${text}`);
    return linkFits(href) ? href : null;
  } catch {
    return null;
  }
};

/** The name of the website a link leads to. @param {string} url */
export const hostOf = (url) => url.split("//")[1]?.split(/[/?#]/)[0] ?? "";
