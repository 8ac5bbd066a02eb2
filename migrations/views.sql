-- Views: what links answer. They hold no data and are made anew at every start, so they may change
-- freely. `key` makes the order of a view's rows total.

DROP VIEW IF EXISTS known_day;
DROP VIEW IF EXISTS held_span;
DROP VIEW IF EXISTS counterpart;
DROP VIEW IF EXISTS agreement_timeline;
DROP VIEW IF EXISTS fact;
DROP VIEW IF EXISTS series;
DROP VIEW IF EXISTS timeline;

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
        COALESCE(
            LEAD(earliest) OVER (PARTITION BY official_id, position ORDER BY earliest, latest),
            earliest) AS last_day
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

-- Everything said and done about an agreement.
CREATE VIEW agreement_timeline AS
SELECT agreement_id, 'statement ' || id AS key,
    date, date_precision, date_earliest, date_latest, 'statement' AS kind, id AS statement_id,
    meeting_id, official_id, side, act, text, NULL AS status, source_ids
FROM statement
WHERE agreement_id IS NOT NULL
UNION ALL
SELECT agreement_id, 'status ' || position,
    date, date_precision, date_earliest, date_latest, 'status', NULL,
    meeting_id, NULL, NULL, NULL, note, status,
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

-- Whatever has a date, in one list.
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
    NULL, NULL, NULL,
    'statement', statement.id, statement.text, meeting.place_id, statement.source_ids
FROM statement
LEFT JOIN meeting ON meeting.id = statement.meeting_id
WHERE statement.date IS NOT NULL
UNION ALL
SELECT 'agreement ' || agreement.id || ' ' || status_change.position, status_change.date,
    status_change.date_earliest, status_change.date_latest,
    NULL, NULL, NULL,
    'agreement', agreement.id, agreement.name || ': ' || status_change.status, meeting.place_id,
    CASE WHEN source_id IS NULL THEN '[]' ELSE '["' || source_id || '"]' END
FROM status_change
JOIN agreement ON agreement.id = status_change.agreement_id
LEFT JOIN meeting ON meeting.id = status_change.meeting_id
WHERE status_change.date IS NOT NULL
UNION ALL
SELECT 'trade_figure ' || id, time_period,
    time_period_earliest, time_period_latest,
    NULL, NULL, NULL,
    'trade_figure', id, indicator || ': ' || COALESCE(value_text, value, ''), ref_area_id, source_ids
FROM trade_figure
WHERE time_period IS NOT NULL;
