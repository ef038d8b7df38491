// Runs the script of the example's page without a browser: node upload.mjs BASE FILE STORAGE
// Prints each request, and at the end what the page shows. STORAGE is a file that stands for localStorage.
import { readFileSync, statSync, writeFileSync, existsSync } from 'node:fs';
import { basename } from 'node:path';
import vm from 'node:vm';
import { File } from 'node:buffer';

const [base, path, storage] = process.argv.slice(2);
const stored = existsSync(storage) ? JSON.parse(readFileSync(storage)) : {};
const save = () => writeFileSync(storage, JSON.stringify(stored));

class Element {
  listeners = {};
  children = [];
  addEventListener(type, listener) { this.listeners[type] = listener; }
  replaceChildren(...children) { this.children = children; }
  append(...children) { this.children.push(...children); }
}
const file = new File([readFileSync(path)], basename(path), { lastModified: statSync(path).mtimeMs });
const form = new Element();
const progress = new Element();
form.elements = { file: new Element(), send: new Element(), pause: new Element(), status: new Element() };
form.elements.file.files = [file];
form.querySelector = () => progress;
const list = new Element();

const ended = new Promise(done => {
  let shown = '';
  Object.defineProperty(form.elements.status, 'value', {
    get: () => shown,
    set: text => {
      shown = text;
      if (text.startsWith('Stored') || text.includes('"Upload"')) {
        done();
      }
    },
  });
});

globalThis.localStorage = {
  getItem: key => stored[key] ?? null,
  setItem: (key, value) => { stored[key] = value; save(); },
  removeItem: key => { delete stored[key]; save(); },
};
globalThis.document = {
  currentScript: { src: `${base}static/upload.js` },
  getElementById: id => (id === 'upload' ? form : list),
  createElement: () => new Element(),
};
const send = globalThis.fetch;
globalThis.fetch = async (url, options) => {
  const response = await send(url, options);
  console.log(options.method, new URL(url).pathname, response.status, options.headers['Content-Digest'] ? 'digest' : '');
  return response;
};

vm.runInThisContext(await (await send(`${base}static/upload.js`)).text());
form.listeners.submit({ preventDefault() {} });
await ended;
await new Promise(done => setTimeout(done, 300));
console.log(form.elements.status.value);
console.log(`progress ${progress.value}, listed ${list.children.length}`);
process.exit(0);
