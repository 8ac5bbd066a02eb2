-- Views: what links answer. They hold no data and are made anew at a start that finds others, so
-- they may change freely. `key` makes the order of a view's rows total.

DROP VIEW IF EXISTS known_day;
DROP VIEW IF EXISTS held_span;
DROP VIEW IF EXISTS holder;
DROP VIEW IF EXISTS holder_on_day;
DROP VIEW IF EXISTS counterpart;
DROP VIEW IF EXISTS agreement_timeline;
DROP VIEW IF EXISTS fact;
DROP VIEW IF EXISTS series;
DROP VIEW IF EXISTS timeline;
DROP VIEW IF EXISTS record_step;
DROP VIEW IF EXISTS record_state;
DROP VIEW IF EXISTS record_revision;
DROP VIEW IF EXISTS record_change;
DROP VIEW IF EXISTS conflict;
DROP VIEW IF EXISTS difference;
DROP VIEW IF EXISTS testimony;

-- What is known of a tenure's days: its ends, and the days a source states it.
CREATE VIEW known_day AS
SELECT official_id, position, post_id,
    start_date_earliest AS earliest, start_date_latest AS latest, 0 AS attested
FROM tenure
WHERE start_date IS NOT NULL
UNION ALL
SELECT official_id, position, post_id, end_date_earliest, end_date_latest, 0
FROM tenure
WHERE end_date IS NOT NULL
UNION ALL
SELECT tenure.official_id, tenure.position, tenure.post_id, date_earliest, date_latest, 1
FROM tenure
JOIN attestation ON attestation.official_id = tenure.official_id
    AND attestation.tenure_position = tenure.position;

-- The days on which a post may be said to be held: from one known day of a tenure to the next, both
-- included, unless somebody else is attested in between in a post that one person holds at a time.
-- A day that is known only roughly counts with the end that is sure.
CREATE VIEW held_span AS
SELECT span.official_id, span.position, span.post_id, span.first_day, span.last_day
FROM (
    SELECT official_id, position, post_id, latest AS first_day,
        CASE
            WHEN COUNT(*) OVER (PARTITION BY official_id, position) = 1 THEN earliest
            ELSE LEAD(earliest) OVER (PARTITION BY official_id, position ORDER BY earliest, latest)
        END AS last_day
    FROM known_day
) AS span
JOIN post ON post.id = span.post_id
WHERE span.first_day <= span.last_day
    AND (post.role IN ('committee_member', 'deputy_head_of_government', 'deputy_minister',
                       'deputy_party_secretary', 'deputy_governor', 'other')
        OR NOT EXISTS (
            SELECT 1
            FROM known_day AS rival
            WHERE rival.post_id = span.post_id
                AND rival.official_id <> span.official_id
                AND rival.attested = 1
                AND rival.earliest > span.first_day
                AND rival.latest < span.last_day
        ));

-- Tenures as rows of a post's holders. Dates and ids are such that JSON needs no escapes for them.
CREATE VIEW holder AS
SELECT tenure.post_id, tenure.official_id || ' ' || tenure.position AS key, tenure.position,
    tenure.official_id, tenure.label,
    tenure.start_date, tenure.start_date_earliest, tenure.start_date_latest,
    tenure.end_date, tenure.end_date_earliest, tenure.end_date_latest,
    CASE
        WHEN EXISTS (
            SELECT 1
            FROM attestation
            WHERE attestation.official_id = tenure.official_id
                AND tenure_position = tenure.position
        ) THEN 'attested'
        WHEN COALESCE(tenure.start_date, tenure.end_date) IS NOT NULL THEN 'inferred'
        ELSE 'unknown'
    END AS held,
    (
        SELECT '[' || COALESCE(GROUP_CONCAT(item), '') || ']'
        FROM (
            SELECT '{"date":"' || date || '","source_id":'
                    || COALESCE('"' || source_id || '"', 'null') || '}' AS item
            FROM attestation
            WHERE attestation.official_id = tenure.official_id
                AND tenure_position = tenure.position
            ORDER BY date_earliest, attestation.position
        )
    ) AS attested,
    (
        SELECT earliest
        FROM known_day
        WHERE known_day.official_id = tenure.official_id
            AND known_day.position = tenure.position
        ORDER BY earliest
        LIMIT 1
    ) AS known_from
FROM tenure;

