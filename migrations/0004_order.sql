-- Orders: an index for each field that lists are ordered and narrowed by, so that a page is a walk
-- over an index, and for each reference, so that nothing that is looked for by it is scanned.
--
-- Every index of a resource ends with its id, which makes the order total; one of dates also has
-- the last day, so that a filter by days need not look at the rows. Long texts, addresses and
-- digests have none: lists by them are sorted when they are asked for.

DROP INDEX source_by_published_on;
DROP INDEX topic_by_name;
DROP INDEX topic_by_broader;
DROP INDEX place_by_name;
DROP INDEX place_by_parent;
DROP INDEX organization_by_name;
DROP INDEX organization_by_parent;
DROP INDEX organization_by_place;
DROP INDEX post_by_label;
DROP INDEX post_by_organization;
DROP INDEX post_by_place;
DROP INDEX official_by_name;
DROP INDEX meeting_by_start_date;
DROP INDEX meeting_by_name;
DROP INDEX meeting_by_place;
DROP INDEX meeting_by_parent;
DROP INDEX meeting_by_mechanism;
DROP INDEX agreement_by_name;
DROP INDEX agreement_by_status_date;
DROP INDEX statement_by_date;
DROP INDEX statement_by_meeting;
DROP INDEX statement_by_official;
DROP INDEX statement_by_organization;
DROP INDEX statement_by_agreement;
DROP INDEX statement_by_follows;
DROP INDEX trade_figure_by_period;
DROP INDEX trade_figure_by_indicator;
DROP INDEX trade_figure_by_commodity;

CREATE INDEX source_by_title ON source (title, id);
CREATE INDEX source_by_classification ON source (classification, id);
CREATE INDEX source_by_publisher ON source (publisher, id);
CREATE INDEX source_by_author ON source (author, id);
CREATE INDEX source_by_translator ON source (translator, id);
CREATE INDEX source_by_lang ON source (lang, id);
CREATE INDEX source_by_published_on ON source (published_on_earliest, id, published_on_latest);
CREATE INDEX source_by_retrieved_at ON source (retrieved_at, id);
CREATE INDEX source_by_wire_of ON source (wire_of, id);
CREATE INDEX source_by_license ON source (license, id);
CREATE INDEX source_by_created_at ON source (created_at, id);
CREATE INDEX source_by_updated_at ON source (updated_at, id);
CREATE INDEX source_by_revision ON source (revision, id);

CREATE INDEX topic_by_name ON topic (name, id);
CREATE INDEX topic_by_classification ON topic (classification, id);
CREATE INDEX topic_by_broader_id ON topic (broader_id, id);
CREATE INDEX topic_by_created_at ON topic (created_at, id);
CREATE INDEX topic_by_updated_at ON topic (updated_at, id);
CREATE INDEX topic_by_revision ON topic (revision, id);

CREATE INDEX place_by_name ON place (name, id);
CREATE INDEX place_by_classification ON place (classification, id);
CREATE INDEX place_by_country ON place (country, id);
CREATE INDEX place_by_parent_id ON place (parent_id, id);
CREATE INDEX place_by_latitude ON place (latitude_number, id);
CREATE INDEX place_by_longitude ON place (longitude_number, id);
CREATE INDEX place_by_start_date ON place (start_date_earliest, id, start_date_latest);
CREATE INDEX place_by_end_date ON place (end_date_earliest, id, end_date_latest);
CREATE INDEX place_by_succeeded_by_id ON place (succeeded_by_id, id);
CREATE INDEX place_by_created_at ON place (created_at, id);
CREATE INDEX place_by_updated_at ON place (updated_at, id);
CREATE INDEX place_by_revision ON place (revision, id);

CREATE INDEX organization_by_name ON organization (name, id);
CREATE INDEX organization_by_classification ON organization (classification, id);
CREATE INDEX organization_by_country ON organization (country, id);
CREATE INDEX organization_by_parent_id ON organization (parent_id, id);
CREATE INDEX organization_by_place_id ON organization (place_id, id);
CREATE INDEX organization_by_created_at ON organization (created_at, id);
CREATE INDEX organization_by_updated_at ON organization (updated_at, id);
CREATE INDEX organization_by_revision ON organization (revision, id);

