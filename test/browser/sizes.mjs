// Prints what our script and those of trackers cost a page, as a table for docs/browser.md. The others come from their
// npm packages, of the versions named here, minified where they are not.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const root = new URL('../..', import.meta.url).pathname;
const work = mkdtempSync(join(tmpdir(), 'lobby-sizes-'));
const run = (program, ...args) => execFileSync(program, args, { cwd: work, stdio: ['ignore', 'pipe', 'ignore'] });

// The name, the package and its version, the file in it.
const others = [
  ['Plausible', '@plausible-analytics/tracker@0.4.6', 'plausible.js'],
  ['Umami', 'umami@2.10.0', 'src/tracker/index.js'],
  ['PostHog, loader and core', 'posthog-js@1.449.2', 'dist/array.js'],
  ['PostHog, everything', 'posthog-js@1.449.2', 'dist/array.full.js'],
];

function fetched(name, file) {
  const tarball = run('npm', 'pack', '--silent', name).toString().trim().split('\n').pop();
  run('tar', 'xzf', tarball);
  const esbuild = ['tool', `-modfile=${root}tools/go.mod`, 'esbuild'];
  return execFileSync('go', [...esbuild, join(work, 'package', file), '--bundle', '--minify', '--format=iife', '--log-level=error'], {
    cwd: root,
    maxBuffer: 1 << 25,
  });
}

function row(name, of, script) {
  const kb = (bytes) => (bytes / 1000).toFixed(1);
  console.log(`| ${name} | ${of} | ${kb(script.length)} | ${kb(gzipSync(script, { level: 9 }).length)} | ${kb(brotliCompressSync(script).length)} |`);
}

try {
  console.log('| script | from | minified, kB | gzip | brotli |\n|---|---|---|---|---|');
  row('**Lobby**', 'web/messenger', readFileSync(root + 'web/messenger/dist/messenger.js'));
  row('Lobby, the form, where one is shown', 'web/messenger', readFileSync(root + 'web/messenger/dist/form.js'));
  for (const [name, of, file] of others) row(name, of, fetched(of, file));
} finally {
  rmSync(work, { recursive: true });
}
