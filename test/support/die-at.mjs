/**
 * Preloaded into the program by tests alone (`NODE_OPTIONS=--import`): ends it with SIGKILL at the n-th pass of a labelled point, such
 * as `DIE_AT=after-sync@7`. It stands around the calls that reach the disk and the broker; the program knows nothing of it.
 */
import fs from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';

const [label, pass = '1'] = (process.env.DIE_AT ?? '').split('@');
let left = Number(pass);
const due = (where) => where === label && --left <= 0;
const die = () => {
  process.kill(process.pid, 'SIGKILL');
  for (;;);
};
const reach = (where) => due(where) && die();

const isJournal = (path) => /[\\/]journal[\\/].*\.ndjson$/.test(String(path));
const isBars = (path) => /[\\/]journal[\\/].*\.bars$/.test(String(path));
const journals = new Set();
const { openSync, writeSync, fdatasyncSync, renameSync, readFileSync, writeFileSync, ftruncateSync } = fs;

fs.openSync = (path, flags, ...rest) => {
  const another = isJournal(path) && String(flags).includes('x') && !/0+1\.ndjson$/.test(String(path));
  if (another) reach('before-segment');
  const file = openSync(path, flags, ...rest);
  if (isJournal(path)) journals.add(file);
  if (another) reach('after-segment');
  return file;
};
fs.writeSync = (file, bytes, from = 0, ...rest) => {
  if (!journals.has(file)) return writeSync(file, bytes, from, ...rest);
  const what = /"t":"([a-z_]+)"/.exec(Buffer.from(bytes).toString('latin1'))?.[1];
  reach('before-append');
  reach(`before-${what}`);
  if (due('mid-append')) {
    writeSync(file, bytes, from, Math.ceil((bytes.length - from) / 2));
    die();
  }
  const taken = writeSync(file, bytes, from, ...rest);
  reach(`after-${what}`);
  reach('after-append');
  return taken;
};
fs.fdatasyncSync = (file) => {
  if (!journals.has(file)) return fdatasyncSync(file);
  reach('before-sync');
  fdatasyncSync(file);
  reach('after-sync');
};
fs.renameSync = (from, to) => {
  if (isBars(to)) reach('before-bars');
  if (/cache[\\/]journal/.test(String(to))) reach('before-projection');
  renameSync(from, to);
  if (isBars(to)) reach('after-bars');
  if (/cache[\\/]journal/.test(String(to))) reach('after-projection');
};
fs.readFileSync = (path, ...rest) => {
  const read = readFileSync(path, ...rest);
  if (isJournal(path)) reach('replay');
  return read;
};
fs.writeFileSync = (path, ...rest) => {
  writeFileSync(path, ...rest);
  if (String(path).endsWith('.torn')) reach('torn-kept');
};
fs.ftruncateSync = (file, length) => {
  ftruncateSync(file, length);
  if (journals.has(file)) reach('torn-cut');
};

const { request } = http;
const deeds = { POST: 'place', PUT: 'change', DELETE: 'cancel' };
http.request = (url, options, ...rest) => {
  const made = request(url, options, ...rest);
  const deed = String(url.pathname).includes('/orders') && deeds[options?.method];
  if (!deed) return made;
  const end = made.end.bind(made);
  made.end = (...body) => {
    reach(`before-${deed}`);
    return end(...body);
  };
  made.on('finish', () => reach(`after-${deed}`));
  made.on('response', (response) => {
    reach(`answer-${deed}`);
    response.on('end', () => reach(`answered-${deed}`));
  });
  return made;
};

syncBuiltinESMExports();
