-- Finding conversations by title, tag and what they are about. A table of its own: a turn touches its conversation twice and changes none of this.
create table chat.conversation_words (
    conversation_id uuid primary key references chat.conversation on delete cascade,
    owner_id uuid not null,
    -- What the conversation is about, most telling first, as stems.
    terms text[] not null default '{}',
    -- Words of the title, tags with # and terms with ~ before them, each behind its owner.
    words tsvector not null
);
create index conversation_words_words on chat.conversation_words using gin (words) with (fastupdate = off);

-- A text without case and accents, so that "hoi an" finds "Hội An".
create function chat.plain(value text) returns text language sql immutable parallel safe as $$
    select translate(regexp_replace(normalize(lower(value), nfd), '[\u0300-\u036f\u0640\u064b-\u065f]', '', 'g'),
        U&'\0111\0671\0649\0629', U&'d\0627\064A\0647')
$$;

create function chat.words_of(owner uuid, title text, tags text[], terms text[]) returns tsvector language sql immutable parallel safe as $$
    select array_to_tsvector(array(
        select distinct owner::text || '/' || left(word, 80) from (
            select regexp_split_to_table(chat.plain(title), '[^[:alnum:]]+') as word
            union all select '#' || lower(tag) from unnest(tags) tag
            union all select '~' || term from unnest(terms) term) each
        where word <> ''))
$$;

-- All words of a title begun, and the tag; null asks for nothing.
create function chat.words_query(owner uuid, title text, tag text) returns tsquery language sql immutable parallel safe as $$
    select string_agg(each.lexeme, ' & ')::tsquery from (
        select '''' || owner::text || '/' || word || ''':*' as lexeme from regexp_split_to_table(chat.plain(title), '[^[:alnum:]]+') word where word <> ''
        union all select '''' || owner::text || '/#' || replace(replace(lower(tag), '\', '\\'), '''', '''''') || '''' where tag is not null) each
$$;

create function chat.note_conversation_words() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    insert into chat.conversation_words as known (conversation_id, owner_id, words)
    values (new.conversation_id, new.owner_id, chat.words_of(new.owner_id, new.title, new.tags, '{}'))
    on conflict (conversation_id) do update set words = chat.words_of(new.owner_id, new.title, new.tags, known.terms);
    return null;
end
$$;
create trigger note_words_new after insert on chat.conversation for each row execute function chat.note_conversation_words();
create trigger note_words after update of title, tags on chat.conversation for each row
    when (old.title <> new.title or old.tags <> new.tags) execute function chat.note_conversation_words();

insert into chat.conversation_words (conversation_id, owner_id, words)
select conversation_id, owner_id, chat.words_of(owner_id, title, tags, '{}') from chat.conversation;

alter table chat.conversation
    -- Who chose the tags; what the person chose is never replaced.
    add tags_source text not null default 'auto' check (tags_source in ('auto', 'manual'));

alter table chat.conversation_words enable row level security;
create policy own_rows on chat.conversation_words to jeantrail_person using (owner_id = kernel.person());
