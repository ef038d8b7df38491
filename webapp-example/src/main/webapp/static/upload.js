/*
 * Uploads a file in parts and goes on after any interruption. The interface: docs/uploads.md, "The parts API".
 *
 * An upload that was begun is found again in two ways. A small file is hashed whole before it is sent, and the server
 * knows the unfinished upload, or the finished file, of that hash. Of a large one the path is kept in the browser.
 */
'use strict';
{
  const UPLOADS = new URL('../uploads/', document.currentScript.src);
  const PARALLEL = 3;
  const TRIES = 6;
  /* The browser hashes only what is in memory as a whole. */
  const HASHED_WHOLE = 64 * 1024 * 1024;

  /** An answer that trying again would not change. */
  class Refusal extends Error {}

  /* ---- the interface */

  async function call(method, path, signal, body, fields = {}) {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await fetch(new URL(path, UPLOADS), { method, body, headers: fields, signal });
        const document = response.status === 204 ? {} : await response.json();
        if (response.ok) {
          return document;
        }
        const again = response.status >= 500 || [408, 423].includes(response.status);
        throw again ? new Error(document.detail) : new Refusal(document.detail);
      } catch (failure) {
        if (signal.aborted || failure instanceof Refusal || attempt === TRIES) {
          throw failure;
        }
        await pause(250 * 2 ** attempt);
      }
    }
  }

  const pause = milliseconds => new Promise(done => setTimeout(done, milliseconds));

  /** The SHA-256 of bytes; nothing where the page is not on a secure origin, and the browser has none. */
  async function sha256(bytes) {
    return globalThis.crypto?.subtle && new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  }

  const hex = bytes => Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('');
  const base64 = bytes => btoa(String.fromCharCode(...bytes));

  /* ---- one upload */

  const keyOf = file => `upload:${file.name}:${file.size}:${file.lastModified}`;

  /** The unfinished upload of this file, or a new one, or the file if it is stored already. */
  async function begin(file, signal) {
    const known = localStorage.getItem(keyOf(file));
    if (known) {
      try {
        const found = await call('GET', known, signal);
        // Without its file a complete upload is of no use any more: the file was removed.
        if (found.status !== 'complete' || found.file) {
          return found;
        }
        localStorage.removeItem(keyOf(file));
      } catch (failure) {
        if (!(failure instanceof Refusal)) {
          throw failure;
        }
        localStorage.removeItem(keyOf(file));
      }
    }
    const document = { fileName: file.name, size: file.size };
    const whole = file.size <= HASHED_WHOLE && await sha256(await file.arrayBuffer());
    if (whole) {
      document.sha256 = hex(whole);
    }
    const fields = { 'Content-Type': 'application/json' };
    const upload = await call('POST', '', signal, JSON.stringify(document), fields);
    if (upload.id) {
      localStorage.setItem(keyOf(file), upload.id);
    }
    return upload;
  }

  async function sendPart(file, upload, number, signal) {
    const part = file.slice((number - 1) * upload.partSize, number * upload.partSize);
    const bytes = await part.arrayBuffer();
    const digest = await sha256(bytes);
    const fields = digest ? { 'Content-Digest': `sha-256=:${base64(digest)}:` } : {};
    return call('PUT', `${upload.id}/parts/${number}`, signal, bytes, fields);
  }

  /** Sends what is missing, some parts at a time, and gives the stored file. */
  async function send(file, signal, report) {
    const upload = await begin(file, signal);
    if (upload.file) {
      localStorage.removeItem(keyOf(file));
      return upload.file;
    }
    const waiting = [...upload.missing];
    let sent = upload.received.reduce((sum, part) => sum + part.size, 0);
    report(sent);
    const sender = async () => {
      while (waiting.length > 0) {
        const part = await sendPart(file, upload, waiting.shift(), signal);
        sent += part.size;
        report(sent);
      }
    };
    await Promise.all(Array.from({ length: PARALLEL }, sender));
    const complete = await call('POST', `${upload.id}/complete`, signal);
    localStorage.removeItem(keyOf(file));
    return complete.file;
  }

  /* ---- the page */

  const form = document.getElementById('upload');
  const { file: input, send: sendButton, pause: pauseButton, status } = form.elements;
  const bar = form.querySelector('progress');
  const stored = document.getElementById('stored');
  let running;

  function show(isRunning) {
    bar.hidden = !isRunning && bar.value === 0;
    pauseButton.hidden = !isRunning;
    sendButton.disabled = input.disabled = isRunning;
  }

  async function upload(file) {
    running = new AbortController();
    bar.value = 0;
    show(true);
    status.value = 'Looking for what is there already …';
    try {
      const result = await send(file, running.signal, bytes => {
        bar.value = file.size === 0 ? 1 : bytes / file.size;
        status.value = `${Math.floor(bar.value * 100)} %`;
      });
      bar.value = 1;
      status.value = `Stored: ${result.fileName}, SHA-256 ${result.sha256}`;
      await list();
    } catch (failure) {
      const paused = running.signal.aborted;
      running.abort();
      status.value = paused ? 'Paused: "Upload" goes on.' : `${failure.message} "Upload" tries to go on.`;
    }
    show(false);
  }

  async function list() {
    const files = [];
    for (let path = 'files/'; path;) {
      const page = await call('GET', path, new AbortController().signal);
      files.push(...page.files);
      path = page.next;
    }
    stored.replaceChildren(...files.map(item));
  }

  function item(file) {
    const link = document.createElement('a');
    link.href = file.href;
    link.textContent = file.fileName || file.id;
    const remove = document.createElement('button');
    remove.textContent = 'Delete';
    remove.addEventListener('click', async () => {
      await call('DELETE', file.href, new AbortController().signal);
      await list();
    });
    const row = document.createElement('li');
    row.append(link, ` ${file.size.toLocaleString()} bytes `, remove);
    return row;
  }

  form.addEventListener('submit', event => {
    event.preventDefault();
    upload(input.files[0]);
  });
  pauseButton.addEventListener('click', () => running.abort());
  input.addEventListener('change', () => {
    bar.value = 0;
    status.value = localStorage.getItem(keyOf(input.files[0])) ? 'Begun before: "Upload" goes on.' : '';
  });
  list().catch(failure => { status.value = failure.message; });
}