-- The same for each day that is attested and each span that may be inferred.
CREATE VIEW holder_on_day AS
SELECT holder.post_id, holder.key || ' ' || day.held || ' ' || day.first_day AS key,
    holder.position, holder.official_id, holder.label,
    holder.start_date, holder.start_date_earliest, holder.start_date_latest,
    holder.end_date, holder.end_date_earliest, holder.end_date_latest,
    day.held, holder.attested, holder.known_from, day.first_day, day.last_day
FROM holder
JOIN (
    SELECT DISTINCT official_id, position, earliest AS first_day, latest AS last_day,
        'attested' AS held
    FROM known_day
    WHERE attested = 1 AND earliest = latest
    UNION ALL
    SELECT official_id, position, first_day, last_day, 'inferred'
    FROM held_span
) AS day ON day.official_id = holder.official_id
    AND day.position = holder.position;

-- Whom an official met: both present at one meeting, on different sides.
CREATE VIEW counterpart AS
SELECT one.official_id AS of_official_id, other.official_id AS official_id,
    official.name AS name, official.country AS country,
    COUNT(DISTINCT one.meeting_id) AS meetings,
    MIN(meeting.start_date) AS first_date, MAX(meeting.start_date) AS last_date
FROM participant AS one
JOIN participant AS other ON other.meeting_id = one.meeting_id
    AND other.side <> one.side
    AND other.attendance = 'present'
    AND other.role IS NOT 'mentioned'
JOIN official ON official.id = other.official_id
JOIN meeting ON meeting.id = one.meeting_id
WHERE one.official_id IS NOT NULL
    AND one.attendance = 'present'
    AND one.role IS NOT 'mentioned'
GROUP BY one.official_id, other.official_id, official.name, official.country;

-- Everything said and done about an agreement. Within a day an answer stands behind what it answers,
-- and what came of it behind both.
CREATE VIEW agreement_timeline AS
SELECT statement.agreement_id,
    CASE
        WHEN before.date IS NOT statement.date THEN '0'
        WHEN earlier.date IS NOT statement.date THEN '1'
        ELSE '2'
    END || ' ' || statement.id AS key,
    statement.date, statement.date_earliest, statement.date_latest,
    'statement' AS kind, statement.id AS statement_id,
    statement.meeting_id, statement.official_id, statement.organization_id, statement.side,
    statement.act, statement.text, NULL AS status, statement.source_ids
FROM statement
LEFT JOIN statement AS before ON before.id = statement.follows_id
LEFT JOIN statement AS earlier ON earlier.id = before.follows_id
WHERE statement.agreement_id IS NOT NULL
UNION ALL
SELECT agreement_id, '9 ' || SUBSTR('000' || position, -4),
    date, date_earliest, date_latest, 'status', NULL,
    meeting_id, NULL, NULL, NULL, NULL, note, status,
    CASE WHEN source_id IS NULL THEN '[]' ELSE '["' || source_id || '"]' END
FROM status_change;

-- Every record that cites a source, with what it cites it for.
CREATE VIEW fact AS
SELECT citation.source_id, citation.record_type || ' ' || citation.record_id || ' ' || position AS key,
    citation.record_type AS type, citation.record_id AS id, record.label AS name,
    citation.pointer, citation.locator, citation.note
FROM citation
JOIN record ON record.type = citation.record_type
    AND record.id = citation.record_id;

-- Figures as flat series: one for each indicator, pair of areas, commodity and route.
CREATE VIEW series AS
SELECT id,
    indicator || '.' || COALESCE(ref_area_id, '') || '.' || COALESCE(counterpart_area_id, '') || '.'
        || COALESCE(commodity_id, '') || '.' || COALESCE(via_area_id, '') AS series,
    indicator, ref_area_id, counterpart_area_id, commodity_id,
    time_period, time_period_earliest, time_period_latest,
    value, value_number, value_low, value_low_number, value_high, value_high_number,
    qualifier, unit_measure, unit_mult, source_ids
FROM trade_figure;

-- Whatever has a date, in one list. The kinds are merged as their indexes have them in order; the
-- engine does so only if a column is TEXT in all of them, so what is computed says that it is.
CREATE VIEW timeline AS
SELECT 'meeting ' || id AS key, start_date AS date,
    start_date_earliest AS date_earliest, start_date_latest AS date_latest,
    end_date, end_date_earliest, end_date_latest,
    'meeting' AS type, id, name, place_id, source_ids
