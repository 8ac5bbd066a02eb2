-- The record: one table per resource, one per part that is filtered or joined, and the ledger.
--
-- Conventions. Keys are made by us. Dates are text as their source knows them; where a column
-- NAME holds such a date, NAME_precision says how much is known and NAME_earliest and NAME_latest
-- are the first and last day it can mean. Decimals are text, exact; NAME_number orders them.
-- `json` is the record's canonical text, made when it is written and served as it is; the other
-- columns exist to filter, sort and join. Foreign keys are deferred: a batch may refer forwards.

-- One row: what this store is and how far it has come.
CREATE TABLE store (
    singleton INTEGER PRIMARY KEY CHECK (singleton = 1), -- always 1
    id TEXT NOT NULL, -- random hexadecimal digits; part of every ETag
    secret TEXT NOT NULL, -- random hexadecimal digits; the key that seals cursors
    revision INTEGER NOT NULL, -- counts committed write transactions
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL -- when `revision` last grew; RFC 3339, UTC
) STRICT;

-- The data sets that seeds have brought.
CREATE TABLE dataset (
    id TEXT PRIMARY KEY, -- slug
    position INTEGER NOT NULL, -- order of arrival; the first names the answers
    name TEXT NOT NULL, -- for people
    description TEXT, -- own words
    license TEXT, -- SPDX identifier
    license_url TEXT, -- where the licence can be read
    attribution TEXT -- what a user of the data is asked to print
) STRICT;

