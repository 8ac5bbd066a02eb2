-- Full-text search: what can be found, and the index over it.
--
-- Every record has one row with all its texts, and one more for each of its names. Readers walk
-- `number` downwards, so it is the order in which matches are looked at when there are too many:
-- names before whole records, short names before long ones, new rows before old ones. The upper
-- bits are 64 less the name's words (at least 1) for a name and 0 for a record; the lower 40 count.
--
-- A store that has records but no row here is indexed at the next start: a migration that changes
-- how words are made only needs to empty both tables.

CREATE TABLE search_text (
    number INTEGER PRIMARY KEY, -- see above
    record_type TEXT NOT NULL, -- whose text
    record_id TEXT NOT NULL, -- its id
    lang TEXT, -- of a name, BCP 47; NULL where it is not known
    text TEXT NOT NULL, -- as written: the name, or all texts of the record with a line for each
    words TEXT NOT NULL -- folded, a blank before and behind each; `_TYPE` is one of them
) STRICT;

CREATE INDEX search_text_by_record ON search_text (record_type, record_id, number);

-- The one place of the schema that another engine would write otherwise: with PostgreSQL, `words`
-- as a tsvector (configuration 'simple') under a GIN index. The text is folded before it comes
-- here, so all that the tokenizer does is to cut at blanks. Neither positions nor sizes are kept:
-- every term is one word. The prefix indexes serve whoever is still typing.
CREATE VIRTUAL TABLE search_index USING fts5 (
    words, -- of search_text, which holds the content
    content = 'search_text',
    content_rowid = 'number',
    tokenize = "ascii tokenchars '_'",
    prefix = '1 2 3 4 5 6 7',
    detail = 'none',
    columnsize = 0
);