FROM meeting
WHERE start_date IS NOT NULL
UNION ALL
SELECT 'statement ' || statement.id, statement.date,
    statement.date_earliest, statement.date_latest,
    CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT),
    'statement', statement.id, statement.text, meeting.place_id, statement.source_ids
FROM statement
LEFT JOIN meeting ON meeting.id = statement.meeting_id
WHERE statement.date IS NOT NULL
UNION ALL
SELECT 'agreement ' || status_change.agreement_id || ' ' || status_change.position,
    status_change.date, status_change.date_earliest, status_change.date_latest,
    CAST(NULL AS TEXT), CAST(NULL AS TEXT), CAST(NULL AS TEXT),
    'agreement', status_change.agreement_id,
    CAST(agreement.name || ': ' || status_change.status AS TEXT), meeting.place_id,
    CAST(CASE WHEN source_id IS NULL THEN '[]' ELSE '["' || source_id || '"]' END AS TEXT)
FROM status_change
JOIN agreement ON agreement.id = status_change.agreement_id
LEFT JOIN meeting ON meeting.id = status_change.meeting_id
WHERE status_change.date IS NOT NULL
UNION ALL
SELECT 'trade_figure ' || id,
    CAST(CASE
        WHEN time_period LIKE '____-Q_' THEN SUBSTR(time_period, 1, 5) || (32 + SUBSTR(time_period, 7))
        WHEN time_period LIKE '____-S_' THEN SUBSTR(time_period_earliest, 1, 7)
        ELSE time_period
    END AS TEXT),
    time_period_earliest, time_period_latest,
    CAST(CASE WHEN time_period LIKE '____-S_' THEN SUBSTR(time_period_latest, 1, 7) END AS TEXT),
    CAST(CASE WHEN time_period LIKE '____-S_' THEN SUBSTR(time_period_latest, 1, 7) || '-01' END
        AS TEXT),
    CAST(CASE WHEN time_period LIKE '____-S_' THEN time_period_latest END AS TEXT),
    'trade_figure', id,
    CAST(indicator || COALESCE(': ' || COALESCE(value_text, value, value_low || ' to ' || value_high),
        '') AS TEXT),
    ref_area_id, source_ids
FROM trade_figure
WHERE time_period IS NOT NULL;

-- Every state that a record was in: `text` is NULL where it was deleted or merged into another. What
-- one write left is what the next one replaced, or the record as it is.
CREATE VIEW record_state AS
SELECT change.record_type, change.record_id, change.revision, change.at, change.by, change.action,
    change.before,
    CASE
        WHEN change.action IN ('deleted', 'merged') THEN NULL
        WHEN following.number IS NOT NULL THEN following.before
        ELSE CASE change.record_type
            WHEN 'source' THEN (SELECT json FROM source WHERE id = change.record_id)
            WHEN 'topic' THEN (SELECT json FROM topic WHERE id = change.record_id)
            WHEN 'place' THEN (SELECT json FROM place WHERE id = change.record_id)
            WHEN 'organization' THEN (SELECT json FROM organization WHERE id = change.record_id)
            WHEN 'post' THEN (SELECT json FROM post WHERE id = change.record_id)
            WHEN 'official' THEN (SELECT json FROM official WHERE id = change.record_id)
            WHEN 'meeting' THEN (SELECT json FROM meeting WHERE id = change.record_id)
            WHEN 'agreement' THEN (SELECT json FROM agreement WHERE id = change.record_id)
            WHEN 'statement' THEN (SELECT json FROM statement WHERE id = change.record_id)
            WHEN 'trade_figure' THEN (SELECT json FROM trade_figure WHERE id = change.record_id)
        END
    END AS text,
    change.committed
FROM change
LEFT JOIN change AS following ON following.record_type = change.record_type
    AND following.record_id = change.record_id
    AND following.revision = change.revision + 1;

-- What each write took away and what it left, so that whatever is counted of records can be carried
-- from one revision of the store to a later one: the sum of `number`, over what matches.
CREATE VIEW record_step AS
SELECT committed, record_type, -1 AS number, before AS json
FROM record_state
WHERE before IS NOT NULL
UNION ALL
SELECT committed, record_type, 1, text
FROM record_state
WHERE text IS NOT NULL;

-- The revisions of records, each with what it changed as a JSON Patch (RFC 6902). `json_diff` is a
-- function of the program (src/resource/history.c).
CREATE VIEW record_revision AS
SELECT record_type, record_id, revision, at, by, action, json_diff(before, text) AS diff
FROM record_state;

