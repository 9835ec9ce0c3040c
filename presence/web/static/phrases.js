// What scripts say, in the language of the page. Its words came before, as /words.js; the English of it stands here.

const language = document.documentElement.lang || "en";
const words = globalThis.presenceWords ?? {};

const filled = (form, values) => form.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

/** Says a sentence; `{name}` in it is filled in from the values. */
export const phrase = (form, values = {}) => filled(words[form] ?? form, values);

/** Says one of two forms, by a number; it stands in both as `{n}`. */
export function phraseOf(one, many, n, values = {}) {
  const forms = words[one] ?? [one, many];
  const isOne = new Intl.PluralRules(language).select(n) === "one";
  return filled(isOne ? forms[0] : forms.at(-1), { n, ...values });
}

/** How dates and times are written here. */
export const locale = language === "en" ? "en-GB" : language;
