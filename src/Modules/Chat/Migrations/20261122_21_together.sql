-- Conversations of several people: whose it is stays as it was, others are members. One rule says who may what; everything asks it.

create type chat.role as enum ('view', 'edit', 'admin');

create table chat.member (
    conversation_id uuid not null references chat.conversation on delete cascade,
    user_id uuid not null,
    role chat.role not null,
    -- Who let them in; null when that person is gone.
    invited_by uuid,
    joined_at timestamptz not null,
    primary key (conversation_id, user_id)
);
create index member_user on chat.member (user_id, joined_at desc);

-- Lets one person in, who has the token. The token itself is known only to those it was given to.
create table chat.invitation (
    invitation_id uuid primary key,
    conversation_id uuid not null references chat.conversation on delete cascade,
    invited_by uuid not null,
    role chat.role not null,
    token_hash bytea not null constraint invitation_token_key unique,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index invitation_conversation on chat.invitation (conversation_id, created_at);
create index invitation_by on chat.invitation (invited_by);

-- Part of the name under which its live events are sent: who is let out stays behind under the old one.
alter table chat.conversation add live_version integer not null default 0;

-- Whether a person may do that in a conversation. Deleted ones are their owner's alone.
create function chat.may(c chat.conversation, person uuid, wanted chat.role) returns boolean language sql stable parallel safe
    as $$ select c.owner_id = person or (c.deleted_at is null and exists (
        select from chat.member m where m.conversation_id = c.conversation_id and m.user_id = person and m.role >= wanted)) $$;

-- What somebody is in a conversation: owner, or a role; null for strangers.
create function chat.role_of(c chat.conversation, person uuid) returns text language sql stable parallel safe
    as $$ select case when c.owner_id = person then 'owner'
        else (select m.role::text from chat.member m where m.conversation_id = c.conversation_id and m.user_id = person) end $$;

-- The second lock. Where the person whom a statement runs for is a member; read past the policies, which ask it.
create function chat.joined(lowest chat.role) returns setof uuid language sql stable security definer set search_path = pg_catalog
    as $$ select m.conversation_id from chat.member m where m.user_id = kernel.person() and m.role >= lowest $$;

-- Whether that person may do that in a conversation; what hangs on one follows it.
create function chat.may_here(conversation uuid, wanted chat.role) returns boolean language sql stable
    as $$ select exists (select from chat.conversation c where c.conversation_id = conversation
        and (c.owner_id = kernel.person() or conversation in (select chat.joined(wanted)))) $$;

drop policy own_rows on chat.conversation;
create policy read_rows on chat.conversation for select to jeantrail_person
    using (owner_id = kernel.person() or (deleted_at is null and conversation_id in (select chat.joined('view'))));
create policy insert_rows on chat.conversation for insert to jeantrail_person with check (owner_id = kernel.person());
create policy change_rows on chat.conversation for update to jeantrail_person
    using (owner_id = kernel.person() or conversation_id in (select chat.joined('edit')));
create policy delete_rows on chat.conversation for delete to jeantrail_person using (owner_id = kernel.person());

-- Whoever reads the conversation reads what is in it: the policy of the one is asked by the others.
drop policy own_rows on chat.message;
create policy read_rows on chat.message for select to jeantrail_person
    using (exists (select from chat.conversation c where c.conversation_id = message.conversation_id));
create policy insert_rows on chat.message for insert to jeantrail_person with check (chat.may_here(conversation_id, 'edit'));
create policy change_rows on chat.message for update to jeantrail_person using (chat.may_here(conversation_id, 'edit'));
create policy delete_rows on chat.message for delete to jeantrail_person using (chat.may_here(conversation_id, 'edit'));

drop policy own_rows on chat.message_part;
create policy read_rows on chat.message_part for select to jeantrail_person
    using (exists (select from chat.message m where m.message_id = message_part.message_id));
create policy insert_rows on chat.message_part for insert to jeantrail_person
    with check (exists (select from chat.message m where m.message_id = message_part.message_id and chat.may_here(m.conversation_id, 'edit')));

-- A turn is whose question it answers; that person pays for it.
create policy read_rows on chat.turn for select to jeantrail_person
    using (exists (select from chat.conversation c where c.conversation_id = turn.conversation_id));
drop policy own_rows on chat.turn_chunk;
create policy read_rows on chat.turn_chunk for select to jeantrail_person
    using (exists (select from chat.turn t where t.turn_id = turn_chunk.turn_id));
drop policy own_rows on chat.turn_part_log;
create policy read_rows on chat.turn_part_log for select to jeantrail_person
    using (exists (select from chat.turn t where t.turn_id = turn_part_log.turn_id));
drop policy own_rows on chat.context_summary;
create policy read_rows on chat.context_summary for select to jeantrail_person
    using (exists (select from chat.conversation c where c.conversation_id = context_summary.conversation_id));

create policy shared_rows on chat.attachment for select to jeantrail_person
    using (exists (select from chat.message_part p where p.attachment_id = attachment.attachment_id));
create policy shared_rows on chat.project for select to jeantrail_person
    using (exists (select from chat.conversation c where c.project_id = project.project_id));

alter table chat.member enable row level security;
create policy read_rows on chat.member for select to jeantrail_person
    using (user_id = kernel.person() or exists (select from chat.conversation c where c.conversation_id = member.conversation_id));
create policy change_rows on chat.member for update to jeantrail_person using (chat.may_here(conversation_id, 'admin'));
create policy delete_rows on chat.member for delete to jeantrail_person using (user_id = kernel.person() or chat.may_here(conversation_id, 'admin'));

-- Who is invited is let in by the server, which knows the token.
alter table chat.invitation enable row level security;
create policy own_rows on chat.invitation to jeantrail_person using (chat.may_here(conversation_id, 'admin'));

-- What was changed about a conversation, and by whom: null is Jean. Of messages nothing is lost anyway, each version stays in the tree.
create table chat.change (
    change_id uuid primary key default gen_random_uuid(),
    place bigint generated always as identity,
    conversation_id uuid not null references chat.conversation on delete cascade,
    by_id uuid,
    at timestamptz not null default now(),
    kind text not null check (kind in ('title', 'settings', 'pruned', 'joined', 'role', 'left')),
    before jsonb,
    after jsonb
);
create index change_conversation on chat.change (conversation_id, place desc);
create index change_by on chat.change (by_id);

alter table chat.change enable row level security;
create policy read_rows on chat.change for select to jeantrail_person
    using (exists (select from chat.conversation c where c.conversation_id = change.conversation_id));

-- Whom the statement runs for, also where it had to be run past the policies.
create function chat.actor() returns uuid language sql stable
    as $$ select coalesce(kernel.person(), nullif(current_setting('jeantrail.actor', true), '')::uuid) $$;

create function chat.note_change(conversation uuid, kind text, before jsonb, after jsonb) returns void language sql security definer set search_path = pg_catalog as $$
    insert into chat.change (conversation_id, by_id, kind, before, after) values (conversation, chat.actor(), kind, before, after);
    delete from chat.change c where c.conversation_id = conversation
        and c.place <= (select o.place from chat.change o where o.conversation_id = conversation order by o.place desc offset 500 limit 1)
$$;

create function chat.note_title() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform chat.note_change(new.conversation_id, 'title', jsonb_build_object('title', old.title), jsonb_build_object('title', new.title));
    return null;
end
$$;
-- Names that Jean finds by herself are no news.
create trigger note_title after update of title on chat.conversation for each row
    when (old.title <> new.title and old.title <> '' and new.title_source = 'manual') execute function chat.note_title();

create function chat.note_settings() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    perform chat.note_change(new.conversation_id, 'settings',
        jsonb_build_object('instructions', old.instructions, 'modelId', old.model_id, 'parameters', old.parameters),
        jsonb_build_object('instructions', new.instructions, 'modelId', new.model_id, 'parameters', new.parameters));
    return null;
end
$$;
create trigger note_settings after update of instructions, model_id, parameters on chat.conversation for each row
    when (old.instructions <> new.instructions or old.model_id is distinct from new.model_id or old.parameters <> new.parameters)
    execute function chat.note_settings();

create function chat.note_pruned() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if exists (select from chat.conversation c where c.conversation_id = new.pruned_from) then
        perform chat.note_change(new.pruned_from, 'pruned', null, jsonb_build_object('conversationId', new.conversation_id, 'title', new.title));
    end if;
    return null;
end
$$;
create trigger note_pruned after insert on chat.conversation for each row when (new.pruned_from is not null) execute function chat.note_pruned();

create function chat.note_member() returns trigger language plpgsql security definer set search_path = pg_catalog as $$
begin
    if tg_op = 'INSERT' then
        perform chat.note_change(new.conversation_id, 'joined', null, jsonb_build_object('userId', new.user_id, 'role', new.role));
        return null;
    end if;
    -- Goes with its conversation: nobody is left to tell.
    if not exists (select from chat.conversation c where c.conversation_id = old.conversation_id) then
        return null;
    end if;
    update chat.conversation set live_version = live_version + 1 where conversation_id = old.conversation_id;
    if tg_op = 'DELETE' then
        perform chat.note_change(old.conversation_id, 'left', jsonb_build_object('userId', old.user_id, 'role', old.role), null);
    else
        perform chat.note_change(old.conversation_id, 'role', jsonb_build_object('userId', old.user_id, 'role', old.role), jsonb_build_object('userId', new.user_id, 'role', new.role));
    end if;
    return null;
end
$$;
create trigger note_member after insert or delete or update of role on chat.member for each row execute function chat.note_member();

-- Texts that several people write at once: the question to come, and what a message is to say instead. What is kept are the updates of a
-- Yjs document, which clients merge; the server hands them on in one order and never reads them.
create table chat.draft_update (
    conversation_id uuid not null references chat.conversation on delete cascade,
    -- The id of the message, or of the conversation for the question to come.
    draft uuid not null,
    position bigint generated always as identity,
    -- Null when that person is gone: what they wrote is part of what the others wrote.
    by_id uuid,
    update bytea not null,
    primary key (conversation_id, draft, position)
);
create index draft_update_by on chat.draft_update (by_id);

alter table chat.draft_update enable row level security;
create policy read_rows on chat.draft_update for select to jeantrail_person
    using (exists (select from chat.conversation c where c.conversation_id = draft_update.conversation_id));
create policy insert_rows on chat.draft_update for insert to jeantrail_person with check (by_id = kernel.person() and chat.may_here(conversation_id, 'edit'));
create policy delete_rows on chat.draft_update for delete to jeantrail_person using (chat.may_here(conversation_id, 'edit'));

revoke execute on function chat.note_change(uuid, text, jsonb, jsonb) from public;

-- A file may hang on a message of somebody else's conversation: it goes with its owner, and the message stays.
alter table chat.message_part drop constraint message_part_attachment_id_fkey,
    add constraint message_part_attachment_id_fkey foreign key (attachment_id) references chat.attachment on delete cascade;
