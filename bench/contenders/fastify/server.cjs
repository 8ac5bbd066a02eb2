// The list and the detail as a front-end developer would write them with Fastify and better-sqlite3.
//
//     node server.cjs PORT STORE [PROCESSES]
//
// GET /v1/meetings?limit=20[&before_date=DATE&before_id=ID] is a page of meetings by keyset, newest
// first: the columns of `meeting`. GET /v1/meetings/ID is one with its participants, topics and
// citations. A read-only handle for each process, mapped, with prepared statements; no logger.
'use strict';

const cluster = require('node:cluster');
const Database = require('better-sqlite3');
const fastify = require('fastify');

const COLUMNS = `
  id, name, classification, status, start_date, start_date_precision, end_date, end_date_precision,
  place_id, parent_id, mechanism_id, session_number, description, created_at, updated_at, revision,
  source_ids`;

function withSources(row) {
  row.source_ids = JSON.parse(row.source_ids);
  return row;
}

async function serve(port, store) {
  const db = new Database(store, { readonly: true });
  db.pragma('mmap_size = 2147418112');
  const page = db.prepare(`
    SELECT ${COLUMNS}
    FROM meeting
    WHERE (start_date_earliest, id) < (?, ?)
    ORDER BY start_date_earliest DESC, id DESC
    LIMIT ?`);
  const meeting = db.prepare(`SELECT ${COLUMNS} FROM meeting WHERE id = ?`);
  const participants = db.prepare(`
    SELECT official_id, organization_id, place_id, name, side, role, attendance, post_id, post_label,
      on_behalf_of_id
    FROM participant
    WHERE meeting_id = ?
    ORDER BY position`);
  const topics = db.prepare(`
    SELECT to_id
    FROM reference
    WHERE from_type = 'meeting' AND from_id = ? AND field = 'topic_ids'`).pluck();
  const citations = db.prepare(`
    SELECT pointer, source_id, locator, quote, note
    FROM citation
    WHERE record_type = 'meeting' AND record_id = ?
    ORDER BY position`);

  const app = fastify({ logger: false });
  app.get('/v1/meetings', (request) => {
    const { limit = 50, before_date: date = '9999', before_id: id = '' } = request.query;
    return { data: page.all(date, id, Number(limit)).map(withSources) };
  });
  app.get('/v1/meetings/:id', (request, reply) => {
    const { id } = request.params;
    const found = meeting.get(id);
    if (!found) return reply.code(404).send({ title: 'there is no such meeting' });
    return {
      ...withSources(found),
      topic_ids: topics.all(id),
      participants: participants.all(id),
      citations: citations.all(id),
    };
  });
  await app.listen({ port, host: '127.0.0.1' });
}

const [port, store, processes = '1'] = process.argv.slice(2);
if (cluster.isPrimary && Number(processes) > 1) {
  for (let i = 0; i < Number(processes); i++) cluster.fork();
} else {
  serve(Number(port), store);
}
