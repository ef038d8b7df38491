// SPDX-License-Identifier: Apache-2.0
// @tus/server with its store of files, as its documentation shows it; tells its port in a line.
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const uploads = new Server({ path: '/uploads', datastore: new FileStore({ directory: process.argv[2] }) });
const listening = uploads.listen({ host: '127.0.0.1', port: 0 }, () => {
  console.log(`port ${listening.address().port}`);
});