CREATE INDEX post_by_label ON post (label, id);
CREATE INDEX post_by_role ON post (role, id);
CREATE INDEX post_by_organization_id ON post (organization_id, id);
CREATE INDEX post_by_place_id ON post (place_id, id);
CREATE INDEX post_by_created_at ON post (created_at, id);
CREATE INDEX post_by_updated_at ON post (updated_at, id);
CREATE INDEX post_by_revision ON post (revision, id);

CREATE INDEX official_by_name ON official (name, id);
CREATE INDEX official_by_sort_name ON official (sort_name, id);
CREATE INDEX official_by_country ON official (country, id);
CREATE INDEX official_by_honorific_prefix ON official (honorific_prefix, id);
CREATE INDEX official_by_birth_date ON official (birth_date_earliest, id, birth_date_latest);
CREATE INDEX official_by_death_date ON official (death_date_earliest, id, death_date_latest);
CREATE INDEX official_by_created_at ON official (created_at, id);
CREATE INDEX official_by_updated_at ON official (updated_at, id);
CREATE INDEX official_by_revision ON official (revision, id);

CREATE INDEX meeting_by_name ON meeting (name, id);
CREATE INDEX meeting_by_classification ON meeting (classification, id);
CREATE INDEX meeting_by_status ON meeting (status, id);
CREATE INDEX meeting_by_start_date ON meeting (start_date_earliest, id, start_date_latest);
CREATE INDEX meeting_by_end_date ON meeting (end_date_earliest, id, end_date_latest);
CREATE INDEX meeting_by_place_id ON meeting (place_id, id);
CREATE INDEX meeting_by_parent_id ON meeting (parent_id, id);
CREATE INDEX meeting_by_mechanism_id ON meeting (mechanism_id, id);
CREATE INDEX meeting_by_session_number ON meeting (session_number, id);
CREATE INDEX meeting_by_created_at ON meeting (created_at, id);
CREATE INDEX meeting_by_updated_at ON meeting (updated_at, id);
CREATE INDEX meeting_by_revision ON meeting (revision, id);

CREATE INDEX agreement_by_name ON agreement (name, id);
CREATE INDEX agreement_by_classification ON agreement (classification, id);
CREATE INDEX agreement_by_status ON agreement (status, id);
CREATE INDEX agreement_by_status_date ON agreement (status_date_earliest, id, status_date_latest);
CREATE INDEX agreement_by_start_date ON agreement (start_date_earliest, id, start_date_latest);
CREATE INDEX agreement_by_end_date ON agreement (end_date_earliest, id, end_date_latest);
CREATE INDEX agreement_by_frequency ON agreement (frequency, id);
CREATE INDEX agreement_by_amount ON agreement (amount_number, id);
CREATE INDEX agreement_by_currency ON agreement (currency, id);
CREATE INDEX agreement_by_created_at ON agreement (created_at, id);
CREATE INDEX agreement_by_updated_at ON agreement (updated_at, id);
CREATE INDEX agreement_by_revision ON agreement (revision, id);

CREATE INDEX statement_by_meeting_id ON statement (meeting_id, id);
CREATE INDEX statement_by_date ON statement (date_earliest, id, date_latest);
CREATE INDEX statement_by_official_id ON statement (official_id, id);
CREATE INDEX statement_by_organization_id ON statement (organization_id, id);
CREATE INDEX statement_by_side ON statement (side, id);
CREATE INDEX statement_by_act ON statement (act, id);
CREATE INDEX statement_by_agreement_id ON statement (agreement_id, id);
CREATE INDEX statement_by_follows_id ON statement (follows_id, id);
CREATE INDEX statement_by_created_at ON statement (created_at, id);
CREATE INDEX statement_by_updated_at ON statement (updated_at, id);
CREATE INDEX statement_by_revision ON statement (revision, id);

