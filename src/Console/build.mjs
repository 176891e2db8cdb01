// Makes dist of the sources, the same for the same sources: `node build.mjs`, `--watch` while working, `--tests` runs the tests.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { context, build } from "esbuild";

const here = import.meta.dirname;
const dist = join(here, "dist");

const options = {
  absWorkingDir: here,
  entryPoints: [
    { in: "source/main.tsx", out: "console" },
    { in: "styles/main.css", out: "console" },
  ],
  outdir: dist,
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  target: ["chrome111", "firefox115", "safari16.4"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
};

/** What is shipped of others, with their licences. */
function notice() {
  const parts = ["The console contains these libraries.\n"];
  for (const name of ["preact", "uplot"]) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    parts.push(`${name} ${version} (${license})\n\n${readFileSync(join(folder, "LICENSE"), "utf8").trim()}\n`);
  }
  return parts.join(`\n${"-".repeat(78)}\n\n`);
}

function runTests() {
  const folder = mkdtempSync(join(tmpdir(), "bixbite-console-"));
  const files = readdirSync(join(here, "test")).filter((name) => name.endsWith(".test.ts"));
  return build({
    absWorkingDir: here,
    entryPoints: files.map((name) => `test/${name}`),
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    sourcemap: "inline",
    logLevel: "warning",
  }).then(() => {
    const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", folder], { stdio: "inherit", env: { ...process.env, CONSOLE_SOURCES: here } });
    rmSync(folder, { recursive: true });
    process.exitCode = status ?? 1;
  });
}

if (process.argv.includes("--tests")) {
  await runTests();
} else {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist);
  writeFileSync(join(dist, "index.html"), readFileSync(join(here, "index.html")));
  writeFileSync(join(dist, "NOTICE.txt"), notice());
  if (process.argv.includes("--watch")) {
    await (await context(options)).watch();
  } else {
    await build(options);
  }
}
