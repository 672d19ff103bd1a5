-- A note says something about the answer that is not the model's: that it could not see a picture, say.
alter table chat.message_part drop constraint message_part_kind_check;
alter table chat.message_part add constraint message_part_kind_check check (kind in ('reasoning', 'tool', 'image', 'file', 'note'));

-- What happened to the parts of a running turn, in order, appended like its text and folded into the message when it ends: each change of a
-- part is a row with a body and step 0; what reasoning grew by between two changes are rows with text and step 1 + its offset.
create table chat.turn_part_log (
    turn_id uuid not null references chat.turn on delete cascade,
    change integer not null,
    step integer not null,
    text text not null default '',
    body jsonb,
    primary key (turn_id, change, step)
);

alter table chat.turn_part_log enable row level security;
create policy own_rows on chat.turn_part_log to jeantrail_person using (
    exists (select from chat.turn t where t.turn_id = turn_part_log.turn_id and t.owner_id = kernel.person()));

-- A message's parts as the wire has them, in order.
create function chat.message_parts(message uuid) returns jsonb language sql stable as $$
    select coalesce(jsonb_agg(
        p.payload || jsonb_build_object('ordinal', p.ordinal, 'kind', p.kind, 'at', p.at)
            || case when a.attachment_id is null then '{}'::jsonb else jsonb_build_object('attachment', jsonb_build_object(
                'id', a.attachment_id, 'name', a.name, 'mediaType', a.media_type, 'sizeBytes', a.size_bytes,
                'width', a.width, 'height', a.height, 'hasThumbnail', a.thumbnail_blob is not null)) end
        order by p.ordinal), '[]'::jsonb)
    from chat.message_part p left join chat.attachment a on a.attachment_id = p.attachment_id
    where p.message_id = message
$$;