CREATE INDEX trade_figure_by_indicator ON trade_figure (indicator, id);
CREATE INDEX trade_figure_by_ref_area_id ON trade_figure (ref_area_id, id);
CREATE INDEX trade_figure_by_counterpart_area_id ON trade_figure (counterpart_area_id, id);
CREATE INDEX trade_figure_by_via_area_id ON trade_figure (via_area_id, id);
CREATE INDEX trade_figure_by_trade_flow ON trade_figure (trade_flow, id);
CREATE INDEX trade_figure_by_commodity_id ON trade_figure (commodity_id, id);
CREATE INDEX trade_figure_by_commodity_code ON trade_figure (commodity_code, id);
CREATE INDEX trade_figure_by_time_period ON trade_figure (time_period_earliest, id, time_period_latest);
CREATE INDEX trade_figure_by_time_period_text ON trade_figure (time_period_text, id);
CREATE INDEX trade_figure_by_freq ON trade_figure (freq, id);
CREATE INDEX trade_figure_by_value ON trade_figure (value_number, id);
CREATE INDEX trade_figure_by_value_low ON trade_figure (value_low_number, id);
CREATE INDEX trade_figure_by_value_high ON trade_figure (value_high_number, id);
CREATE INDEX trade_figure_by_qualifier ON trade_figure (qualifier, id);
CREATE INDEX trade_figure_by_value_text ON trade_figure (value_text, id);
CREATE INDEX trade_figure_by_unit_measure ON trade_figure (unit_measure, id);
CREATE INDEX trade_figure_by_unit_mult ON trade_figure (unit_mult, id);
CREATE INDEX trade_figure_by_currency ON trade_figure (currency, id);
CREATE INDEX trade_figure_by_transformation ON trade_figure (transformation, id);
CREATE INDEX trade_figure_by_base_period ON trade_figure (base_period, id);
CREATE INDEX trade_figure_by_obs_status ON trade_figure (obs_status, id);
CREATE INDEX trade_figure_by_created_at ON trade_figure (created_at, id);
CREATE INDEX trade_figure_by_updated_at ON trade_figure (updated_at, id);
CREATE INDEX trade_figure_by_revision ON trade_figure (revision, id);

-- Records that are gone, for whoever follows what changes.
CREATE INDEX record_by_end ON record (type, updated_at, id) WHERE state <> 'live';

-- The orders of views: of the timeline, and of series.
CREATE INDEX meeting_by_event ON meeting (start_date_earliest, 'meeting ' || id) WHERE start_date IS NOT NULL;
CREATE INDEX statement_by_event ON statement (date_earliest, 'statement ' || id) WHERE date IS NOT NULL;
CREATE INDEX status_change_by_event ON status_change (
    date_earliest, 'agreement ' || agreement_id || ' ' || position
) WHERE date IS NOT NULL;
CREATE INDEX trade_figure_by_event ON trade_figure (
    time_period_earliest, 'trade_figure ' || id
) WHERE time_period IS NOT NULL;
CREATE INDEX trade_figure_by_series ON trade_figure (
    indicator || '.' || COALESCE(ref_area_id, '') || '.' || COALESCE(counterpart_area_id, '') || '.'
        || COALESCE(commodity_id, '') || '.' || COALESCE(via_area_id, ''),
    time_period_earliest, id
);

-- The order in which figures are read when no other is asked for.
CREATE INDEX trade_figure_by_indicator_and_period ON trade_figure (indicator, time_period_earliest, id);

-- The references of parts; without these each new target would be looked for in all their rows.
CREATE INDEX party_by_place ON party (place_id, agreement_id);
CREATE INDEX party_by_organization ON party (organization_id, agreement_id);
CREATE INDEX party_by_side ON party (side, agreement_id);
CREATE INDEX status_change_by_meeting ON status_change (meeting_id, agreement_id);
CREATE INDEX status_change_by_source ON status_change (source_id);
CREATE INDEX participant_by_side ON participant (side, meeting_id);
CREATE INDEX participant_by_post ON participant (post_id, meeting_id);
CREATE INDEX participant_by_on_behalf_of ON participant (on_behalf_of_id);
CREATE INDEX attestation_by_source ON attestation (source_id);
