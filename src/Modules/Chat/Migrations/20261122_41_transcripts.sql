-- What is said in a recording is written down into `extracted`, like the text of any file. Null is no recording; 'none' is one that nobody writes down.
alter table chat.attachment
    add transcript text check (transcript in ('none', 'pending', 'done', 'failed')),
    -- Why it is none or failed.
    add transcript_code text,
    -- Who wrote it down.
    add transcript_model text,
    -- The job that is at it.
    add transcript_job uuid;
update chat.attachment set transcript = case when extracted is null then 'none' else 'done' end where media_type like 'audio/%';
create index attachment_transcripts on chat.attachment (attachment_id) where transcript = 'pending';

-- As before, and of a recording how far its words are, with their beginning.
create or replace function chat.message_parts(message uuid) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(
        p.payload || jsonb_build_object('ordinal', p.ordinal, 'kind', p.kind, 'at', p.at)
            || case when a.attachment_id is null then '{}'::jsonb else jsonb_build_object('attachment', jsonb_build_object(
                'id', a.attachment_id, 'name', a.name, 'mediaType', a.media_type, 'sizeBytes', a.size_bytes,
                'width', a.width, 'height', a.height, 'hasThumbnail', a.thumbnail_blob is not null,
                'transcript', case when a.transcript is not null then jsonb_build_object(
                    'state', a.transcript, 'code', a.transcript_code, 'text', left(a.extracted, 600), 'length', coalesce(a.extracted_length, 0)) end)) end
        order by p.ordinal), '[]'::jsonb)
    from chat.message_part p left join chat.attachment a on a.attachment_id = p.attachment_id
    where p.message_id = message
$$;
