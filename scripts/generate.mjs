/**
 * Writes what is generated from the JSON Schemas: PACKAGE/schema/NAME.schema.json becomes
 * PACKAGE/src/generated/NAME.generated.ts with the type and the schema itself as a constant.
 *
 *   node scripts/generate.mjs            writes the files
 *   node scripts/generate.mjs --check    exits 1 and names the files that are not as they would be written
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compile } from 'json-schema-to-typescript';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const SUFFIX = '.schema.json';
const OPTIONS = { bannerComment: '', ignoreMinAndMaxItems: true, style: { singleQuote: true, printWidth: 120 } };

/** `network-config` -> `networkConfig`. */
function camelCase(name) {
  return name.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function readOrNull(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function schemaFiles(folder) {
  try {
    return readdirSync(folder)
      .filter((file) => file.endsWith(SUFFIX))
      .sort();
  } catch {
    return [];
  }
}

async function generate(workspace, file) {
  const schema = JSON.parse(readFileSync(join(ROOT, workspace, 'schema', file), 'utf8'));
  const name = file.slice(0, -SUFFIX.length);
  const types = await compile(structuredClone(schema), schema.title, OPTIONS);
  const text = [
    `// Generated from schema/${file} by \`npm run generate\`; do not edit.`,
    '',
    types.trim(),
    '',
    `/** The JSON Schema (draft-07) of {@link ${schema.title}}. */`,
    `export const ${camelCase(name)}Schema = ${JSON.stringify(schema, null, 2)} as const;`,
    '',
  ].join('\n');
  return { path: join(workspace, 'src', 'generated', `${name}.generated.ts`), text };
}

const isCheck = process.argv.includes('--check');
for (const workspace of workspaces) {
  for (const file of schemaFiles(join(ROOT, workspace, 'schema'))) {
    const { path, text } = await generate(workspace, file);
    const target = join(ROOT, path);
    if (readOrNull(target) === text) continue;
    console.log(isCheck ? `${path} is stale: npm run generate` : `wrote ${path}`);
    if (isCheck) {
      process.exitCode = 1;
    } else {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
}
