-- Sources that disagree, and seeds that were refused because a user had edited their record.

ALTER TABLE citation ADD COLUMN value TEXT; -- JSON text: what the source says of the field
ALTER TABLE citation ADD COLUMN rank TEXT; -- preferred, normal, deprecated

CREATE INDEX citation_by_value ON citation (record_type, record_id, pointer) WHERE value IS NOT NULL;

-- Seeds that were not applied, because a user had edited the record since the last one was.
CREATE TABLE seed_conflict (
    record_type TEXT NOT NULL, -- the record
    record_id TEXT NOT NULL, -- its id
    dataset TEXT NOT NULL, -- the data set whose seed it is
    digest TEXT NOT NULL, -- SHA-256 of the seed's canonical text, as `record.origin_digest`
    json TEXT NOT NULL, -- the seed as it would be stored, without the store's own members
    noticed_at TEXT NOT NULL, -- when it was refused; RFC 3339, UTC
    PRIMARY KEY (record_type, record_id)
) STRICT, WITHOUT ROWID;

-- Texts that were made before citations had these two members get them, where they would stand.
UPDATE source
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(source.json, '$.citations')
));
UPDATE topic
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(topic.json, '$.citations')
));
UPDATE place
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(place.json, '$.citations')
));
UPDATE organization
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(organization.json, '$.citations')
));
UPDATE post
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(post.json, '$.citations')
));
UPDATE official
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(official.json, '$.citations')
));
UPDATE meeting
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(meeting.json, '$.citations')
));
UPDATE agreement
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(agreement.json, '$.citations')
));
UPDATE statement
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(statement.json, '$.citations')
));
UPDATE trade_figure
SET json = json_set(json, '$.citations', (
    SELECT json_group_array(json_set(value, '$.value', NULL, '$.rank', NULL))
    FROM json_each(trade_figure.json, '$.citations')
));
