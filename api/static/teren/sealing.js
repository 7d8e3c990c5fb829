// Keys and sealed records: AES-256-GCM under a random key, which a passphrase wraps (PBKDF2-SHA-256).

export const ROUNDS = 600_000;
const subtle = crypto.subtle;
const TEXT = new TextEncoder();

export const random = (count) => crypto.getRandomValues(new Uint8Array(count));

export async function derive(passphrase, salt, rounds, bits = 256) {
  const typed = await subtle.importKey("raw", TEXT.encode(passphrase), "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: rounds }, typed, bits));
}

export const aesKey = (raw) => subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]);

export async function encrypt(key, iv, bytes, bound = "") {
  return new Uint8Array(await subtle.encrypt({ name: "AES-GCM", iv, additionalData: asBytes(bound) }, key, bytes));
}

export async function decrypt(key, iv, bytes, bound = "") {
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv, additionalData: asBytes(bound) }, key, bytes));
}

const asBytes = (bound) => (typeof bound === "string" ? TEXT.encode(bound) : bound);

// bound: what the record is bound to, so that one cannot stand in the place of another.
export async function seal(key, value, bound) {
  const iv = random(12);
  return { iv, data: await encrypt(key, iv, TEXT.encode(JSON.stringify(value)), bound) };
}

export async function unseal(key, sealed, bound) {
  return JSON.parse(new TextDecoder().decode(await decrypt(key, sealed.iv, sealed.data, bound)));
}

// Of one secret the two keys that are used: one seals records, one names them so that no code can be read.
export async function keysOf(secret) {
  const whole = await subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const from = (info) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: TEXT.encode(info) });
  return {
    records: await subtle.deriveKey(from("teren records"), whole, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]),
    names: await subtle.deriveKey(from("teren names"), whole, { name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"]),
  };
}

export async function nameOf(key, text) {
  return base64(new Uint8Array(await subtle.sign("HMAC", key, TEXT.encode(text))).slice(0, 16));
}

export async function digestOf(text) {
  return base64(new Uint8Array(await subtle.digest("SHA-256", TEXT.encode(text))).slice(0, 12));
}

export const base64 = (bytes) => btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
export const fromBase64 = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

// Four words of five letters that can be read aloud (proquints): 64 bits, where a PIN of six digits has 20.
export function newPassphrase() {
  const consonants = "bdfghjklmnprstvz", vowels = "aiou";
  const word = (number) => consonants[number >> 12] + vowels[(number >> 10) & 3] + consonants[(number >> 6) & 15]
    + vowels[(number >> 4) & 3] + consonants[number & 15];
  return [...new Uint16Array(random(8).buffer)].map(word).join(" ");
}

// As it is typed: capitals, signs between the words and blanks make no difference.
export const tidyPassphrase = (text) => text.normalize("NFKC").toLowerCase().replace(/[\s.,;_-]+/g, " ").trim();
