-- Finding messages. An owner's messages fill one segment after the other, in the order they came to rest; every word in the index stands
-- behind the number of its segment. So a search reads the newest segments first and stops when it has enough, however common its words are,
-- and nobody's words lie between somebody else's.
create table chat.search_segment (
    segment integer generated always as identity primary key,
    owner_id uuid not null,
    messages integer not null,
    oldest_at timestamptz not null,
    newest_at timestamptz not null
);
create index search_segment_owner on chat.search_segment (owner_id, newest_at desc);

create table chat.message_index (
    message_id uuid primary key references chat.message on delete cascade,
    owner_id uuid not null,
    conversation_id uuid not null,
    segment integer not null,
    created_at timestamptz not null,
    words tsvector not null
);
-- Without the list of pending entries, which each of a search's look-ups would read through.
create index message_index_words on chat.message_index using gin (words) with (fastupdate = off);
create index message_index_recent on chat.message_index (owner_id, created_at desc, message_id desc);
create index message_index_conversation on chat.message_index (conversation_id, segment);

-- What came to rest and is not in the index yet. Filled by triggers, so that whoever writes messages need not think of it.
create table chat.unindexed (
    message_id uuid primary key references chat.message on delete cascade
);

create function chat.note_new_messages() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into chat.unindexed select a.message_id from added a where a.status <> 'streaming' on conflict do nothing;
    return null;
end
$$;
create trigger note_new after insert on chat.message referencing new table as added for each statement execute function chat.note_new_messages();

create function chat.note_message() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into chat.unindexed values (new.message_id) on conflict do nothing;
    return null;
end
$$;
create trigger note_rest after update of text, status on chat.message for each row
    when (new.status <> 'streaming' and (old.status <> new.status or old.text <> new.text)) execute function chat.note_message();
create trigger note_part after insert on chat.message_part for each row execute function chat.note_message();

create function chat.note_extracted() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into chat.unindexed select p.message_id from chat.message_part p where p.attachment_id = new.attachment_id on conflict do nothing;
    return null;
end
$$;
create trigger note_extracted after update of extracted on chat.attachment for each row
    when (old.extracted is distinct from new.extracted) execute function chat.note_extracted();

insert into chat.unindexed select message_id from chat.message where status <> 'streaming';

alter table chat.search_segment enable row level security;
create policy own_rows on chat.search_segment to jeantrail_person using (owner_id = kernel.person());

alter table chat.message_index enable row level security;
create policy own_rows on chat.message_index to jeantrail_person using (owner_id = kernel.person());

alter table chat.unindexed enable row level security;
create policy own_rows on chat.unindexed to jeantrail_person using (
    exists (select from chat.message m join chat.conversation c on c.conversation_id = m.conversation_id
        where m.message_id = unindexed.message_id and c.owner_id = kernel.person()));
