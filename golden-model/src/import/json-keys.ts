/** Index behind the closing quote of the string that opens at `start`. A loop: long strings overflow a regex. */
function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
  return i + 1;
}

/** Whether the next character from `start` that is no white space is a colon. */
function isKeyBefore(json: string, start: number): boolean {
  let i = start;
  while (json[i] === ' ' || json[i] === '\n' || json[i] === '\r' || json[i] === '\t') i++;
  return json[i] === ':';
}

/**
 * The first key that an object of `json` has twice, or null. JSON.parse would keep the last one without a word, which
 * hides a broken file. `json` must be valid JSON.
 */
export function findDuplicateKey(json: string): string | null {
  const openObjects: Set<string>[] = [];
  for (let i = 0; i < json.length; i++) {
    if (json[i] === '{') openObjects.push(new Set());
    if (json[i] === '}') openObjects.pop();
    if (json[i] !== '"') continue;
    const end = endOfString(json, i);
    if (isKeyBefore(json, end)) {
      const key: string = JSON.parse(json.slice(i, end));
      const keys = openObjects.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
    i = end - 1;
  }
  return null;
}
