-- What a person leaves on a message. It is theirs alone: who shares the conversation does not see it.
create table chat.mark (
    mark_id uuid primary key,
    message_id uuid not null references chat.message on delete cascade,
    owner_id uuid not null,
    kind text not null check (kind in ('reaction', 'rating', 'highlight', 'note', 'bookmark')),
    -- The emoji of a reaction, up or down of a rating, the colour of a highlight.
    value text,
    -- Why an answer was rated so.
    reason text,
    -- The words of a note, or those that go with a rating.
    words text not null default '',
    -- UTF-16 range of the message's text; null for the whole message.
    range_start integer,
    range_end integer,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    check ((range_start is null) = (range_end is null) and (range_start is null or (range_start >= 0 and range_end > range_start))),
    check (kind <> 'highlight' or range_start is not null)
);
create unique index mark_reaction_key on chat.mark (message_id, owner_id, value) where kind = 'reaction';
create unique index mark_single_key on chat.mark (message_id, owner_id, kind) where kind in ('rating', 'bookmark');
create index mark_message on chat.mark (message_id, owner_id);
create index mark_kept on chat.mark (owner_id, created_at desc, mark_id desc) where kind in ('highlight', 'note', 'bookmark');

alter table chat.mark enable row level security;
create policy own_rows on chat.mark to jeantrail_person using (owner_id = kernel.person());