-- What was written, in commit order; a row's `revision` is the store's.
CREATE VIEW record_change AS
SELECT number, committed AS revision, at, action, record_type AS type, record_id AS id, by
FROM change;

-- What sources say of a field, each with the witness that it is: the copy of a wire speaks for the
-- wire, however often it was copied on.
CREATE VIEW testimony AS
SELECT record_type, record_id, pointer, position, value, rank, source_id, locator,
    (
        WITH RECURSIVE origin (id, step) AS (
            SELECT citation.source_id, 0
            UNION ALL
            SELECT source.wire_of, step + 1
            FROM origin
            JOIN source ON source.id = origin.id
            WHERE source.wire_of IS NOT NULL AND step < 8
        )
        SELECT id
        FROM origin
        ORDER BY step DESC
        LIMIT 1
    ) AS witness
FROM citation
WHERE value IS NOT NULL;

-- Members of refused seeds that are not what the record has.
CREATE VIEW difference AS
SELECT seed_conflict.record_type AS type, seed_conflict.record_id AS id,
    '/' || theirs.key AS pointer, dataset,
    theirs.value AS seeded, theirs.type = 'text' AS seeded_is_text,
    ours.value AS kept, ours.type = 'text' AS kept_is_text
FROM seed_conflict
JOIN json_each(seed_conflict.json) AS theirs
LEFT JOIN record_state AS state ON state.record_type = seed_conflict.record_type
    AND state.record_id = seed_conflict.record_id
    AND state.revision = (
        SELECT revision
        FROM record
        WHERE type = seed_conflict.record_type AND id = seed_conflict.record_id
    )
LEFT JOIN json_each(state.text) AS ours ON ours.key = theirs.key
WHERE theirs.value IS NOT ours.value;

-- Fields of which independent witnesses say different things, and fields of refused seeds that are
-- not what the record has. Of the characters that JSON escapes, texts have only the four replaced
-- here: a view may use none of the functions that make JSON.
CREATE VIEW conflict AS
SELECT 'sources ' || record_type || ' ' || record_id || ' ' || pointer AS key, 'sources' AS kind,
    NULL AS conflict_id,
    record_type AS type, record_id AS id, record.label AS name, pointer,
    (
        SELECT '[' || GROUP_CONCAT(
            '{"value":' || value || ',"rank":' || rank || ',"source_ids":[' || source_ids
                || '],"locator":' || locator || '}') || ']'
        FROM (
            SELECT said.value, COALESCE('"' || said.rank || '"', 'null') AS rank,
                GROUP_CONCAT('"' || said.source_id || '"') AS source_ids,
                COALESCE('"' || REPLACE(REPLACE(said.locator, '\', '\\'), '"', '\"') || '"', 'null')
                    AS locator
            FROM testimony AS said
            WHERE said.record_type = testimony.record_type
                AND said.record_id = testimony.record_id
                AND said.pointer = testimony.pointer
            GROUP BY said.value, said.rank, said.locator
            ORDER BY MIN(said.position)
        )
    ) AS "values"
FROM testimony
JOIN record ON record.type = testimony.record_type
    AND record.id = testimony.record_id
GROUP BY record_type, record_id, pointer
HAVING COUNT(DISTINCT witness) > 1 AND COUNT(DISTINCT value) > 1
UNION ALL
SELECT 'seed ' || difference.type || ' ' || difference.id || ' ' || pointer, 'seed',
    difference.type || '.' || difference.id,
    difference.type, difference.id, record.label, pointer,
    '[{"value":' || CASE
        WHEN kept_is_text
        THEN '"' || REPLACE(REPLACE(REPLACE(REPLACE(kept, '\', '\\'), '"', '\"'), CHAR(10), '\n'),
            CHAR(9), '\t') || '"'
        ELSE COALESCE(kept, 'null')
    END || ',"rank":null,"source_ids":[],"locator":"record"},{"value":' || CASE
        WHEN seeded_is_text
        THEN '"' || REPLACE(REPLACE(REPLACE(REPLACE(seeded, '\', '\\'), '"', '\"'), CHAR(10), '\n'),
            CHAR(9), '\t') || '"'
        ELSE COALESCE(seeded, 'null')
    END || ',"rank":null,"source_ids":[],"locator":"seed ' || dataset || '"}]'
FROM difference
JOIN record ON record.type = difference.type
    AND record.id = difference.id;
