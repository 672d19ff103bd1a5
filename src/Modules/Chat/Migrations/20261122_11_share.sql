-- A link that lets whoever has it read a conversation. The token itself is known only to those it was given to.
create table chat.share (
    share_id uuid primary key,
    conversation_id uuid not null references chat.conversation on delete cascade,
    owner_id uuid not null,
    token_hash bytea not null constraint share_token_key unique,
    -- Each level may what the one before it may.
    level text not null check (level in ('read', 'comment', 'copy')),
    -- The last message that is shown; null follows the branch the owner sees. It goes with the message: what is left must never show more.
    end_message_id uuid references chat.message on delete cascade,
    -- What that message held when the link was made, since an answer that broke off can grow: characters, and parts.
    end_length integer,
    end_parts integer,
    with_reasoning boolean not null,
    with_tools boolean not null,
    with_files boolean not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz,
    views bigint not null default 0,
    last_viewed_at timestamptz,
    check ((end_message_id is null) = (end_length is null) and (end_message_id is null) = (end_parts is null))
);
create index share_owner on chat.share (owner_id, created_at desc, share_id desc);
create index share_conversation on chat.share (conversation_id);
create index share_end on chat.share (end_message_id) where end_message_id is not null;

-- What people of this server said about a message, where a link let them.
create table chat.share_comment (
    comment_id uuid primary key,
    share_id uuid not null references chat.share on delete cascade,
    message_id uuid not null references chat.message on delete cascade,
    author_id uuid not null,
    -- As they were called when they wrote it.
    author_name text not null,
    text text not null,
    created_at timestamptz not null
);
create index share_comment_share on chat.share_comment (share_id, created_at);
create index share_comment_message on chat.share_comment (message_id);
create index share_comment_author on chat.share_comment (author_id);

alter table chat.share enable row level security;
create policy own_rows on chat.share to jeantrail_person using (owner_id = kernel.person());

-- Its author's, and that of whose conversation it is about.
alter table chat.share_comment enable row level security;
create policy own_rows on chat.share_comment to jeantrail_person using (author_id = kernel.person()
    or exists (select from chat.share s where s.share_id = share_comment.share_id and s.owner_id = kernel.person()));
