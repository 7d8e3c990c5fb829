// What must not be written down: a small part of referrals/records/free_text.py, for when there is no network.
// The server reads every text again, more strictly; what it refuses comes back under „De rezolvat”.

const FREE_LINE = /^(?:0800\d{6}|116\d{3})$/;
const CODES = /\b[A-Z]-[2-9A-HJKMNP-TV-Z]{5}-[2-9A-HJKMNP-TV-Z]{5}\b/g;
const DATES = /\b\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d\b|\b(?:19|20)\d\d-\d\d-\d\d\b/g;

// "mail", "account", "cnp", "phone", or "" where nothing was found.
export function personalData(text) {
  const plain = text.normalize("NFKC").replace(CODES, " ; ");
  if (/[^\s@]+\s?(?:@|\(at\)|\[at\])\s?[^\s@]+\.[a-z]{2,}/i.test(plain)) return "mail";
  if (/\bRO\s?\d\d(?:\s?[A-Z0-9]){20}\b/i.test(plain)) return "account";
  const numbers = plain.replace(DATES, " ; ").match(/\+?\d(?:[\s.\-–/()]{0,3}\d)*/g) ?? [];
  for (const number of numbers) {
    const digits = number.replace(/\D/g, "");
    if (/^[1-9]\d{12}$/.test(digits) || (digits.length > 13 && /^\d+$/.test(number))) return "cnp";
    if (FREE_LINE.test(digits)) continue;
    if (/^(?:00?40|40)?0?[237]\d{8}$/.test(digits) && (digits[0] === "0" || number[0] === "+" || digits.startsWith("40") || digits.length === 9)) return "phone";
    if ((number[0] === "+" || digits.startsWith("00")) && digits.length >= 10) return "phone";
  }
  return "";
}