-- The ledger: every record there is or was, whatever its resource.
CREATE TABLE record (
    type TEXT NOT NULL, -- singular name of the resource
    id TEXT NOT NULL, -- slug
    revision INTEGER NOT NULL, -- 1, 2, … of this record
    state TEXT NOT NULL CHECK (state IN ('live', 'deleted', 'merged')), -- tombstones stay
    merged_into TEXT, -- id of the record that a merged one went into
    label TEXT, -- what people call it: its name, title, label or text
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    committed INTEGER NOT NULL, -- store revision that wrote it last
    origin TEXT, -- id of the data set that seeded it; NULL for a user's own
    origin_digest TEXT, -- SHA-256 of the seed's text that was last applied
    origin_revision INTEGER, -- revision that text made; a higher one means that a user edited it
    PRIMARY KEY (type, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX record_by_commit ON record (committed, type, id);

-- How many live records each resource has, so that an unfiltered list knows its total.
CREATE TABLE total (
    type TEXT PRIMARY KEY, -- singular name of the resource
    value INTEGER NOT NULL -- live records
) STRICT, WITHOUT ROWID;

-- Every link from one record to another, so that "what refers to this" is one look.
CREATE TABLE reference (
    to_type TEXT NOT NULL, -- what is referred to
    to_id TEXT NOT NULL, -- its id
    from_type TEXT NOT NULL, -- the record that refers
    from_id TEXT NOT NULL, -- its id
    field TEXT NOT NULL, -- where in it: `place_id`, `topic_ids`, `participants/official_id`
    PRIMARY KEY (to_type, to_id, from_type, from_id, field)
) STRICT, WITHOUT ROWID;

CREATE INDEX reference_by_origin ON reference (from_type, from_id);

-- Which source bears which part of a record.
CREATE TABLE citation (
    record_type TEXT NOT NULL, -- the record that cites
    record_id TEXT NOT NULL, -- its id
    position INTEGER NOT NULL, -- order within the record, from 0
    pointer TEXT NOT NULL, -- JSON Pointer into the record; '' is all of it
    source_id TEXT NOT NULL REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED, -- the source
    locator TEXT, -- where in the source: 'paragraph 6'
    quote TEXT, -- the words themselves, for a user's own data
    note TEXT, -- own words
    PRIMARY KEY (record_type, record_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX citation_by_source ON citation (source_id, record_type, record_id, position);

-- Other names of topics, places, organizations, posts, officials and agreements.
CREATE TABLE other_name (
    record_type TEXT NOT NULL, -- whose name
    record_id TEXT NOT NULL, -- its id
    position INTEGER NOT NULL, -- order within the record, from 0
    name TEXT NOT NULL, -- as written
    kind TEXT NOT NULL, -- official, translation, transliteration, former, short, alternative
    lang TEXT, -- BCP 47
    script TEXT, -- ISO 15924
    note TEXT, -- own words
    PRIMARY KEY (record_type, record_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
    id TEXT PRIMARY KEY, -- slug: publication date and publisher
    title TEXT, -- NULL where it has none
    description TEXT, -- own words
    classification TEXT, -- news_agency, newspaper, ministry, legal_text, statistics, other
    publisher TEXT, -- as it names itself
    author TEXT, -- byline
    translator TEXT, -- byline
    lang TEXT, -- BCP 47
    published_on TEXT, -- date
    published_on_precision TEXT, -- how much of it is known
    published_on_earliest TEXT, -- first day it can mean
    published_on_latest TEXT, -- last day it can mean
    retrieved_at TEXT, -- RFC 3339, UTC
    url TEXT, -- absolute
    wire_of TEXT REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED, -- the wire that it copies
    sha256 TEXT, -- of the text it was read from
    license TEXT, -- SPDX identifier or URL
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX source_by_published_on ON source (published_on_earliest, id);

CREATE TABLE topic (
    id TEXT PRIMARY KEY, -- slug
    name TEXT NOT NULL, -- English
    classification TEXT, -- theme, commodity
    description TEXT, -- own words
    broader_id TEXT REFERENCES topic (id) DEFERRABLE INITIALLY DEFERRED, -- the wider topic
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX topic_by_name ON topic (name, id);
CREATE INDEX topic_by_broader ON topic (broader_id);

CREATE TABLE place (
    id TEXT PRIMARY KEY, -- slug
    name TEXT NOT NULL, -- full diacritics, or pinyin
    classification TEXT, -- country, region, autonomous_region, province, municipality, city, …
    country TEXT, -- ISO 3166-1 alpha-2
    parent_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- the place it lies in
    latitude TEXT, -- WGS 84 degrees, decimal
    latitude_number REAL, -- the same, to order by
    longitude TEXT, -- WGS 84 degrees, decimal
    longitude_number REAL, -- the same, to order by
    start_date TEXT, -- when it came to be
    start_date_precision TEXT, -- how much of it is known
    start_date_earliest TEXT, -- first day it can mean
    start_date_latest TEXT, -- last day it can mean
    end_date TEXT, -- when it ceased to be
    end_date_precision TEXT, -- how much of it is known
    end_date_earliest TEXT, -- first day it can mean
    end_date_latest TEXT, -- last day it can mean
    succeeded_by_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- what followed it
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX place_by_name ON place (name, id);
CREATE INDEX place_by_parent ON place (parent_id);

CREATE TABLE organization (
    id TEXT PRIMARY KEY, -- slug
    name TEXT NOT NULL, -- English, with the proper names as in `place`
    classification TEXT, -- party, party_committee, government, ministry, legislature, mission, …
    country TEXT, -- ISO 3166-1 alpha-2
    parent_id TEXT REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED, -- part of
    place_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- its seat or territory
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX organization_by_name ON organization (name, id);
CREATE INDEX organization_by_parent ON organization (parent_id);
CREATE INDEX organization_by_place ON organization (place_id);

CREATE TABLE post (
    id TEXT PRIMARY KEY, -- slug
    label TEXT NOT NULL, -- English
    role TEXT, -- head_of_party, minister, party_secretary, governor, …
    organization_id TEXT REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED, -- body
    place_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- territory
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX post_by_label ON post (label, id);
CREATE INDEX post_by_organization ON post (organization_id);
CREATE INDEX post_by_place ON post (place_id);

CREATE TABLE official (
    id TEXT PRIMARY KEY, -- slug
    name TEXT NOT NULL, -- full diacritics, or pinyin; in the order the person uses
    sort_name TEXT, -- what lists are sorted by
    country TEXT, -- ISO 3166-1 alpha-2
    honorific_prefix TEXT, -- as used officially
    birth_date TEXT, -- date
    birth_date_precision TEXT, -- how much of it is known
    birth_date_earliest TEXT, -- first day it can mean
    birth_date_latest TEXT, -- last day it can mean
    death_date TEXT, -- date
    death_date_precision TEXT, -- how much of it is known
    death_date_earliest TEXT, -- first day it can mean
    death_date_latest TEXT, -- last day it can mean
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX official_by_name ON official (name, id);

-- Who held which post; what is known of its span.
CREATE TABLE tenure (
    official_id TEXT NOT NULL REFERENCES official (id) DEFERRABLE INITIALLY DEFERRED, -- who
    position INTEGER NOT NULL, -- order within the official, from 0
    post_id TEXT NOT NULL REFERENCES post (id) DEFERRABLE INITIALLY DEFERRED, -- which post
    label TEXT, -- as printed
    start_date TEXT, -- date
    start_date_precision TEXT, -- how much of it is known
    start_date_earliest TEXT, -- first day it can mean
    start_date_latest TEXT, -- last day it can mean
    end_date TEXT, -- date
    end_date_precision TEXT, -- how much of it is known
    end_date_earliest TEXT, -- first day it can mean
    end_date_latest TEXT, -- last day it can mean
    status TEXT, -- current, ended, unknown
    PRIMARY KEY (official_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX tenure_by_post ON tenure (post_id, official_id);

-- On which days a source states that the post was held.
CREATE TABLE attestation (
    official_id TEXT NOT NULL REFERENCES official (id) DEFERRABLE INITIALLY DEFERRED, -- who
    tenure_position INTEGER NOT NULL, -- which of the official's tenures
    position INTEGER NOT NULL, -- order within the tenure, from 0
    date TEXT NOT NULL, -- date
    date_precision TEXT NOT NULL, -- how much of it is known
    date_earliest TEXT NOT NULL, -- first day it can mean
    date_latest TEXT NOT NULL, -- last day it can mean
    source_id TEXT REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED, -- who says so
    PRIMARY KEY (official_id, tenure_position, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE meeting (
    id TEXT PRIMARY KEY, -- slug that begins with the start date
    name TEXT NOT NULL, -- own words
    classification TEXT, -- talks, reception, visit, conference, session, seminar, …
    status TEXT, -- proposed, tentative, confirmed, held, postponed, cancelled
    start_date TEXT, -- date
    start_date_precision TEXT, -- how much of it is known
    start_date_earliest TEXT, -- first day it can mean
    start_date_latest TEXT, -- last day it can mean
    end_date TEXT, -- date
    end_date_precision TEXT, -- how much of it is known
    end_date_earliest TEXT, -- first day it can mean
    end_date_latest TEXT, -- last day it can mean
    place_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- where
    parent_id TEXT REFERENCES meeting (id) DEFERRABLE INITIALLY DEFERRED, -- its visit
    mechanism_id TEXT REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED, -- its series
    session_number INTEGER, -- in the mechanism
    description TEXT, -- own words
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX meeting_by_start_date ON meeting (start_date_earliest, id);
CREATE INDEX meeting_by_name ON meeting (name, id);
CREATE INDEX meeting_by_place ON meeting (place_id);
CREATE INDEX meeting_by_parent ON meeting (parent_id);
CREATE INDEX meeting_by_mechanism ON meeting (mechanism_id);

-- Who took part in a meeting, on which side and in which capacity that day.
CREATE TABLE participant (
    meeting_id TEXT NOT NULL REFERENCES meeting (id) DEFERRABLE INITIALLY DEFERRED, -- what
    position INTEGER NOT NULL, -- order within the meeting, from 0
    official_id TEXT REFERENCES official (id) DEFERRABLE INITIALLY DEFERRED, -- a person
    organization_id TEXT REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED, -- a body
    place_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- a locality's delegation
    name TEXT, -- as printed
    side TEXT, -- ISO 3166-1 alpha-2
    role TEXT, -- host, guest, chair, co_chair, head_of_delegation, delegate, honouree, …
    attendance TEXT, -- present, invited, expected, absent, represented, unknown
    post_id TEXT REFERENCES post (id) DEFERRABLE INITIALLY DEFERRED, -- in which capacity
    post_label TEXT, -- as printed
    on_behalf_of_id TEXT REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED, -- for whom
    PRIMARY KEY (meeting_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX participant_by_official ON participant (official_id, meeting_id);
CREATE INDEX participant_by_organization ON participant (organization_id, meeting_id);
CREATE INDEX participant_by_place ON participant (place_id, meeting_id);

CREATE TABLE agreement (
    id TEXT PRIMARY KEY, -- slug
    name TEXT NOT NULL, -- its own name, or own words
    classification TEXT, -- treaty, legal_document, mechanism, project, initiative, …
    status TEXT, -- proposed, negotiating, agreed, signed, in_force, …
    status_date TEXT, -- since when
    status_date_precision TEXT, -- how much of it is known
    status_date_earliest TEXT, -- first day it can mean
    status_date_latest TEXT, -- last day it can mean
    start_date TEXT, -- date
    start_date_precision TEXT, -- how much of it is known
    start_date_earliest TEXT, -- first day it can mean
    start_date_latest TEXT, -- last day it can mean
    end_date TEXT, -- date
    end_date_precision TEXT, -- how much of it is known
    end_date_earliest TEXT, -- first day it can mean
    end_date_latest TEXT, -- last day it can mean
    description TEXT, -- own words
    frequency TEXT, -- of a mechanism's sessions
    amount TEXT, -- of assistance, decimal
    amount_number REAL, -- the same, to order by
    currency TEXT, -- ISO 4217
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX agreement_by_name ON agreement (name, id);
CREATE INDEX agreement_by_status_date ON agreement (status_date_earliest, id);

-- Between whom.
CREATE TABLE party (
    agreement_id TEXT NOT NULL REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED, -- of what
    position INTEGER NOT NULL, -- order within the agreement, from 0
    place_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- a country or locality
    organization_id TEXT REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED, -- a body
    side TEXT, -- ISO 3166-1 alpha-2
    PRIMARY KEY (agreement_id, position)
) STRICT, WITHOUT ROWID;

-- How agreements hang together.
CREATE TABLE relation (
    of_agreement_id TEXT NOT NULL REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED, -- this
    position INTEGER NOT NULL, -- order within the agreement, from 0
    type TEXT NOT NULL, -- amends, supersedes, implements, based_on, part_of, follows
    agreement_id TEXT NOT NULL REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED, -- that
    PRIMARY KEY (of_agreement_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX relation_by_target ON relation (agreement_id);

-- What became of an agreement, step by step.
CREATE TABLE status_change (
    agreement_id TEXT NOT NULL REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED, -- of what
    position INTEGER NOT NULL, -- order within the agreement, from 0
    date TEXT, -- date
    date_precision TEXT, -- how much of it is known
    date_earliest TEXT, -- first day it can mean
    date_latest TEXT, -- last day it can mean
    status TEXT NOT NULL, -- reached that day
    meeting_id TEXT REFERENCES meeting (id) DEFERRABLE INITIALLY DEFERRED, -- at which meeting
    source_id TEXT REFERENCES source (id) DEFERRABLE INITIALLY DEFERRED, -- who says so
    note TEXT, -- own words
    PRIMARY KEY (agreement_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE statement (
    id TEXT PRIMARY KEY, -- slug
    meeting_id TEXT REFERENCES meeting (id) DEFERRABLE INITIALLY DEFERRED, -- at which meeting
    date TEXT, -- when
    date_precision TEXT, -- how much of it is known
    date_earliest TEXT, -- first day it can mean
    date_latest TEXT, -- last day it can mean
    official_id TEXT REFERENCES official (id) DEFERRABLE INITIALLY DEFERRED, -- who
    organization_id TEXT REFERENCES organization (id) DEFERRABLE INITIALLY DEFERRED, -- or which body
    side TEXT, -- ISO 3166-1 alpha-2, or `joint`
    act TEXT, -- proposed, requested, invited, pledged, agreed, supported, …
    text TEXT NOT NULL, -- own words, one sentence
    agreement_id TEXT REFERENCES agreement (id) DEFERRABLE INITIALLY DEFERRED, -- about which
    follows_id TEXT REFERENCES statement (id) DEFERRABLE INITIALLY DEFERRED, -- what it answers
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX statement_by_date ON statement (date_earliest, id);
CREATE INDEX statement_by_meeting ON statement (meeting_id);
CREATE INDEX statement_by_official ON statement (official_id);
CREATE INDEX statement_by_organization ON statement (organization_id);
CREATE INDEX statement_by_agreement ON statement (agreement_id, date_earliest);
CREATE INDEX statement_by_follows ON statement (follows_id);

CREATE TABLE trade_figure (
    id TEXT PRIMARY KEY, -- slug
    indicator TEXT NOT NULL, -- trade_turnover, export_value, export_share, growth_rate, …
    ref_area_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- whose figure
    counterpart_area_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- with whom
    via_area_id TEXT REFERENCES place (id) DEFERRABLE INITIALLY DEFERRED, -- through where
    trade_flow TEXT, -- export, import, total; seen from ref_area
    commodity_id TEXT REFERENCES topic (id) DEFERRABLE INITIALLY DEFERRED, -- of what
    commodity_code TEXT, -- Harmonized System
    time_period TEXT, -- SDMX time period
    time_period_earliest TEXT, -- first day of it
    time_period_latest TEXT, -- last day of it
    time_period_text TEXT, -- where it is known in words only
    freq TEXT, -- SDMX CL_FREQ
    value TEXT, -- decimal, times 10 to the power of unit_mult
    value_number REAL, -- the same, to order by
    value_low TEXT, -- of a range, decimal
    value_low_number REAL, -- the same, to order by
    value_high TEXT, -- of a range, decimal
    value_high_number REAL, -- the same, to order by
    qualifier TEXT, -- exact, about, more_than, at_least, less_than, up_to, between
    value_text TEXT, -- as printed
    unit_measure TEXT, -- USD, PERCENT, YEARS, KM, …
    unit_mult INTEGER, -- power of ten
    currency TEXT, -- ISO 4217
    transformation TEXT, -- level, growth_rate, share, rank, cumulative
    base_period TEXT, -- what a rate or share is measured against
    obs_status TEXT, -- SDMX CL_OBS_STATUS
    obs_comment TEXT, -- own words
    created_at TEXT NOT NULL, -- RFC 3339, UTC
    updated_at TEXT NOT NULL, -- RFC 3339, UTC
    revision INTEGER NOT NULL, -- of this record
    source_ids TEXT NOT NULL, -- JSON array of the sources it cites
    json TEXT NOT NULL -- canonical text
) STRICT;

CREATE INDEX trade_figure_by_period ON trade_figure (time_period_earliest, id);
CREATE INDEX trade_figure_by_indicator ON trade_figure (indicator, ref_area_id, counterpart_area_id);
CREATE INDEX trade_figure_by_commodity ON trade_figure (commodity_id);
