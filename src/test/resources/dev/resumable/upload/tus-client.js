// SPDX-License-Identifier: Apache-2.0
// Sends a file with tus-js-client: node tus-client.js ENDPOINT FILE OPTIONS
// OPTIONS is a JSON document: options of tus.Upload, beside
//   remember:   the file in which the client remembers its uploads; one that is known there is gone on with
//   abortAfter: the number of bytes after which it aborts, and ends
//   terminate:  with that, whether the upload is terminated too
//   stream:     whether the file comes from a stream, whose length nobody knows
// Prints one JSON document: {"end": "success" | "aborted" | an error, "url", "offsets": [those that the server told], "methods": {"PATCH": n}}
'use strict'

const fs = require('node:fs')
const { PassThrough } = require('node:stream')
const tus = require('tus-js-client')

const [endpoint, file, text] = process.argv.slice(2)
const { remember, abortAfter, terminate, stream, ...options } = JSON.parse(text)
const report = { end: '', url: null, offsets: [], methods: {} }

function end(how) {
  report.end = how
  report.url = upload.url
  console.log(JSON.stringify(report))
  // Not before the line is out; connections that are open would keep the process.
  process.stdout.write('', () => process.exit(0))
}

async function abort() {
  await upload.abort(Boolean(terminate))
  end('aborted')
}

const input = fs.createReadStream(file)
let aborted = false
const upload = new tus.Upload(stream ? input.pipe(new PassThrough()) : input, {
  endpoint,
  headers: { 'X-Owner': 'alice' },
  metadata: { filename: 'film.mp4' },
  retryDelays: Array(40).fill(200),
  urlStorage: remember ? new tus.FileUrlStorage(remember) : undefined,
  storeFingerprintForResuming: Boolean(remember),
  ...options,
  onProgress(sent) {
    if (abortAfter && sent >= abortAfter && !aborted) {
      aborted = true
      abort().catch((error) => end(String(error)))
    }
  },
  onAfterResponse(request, response) {
    const method = request.getMethod()
    report.methods[method] = (report.methods[method] || 0) + 1
    if (method === 'HEAD') {
      report.offsets.push(Number(response.getHeader('Upload-Offset')))
    }
  },
  onSuccess: () => end('success'),
  onError: (error) => end(String(error)),
})

async function start() {
  if (remember) {
    const [previous] = await upload.findPreviousUploads()
    if (previous) {
      upload.resumeFromPreviousUpload(previous)
    }
  }
  upload.start()
}

start().catch((error) => end(String(error)))
